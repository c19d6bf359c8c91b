import ArgumentParser
import Foundation

/// Makes one table of the rows of all parts.
struct CohortMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make one table of the rows that `exam reanalyse --rows` wrote.",
        discussion: """
            Writes exams.jsonl, exams.csv and dictionary.csv, which says what each column is. The same exams give the \
            same bytes, whatever the parts and their order. A row that stands there twice counts once; an exam with two \
            different results is an error that names both places. An exam that failed gives way to a result of it.

            Parquet is one line of DuckDB: duckdb -c "COPY (FROM 'FOLDER/exams.jsonl') TO 'exams.parquet'"
            """)

    @Argument(help: "Files of rows, and folders that hold them (*.jsonl).")
    var rows: [String]

    @Option(help: "The folder for the table.")
    var output: String

    @Flag(help: "Print one JSON document.")
    var json = false

    /// What `--json` prints.
    struct Document: Encodable {
        var schema = "dopplerbridge-cohort-merge-1"
        var exams: Int
        var failed: Int
        var repeatedRows: Int
        var tornFiles: [String]
        var algorithms: [String: Int]
    }

    func run() throws {
        let console = Console()
        var merge = RowMerge()
        for path in try files() { try merge.add(path) }
        try merge.write(into: output)
        let algorithms = merge.algorithms.filter { $0.value > 0 }
        for path in merge.torn {
            console.say("\(path): its last line is not whole and left out: run that part again, and merge again")
        }
        if algorithms.count > 1 {
            console.say("The exams were analysed by \(algorithms.count) sets of algorithms: the column `algorithms`")
        }
        if json {
            try console.json(
                Document(
                    exams: merge.count, failed: merge.failedCount, repeatedRows: merge.repeated,
                    tornFiles: merge.torn, algorithms: algorithms))
        } else {
            let repeated = merge.repeated > 0 ? ", \(merge.repeated) rows stood there twice" : ""
            console.result(
                "\(merge.count) exams, \(merge.failedCount) of them failed\(repeated): \(output)/exams.jsonl, "
                    + "exams.csv and dictionary.csv")
        }
        if !merge.torn.isEmpty || merge.failedCount > 0 { throw Failure(.incomplete, "") }
    }

    /// The files of rows, each once.
    private func files() throws -> [String] {
        var all: [String] = []
        for path in rows {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
                all.append(path)
                continue
            }
            let names: [String]
            do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
                throw Failure(.storage, "\(path): cannot be listed (\(error.localizedDescription)): check the folder")
            }
            let found = names.filter { $0.hasSuffix(".jsonl") }.sorted()
            guard !found.isEmpty else {
                throw Failure(.data, "\(path): holds no file of rows (*.jsonl): give the folder of --rows")
            }
            all += found.map { path + "/" + $0 }
        }
        var known: Set<String> = []
        return all.filter { known.insert($0).inserted }
    }
}
