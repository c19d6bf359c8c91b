import ArgumentParser
import ExamArchive
import Foundation
import RecordDocuments

/// Notes what the clinic asked for.
struct RecordOrderVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "Note what the clinic asked for with an exam, before it is signed.",
        discussion: """
            The order is one item's `order` of `record worklist --json`. It is kept sealed, and stands in every document \
            of the exam.
            """)

    @Argument(help: "The archive's folder.")
    var folder: String

    @Argument(help: "The exam's id.")
    var id: String

    @Option(help: "The file with the order, or - for standard input.")
    var from: String

    @OptionGroup var secret: IdentitySecretOptions
    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        if from == "-" && secret.passphraseFile == "-" {
            throw Failure(.usage, "--from - with --passphrase-file -: only one can come from standard input")
        }
        let text = from == "-" ? try IdentitySecretOptions.standardInput() : try readText(from)
        let order: RecordOrder
        do { order = try JSONDecoder().decode(RecordOrder.self, from: Data(text.utf8)) } catch {
            throw Failure(.data, "\(from): not an order: give one item's `order` of `record worklist --json`")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let bytes = [UInt8](try encoder.encode(order))
        let key = try secret.secret()
        let archive = try Archive.opened(for: options, folder)
        try archiving { () throws(ArchiveError) in
            try archive.setOrder(bytes, of: id, secret: key, act: options.act)
        }
        Console().result("Noted, sealed: the order of exam \(id)")
    }
}
