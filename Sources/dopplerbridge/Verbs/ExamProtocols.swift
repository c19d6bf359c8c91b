import ArgumentParser
import CCSVIAnalysis

/// Lists the exam protocols, or shows one.
struct ExamProtocols: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocols", abstract: "List the exam protocols, or show one; a site's file is checked.")

    @Argument(help: "The id of a protocol, or a YAML file; every built-in one when none is given.")
    var name: String?

    @Flag(help: "Print the protocol's file, for a site to begin its own from it.")
    var yaml = false

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        if yaml, json { throw ValidationError("--yaml and --json exclude each other") }
        if yaml, name == nil { throw ValidationError("--yaml needs the id of a protocol") }
    }

    func run() throws {
        let console = Console()
        guard let name else {
            let all = try ExamProtocol.builtInIDs.map { ProtocolDocument(try ProtocolFile(named: $0)) }
            guard !json else { return try console.json(all) }
            for one in all { console.result(one.line) }
            return
        }
        let file = try ProtocolFile(named: name)
        if yaml { return console.result(file.text.hasSuffix("\n") ? String(file.text.dropLast()) : file.text) }
        let document = ProtocolDocument(file)
        guard !json else { return try console.json(document) }
        console.result(document.text)
    }
}
