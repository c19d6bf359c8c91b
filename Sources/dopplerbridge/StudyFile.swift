import FollowUp
import Foundation

/// The file of a reading study.
struct StudyFile {
    let path: String

    /// The study, checked.
    func read() throws -> ReadingStudy {
        let text = try readText(path)
        do { return try JSONDecoder().decode(ReadingStudy.self, from: Data(text.utf8)) } catch let error
            as FollowUpError
        {
            throw Failure(.data, "\(path): \(error.description)")
        } catch {
            throw Failure(.data, "\(path): not a reading study: give a file of `cohort reading create`")
        }
    }

    /// Writes the study whole or not at all.
    func write(_ study: ReadingStudy) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try Self.write(try encoder.encode(study), to: path)
    }

    /// Writes a file whole or not at all.
    static func write(_ bytes: Data, to path: String) throws {
        do { try bytes.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw Failure(.storage, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }
}
