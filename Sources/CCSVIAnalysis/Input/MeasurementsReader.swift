public import Foundation

/// Reads `ExamMeasurements` from JSON, strictly: unknown keys and wrong types are refused with their place.
///
/// The published form is `Schemas/exam-measurements.schema.json`. Only this file uses Foundation's JSON.
public enum MeasurementsReader {
    /// The format's name and version, which a file may give in `schema`.
    public static let schemaID = "dopplerbridge-exam-measurements-1"
    /// The largest file that is read, bytes (project choice: a hundred times a full exam).
    public static let maximumBytes = 4_194_304

    /// The JSON Schema of measurements, as text.
    public static var jsonSchema: String {
        String(decoding: PackageResources.exam_measurements_schema_json, as: UTF8.self)
    }

    /// The JSON Schema of `exam.json`, as text.
    public static var examJSONSchema: String {
        String(decoding: PackageResources.exam_schema_json, as: UTF8.self)
    }

    /// Reads measurements and checks that they do not contradict themselves.
    ///
    /// - Throws: `measurementsNotReadable` or `measurementsContradictory` with everything that was found.
    public static func read(_ json: Data) throws(AnalysisError) -> ExamMeasurements {
        let log = JSONLog()
        let measurements = ExamMeasurements(try node(json), log)
        guard log.problems.isEmpty else { throw .measurementsNotReadable(log.problems) }
        let problems = measurements.problems()
        guard problems.isEmpty else { throw .measurementsContradictory(problems) }
        return measurements
    }

    private static func node(_ json: Data) throws(AnalysisError) -> JSONNode {
        func problem(_ what: String, _ remedy: String) -> AnalysisError {
            .measurementsNotReadable([MeasurementProblem(path: "(file)", what: what, remedy: remedy)])
        }
        guard json.count <= maximumBytes else {
            throw problem("longer than \(maximumBytes) bytes", "give the measurements of one exam")
        }
        do {
            return try JSONDecoder().decode(JSONNode.self, from: json)
        } catch DecodingError.dataCorrupted(let context) {
            let cause = context.underlyingError.map { "\($0)" } ?? context.debugDescription
            throw problem("not valid JSON: \(cause)", "correct the file")
        } catch {
            throw problem("not valid JSON: \(error)", "correct the file")
        }
    }
}

extension JSONNode: Decodable {
    init(from decoder: any Decoder) throws {
        // Sound: a value that is no object is tried as a list and then as a scalar, which throws what is wrong.
        if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
            var fields: [String: JSONNode] = [:]
            for key in keyed.allKeys { fields[key.stringValue] = try keyed.decode(JSONNode.self, forKey: key) }
            self = .object(fields)
            return
        }
        // Sound: as above.
        if var list = try? decoder.unkeyedContainer() {
            var items: [JSONNode] = []
            while !list.isAtEnd { items.append(try list.decode(JSONNode.self)) }
            self = .list(items)
            return
        }
        self = try Self.scalar(decoder.singleValueContainer())
    }

    private static func scalar(_ value: any SingleValueDecodingContainer) throws -> JSONNode {
        if value.decodeNil() { return .null }
        // Sound: a scalar that is no flag and no text must be a number, and that decoding throws.
        if let flag = try? value.decode(Bool.self) { return .flag(flag) }
        // Sound: as above.
        if let text = try? value.decode(String.self) { return .text(text) }
        return .number(try value.decode(Double.self))
    }

    /// A key of any name.
    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
