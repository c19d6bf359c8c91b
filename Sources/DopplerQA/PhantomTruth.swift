public import Foundation

/// What the operator enters of a string or flow phantom: the truth that its recording is measured against.
public struct PhantomTruth: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-phantom-truth-1"
    /// Longest truth file that is read, bytes (project choice).
    public static let mostBytes = 65_536
    /// Velocities that are believed, cm/s (project choice: wider than any phantom's).
    private static let velocityRange = 0.01...2000.0

    /// What moved.
    public enum Phantom: String, Sendable, Hashable, Codable, CaseIterable {
        /// A moving string: one velocity, which is mean and maximum.
        case string
        /// Steady flow of blood-mimicking fluid.
        case flow
    }

    /// `dopplerbridge-phantom-truth-1`.
    public var schema: String
    /// What moved.
    public var phantom: Phantom
    /// Where it moved, seen from the transducer.
    public var direction: Direction
    /// Mean velocity in the gate, cm/s, above 0.
    public var meanCmPerS: Double
    /// Maximum velocity in the gate, cm/s, the mean or above; `nil` = not known, or the mean of a string.
    public var maximumCmPerS: Double?
    /// What is known of the phantom itself, such as its serial number; printed with the results.
    public var remark: String?

    /// Where something moves, seen from the transducer.
    public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
        case towards, away
    }

    /// A truth from its fields.
    public init(
        phantom: Phantom, direction: Direction, meanCmPerS: Double, maximumCmPerS: Double? = nil, remark: String? = nil
    ) {
        schema = Self.schemaID
        self.phantom = phantom
        self.direction = direction
        self.meanCmPerS = meanCmPerS
        self.maximumCmPerS = maximumCmPerS
        self.remark = remark
    }

    /// Reads a truth file.
    ///
    /// - Throws: `QAError.truth` for bytes that are no truth file or figures that cannot be.
    public init(json: Data) throws(QAError) {
        guard json.count <= Self.mostBytes else { throw .truth("it is longer than \(Self.mostBytes) bytes") }
        do { self = try JSONDecoder().decode(PhantomTruth.self, from: json) } catch {
            throw .truth(
                "it must be JSON with schema, phantom (string or flow), direction (towards or away) and meanCmPerS "
                    + "(\(error))")
        }
        guard schema == Self.schemaID else { throw .truth("its schema is \(schema), not \(Self.schemaID)") }
        guard Self.velocityRange.contains(meanCmPerS) else {
            throw .truth("meanCmPerS is \(meanCmPerS), outside \(Self.velocityRange)")
        }
        if let maximumCmPerS {
            guard maximumCmPerS >= meanCmPerS, Self.velocityRange.contains(maximumCmPerS) else {
                throw .truth("maximumCmPerS is \(maximumCmPerS), below the mean or outside \(Self.velocityRange)")
            }
            guard phantom == .flow || maximumCmPerS == meanCmPerS else {
                throw .truth("a string has one velocity: maximumCmPerS must be meanCmPerS or left out")
            }
        }
    }

    /// 1 towards the transducer, -1 away from it.
    var sign: Double { direction == .towards ? 1 : -1 }
    /// Maximum velocity, where it is known.
    var knownMaximumCmPerS: Double? { maximumCmPerS ?? (phantom == .string ? meanCmPerS : nil) }
}
