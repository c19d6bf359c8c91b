import CohortRows
import Foundation

/// Puts the rows of all parts together: each exam once, in the order of the ids, whatever the parts and their order.
///
/// Only ids and places are kept in memory; the lines are read again from their files.
struct RowMerge {
    /// Where an exam's row stands.
    private struct Entry {
        var file: Int
        var line: Int
        var span: LineFile.Span
        var isFailed: Bool
    }

    private var files: [LineFile] = []
    private var entries: [String: Entry] = [:]
    /// Lines at the ends of files that were not whole.
    private(set) var torn: [String] = []
    /// Rows that stood there twice, or that gave way to a result.
    private(set) var repeated = 0
    /// The algorithms' versions, with the exams that were analysed by them.
    private(set) var algorithms: [String: Int] = [:]

    /// Exams of the table.
    var count: Int { entries.count }
    /// Exams that could not be analysed.
    var failedCount: Int { entries.values.count(where: \.isFailed) }

    /// Adds the rows of a file.
    ///
    /// - Throws: `Failure` where a line is no row, or an exam has two results.
    mutating func add(_ path: String) throws {
        let file = try LineFile(path)
        files.append(file)
        let index = files.count - 1
        let whole = try file.lines { line, number, span in
            let row = try cohortRow(line, RowPlace(file: path, line: number))
            let entry = Entry(file: index, line: number, span: span, isFailed: row.analysis == .failed)
            try add(row, entry)
        }
        var facts = stat()
        if stat(path, &facts) == 0, facts.st_size > whole { torn.append(path) }
    }

    private mutating func add(_ row: CohortRow, _ entry: Entry) throws {
        guard let other = entries[row.examID] else {
            entries[row.examID] = entry
            algorithms[row.algorithms, default: 0] += 1
            return
        }
        repeated += 1
        let first = try self.row(other)
        guard first != row else { return }
        switch (other.isFailed, entry.isFailed) {
        case (true, false):
            entries[row.examID] = entry
            algorithms[first.algorithms, default: 1] -= 1
            algorithms[row.algorithms, default: 0] += 1
        case (false, true): return
        case (true, true):
            // Neither says anything of the exam: the same one stays, whichever came first.
            if row.line < first.line { entries[row.examID] = entry }
        case (false, false):
            throw Failure(
                CohortRowError.conflict(
                    examID: row.examID, first: place(other), second: place(entry),
                    differences: first.differences(from: row)))
        }
    }

    private func place(_ entry: Entry) -> RowPlace { RowPlace(file: files[entry.file].path, line: entry.line) }

    private func row(_ entry: Entry) throws -> CohortRow {
        try cohortRow(try files[entry.file].line(entry.span), place(entry))
    }

    /// Writes the table into a folder: JSON lines, CSV and the data dictionary, each whole or not at all.
    func write(into folder: String) throws {
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw Failure(.storage, "\(folder): cannot be made (\(error.localizedDescription)): give another --output")
        }
        let json = try TableFile(folder + "/exams.jsonl")
        let csv = try TableFile(folder + "/exams.csv")
        try csv.add(MergedTable.csvHeader)
        // The ids are ASCII: their order is that of their bytes.
        for id in entries.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            guard let entry = entries[id] else { continue }
            let row = try row(entry)
            try json.add(row.line)
            try csv.add(row.csvLine)
        }
        let dictionary = try TableFile(folder + "/dictionary.csv")
        try dictionary.add(MergedTable.dictionaryCSV)
        for file in [json, csv, dictionary] { try file.finish() }
    }
}

/// A file of the table: it has its name only when all of it is there.
private final class TableFile {
    private let path: String
    private let draft: String
    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private static let pieceBytes = 1 << 20

    init(_ path: String) throws {
        self.path = path
        draft = path + ".new"
        descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(errno) }
    }

    deinit { close(descriptor) }

    func add(_ text: String) throws {
        waiting += Array(text.utf8)
        if waiting.count >= Self.pieceBytes { try flush() }
    }

    func finish() throws {
        try flush()
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw failure(errno) }
    }

    private func flush() throws {
        var written = 0
        while written < waiting.count {
            let count = waiting[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(count < 0 ? errno : ENOSPC) }
            written += count
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private func failure(_ number: Int32) -> Failure {
        Failure(
            .storage, "\(path): cannot be written (\(String(cString: strerror(number)))): give another --output")
    }
}
