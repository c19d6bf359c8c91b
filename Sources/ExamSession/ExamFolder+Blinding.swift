public import CCSVIAnalysis
internal import Foundation

extension ExamFolder {
    /// Name of the log of unblindings.
    static let unblindingFileName = "unblinding.json"

    /// The unblindings of the exam, in order; empty while its result is withheld, and for an exam that never was blinded.
    public func unblindings() throws(ExamSessionError) -> [Unblinding] {
        guard FileManager.default.fileExists(atPath: file(Self.unblindingFileName)) else { return [] }
        return try read([Unblinding].self, from: Self.unblindingFileName)
    }

    /// Logs that the exam's result is opened: the log is written before anything is shown.
    public func log(_ unblinding: Unblinding) throws(ExamSessionError) {
        try write(try unblindings() + [unblinding], as: Self.unblindingFileName)
    }
}
