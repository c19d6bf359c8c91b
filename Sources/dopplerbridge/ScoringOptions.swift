import ArgumentParser
import CCSVIAnalysis
import ExamSession
import Foundation

/// Which rules an exam is scored by.
struct ScoringOptions: ParsableArguments {
    @Option(
        help: """
            The criteria definition: \(CriteriaDefinition.builtInIDs.joined(separator: ", ")), or a YAML file of the site; \
            with `exam score` also `all`.
            """)
    var definition = "zamboni-2009"

    @Option(help: "The VHISS table: the id of one that is built in, or a YAML file of the site.")
    var table = "segments-v1"

    @Option(
        name: .customLong("protocol"),
        help: """
            The exam protocol: \(ExamProtocol.builtInIDs.joined(separator: ", ")), or a YAML file of the site \
            (default: standard).
            """)
    var protocolName: String?

    /// The definition, loaded and checked.
    func loadedDefinition() throws -> CriteriaDefinition {
        if asksForAll {
            throw Failure(.usage, "--definition all: for `exam score` alone: name one definition here")
        }
        let builtIn = try loaded { () throws(AnalysisError) in try CriteriaDefinition.builtIn(definition) }
        if let builtIn { return builtIn }
        let text = try contents(
            of: definition, option: "--definition", known: CriteriaDefinition.builtInIDs.joined(separator: ", "))
        return try loaded { () throws(AnalysisError) in try .parseSite(text, file: definition) }
    }

    /// Whether every built-in definition is asked for, side by side.
    var asksForAll: Bool { definition == "all" }

    /// The definitions that are asked for: one, or all that are built in.
    func loadedDefinitions() throws -> [CriteriaDefinition] {
        guard asksForAll else { return [try loadedDefinition()] }
        return try loaded { () throws(AnalysisError) in try CriteriaDefinition.allBuiltIn() }
    }

    /// The table, loaded and checked.
    func loadedTable() throws -> VHISSTable {
        if table == "segments-v1" { return try loaded { () throws(AnalysisError) in try .segmentsV1() } }
        let text = try contents(of: table, option: "--table", known: "segments-v1")
        return try loaded { () throws(AnalysisError) in try .parse(text, file: table) }
    }

    /// The exam protocol, loaded and checked.
    func loadedProtocol() throws -> ProtocolFile { try ProtocolFile(named: protocolName ?? ProtocolFile.usualID) }

    /// The scorer by these rules.
    func scorer(_ examProtocol: ExamProtocol) throws -> CriteriaScorer {
        CriteriaScorer(definition: try loadedDefinition(), examProtocol: examProtocol, table: try loadedTable())
    }

    private func loaded<Value>(_ load: () throws(AnalysisError) -> Value) throws -> Value {
        do throws(AnalysisError) { return try load() } catch { throw Failure(.data, error.description) }
    }

    private func contents(of file: String, option: String, known: String) throws -> String {
        guard FileManager.default.fileExists(atPath: file) else {
            throw Failure(.usage, "\(option) \(file): neither built in (\(known)) nor a file: check the name")
        }
        return try readText(file)
    }
}

/// The longest text that is read, bytes (project choice: a thousand times the longest definition).
private let longestTextBytes = 16 << 20

/// Reads a text file, with the error in words.
func readText(_ path: String) throws -> String {
    guard let file = FileHandle(forReadingAtPath: path) else {
        let reason = String(cString: strerror(errno))
        throw Failure(.storage, "\(path): cannot read (\(reason)): check the name and the permissions")
    }
    let bytes: Data
    do {
        bytes = try file.read(upToCount: longestTextBytes + 1) ?? Data()
    } catch {
        throw Failure(.storage, "\(path): cannot read (it is a folder, or the disk fails): give the name of a file")
    }
    guard bytes.count <= longestTextBytes, let text = String(bytes: bytes, encoding: .utf8) else {
        throw Failure(.data, "\(path): not a UTF-8 text of at most \(longestTextBytes) bytes: give another file")
    }
    return text
}
