import Acquisition
import CCSVIAnalysis
import ExamSession
import Foundation

/// An exam protocol with the file that it was read from.
struct ProtocolFile {
    /// The protocol that is followed unless another is asked for.
    static let usualID = "standard"

    /// The protocol.
    let examProtocol: ExamProtocol
    /// The file's text.
    let text: String
    /// SHA-256 of the file where it is a site's own; `nil` for a protocol that is built in.
    let sha256: String?

    /// A built-in protocol by its id, or a site's own file.
    init(named name: String) throws {
        if let text = ExamProtocol.builtInText(name) {
            try self.init(text, path: nil, name: "Protocols/\(name).yaml")
            return
        }
        guard FileManager.default.fileExists(atPath: name) else {
            let known = ExamProtocol.builtInIDs.joined(separator: ", ")
            throw Failure(.usage, "--protocol \(name): neither built in (\(known)) nor a file: check the name")
        }
        try self.init(try readText(name), path: name, name: name)
    }

    /// The protocol that stands in an exam's folder; the usual one in a folder of a version that kept none.
    init(of folder: ExamFolder) throws {
        guard folder.holds(ExamFolder.protocolFileName) else {
            try self.init(named: Self.usualID)
            return
        }
        let path = folder.file(ExamFolder.protocolFileName)
        try self.init(try readText(path), path: path, name: path)
    }

    private init(_ text: String, path: String?, name: String) throws {
        self.text = text
        do throws(AnalysisError) {
            examProtocol = try path == nil ? .parse(text, file: name) : .parseSite(text, file: name)
        } catch {
            throw Failure(.data, error.description)
        }
        guard let path, ExamProtocol.builtInText(examProtocol.reference.id) != text else {
            sha256 = nil
            return
        }
        do throws(RecordingError) { sha256 = try RecordingFingerprint.sha256(ofFile: path) } catch {
            throw Failure(error)
        }
    }
}
