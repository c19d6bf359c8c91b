internal import Crypto
internal import Foundation

extension Archive {
    /// The longest document that is read into memory, bytes (project choice: a report has about one megabyte).
    private static let longestDocument: Int64 = 256 << 20

    /// The bytes of one of an exam's files, checked against the SHA-256 that it was archived with.
    ///
    /// - Parameter name: `exam.json` or `report.pdf`; recordings are read from `folder(of:)`.
    /// - Throws: `damaged` where the file is not the one that was archived, `notAnExam` where the exam has none.
    public func document(_ name: String, of exam: ArchivedExam) throws(ArchiveError) -> [UInt8] {
        let path = folder(of: exam) + "/" + name
        guard let file = try files(of: exam).first(where: { $0.name == name }) else {
            throw .notAnExam(path: path, reason: "exam \(exam.examID) has no \(name)")
        }
        let bytes = try Disk.contents(path, atMost: Self.longestDocument)
        guard Int64(bytes.count) == file.byteCount, Data(SHA256.hash(data: bytes)).hexadecimal == file.sha256 else {
            throw .damaged(path: path, reason: "its SHA-256 is not the one that was archived")
        }
        return [UInt8](bytes)
    }

    /// Tells in the audit log that exams go to a registry, before they do; whoever may copy exams out may do that.
    public func tellRegistryExport(of exams: Int, act: ArchiveAct) throws(ArchiveError) {
        let act = try permitted(.export, act)
        try change { db in
            try AuditLog.append(.registryExported, act: act, details: "\(exams) exams without identity", in: db)
        }
    }
}
