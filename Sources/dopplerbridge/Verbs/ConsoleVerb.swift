import ArgumentParser
import ClinicRecord
import ExamArchive
import Foundation
import LocalServer
import WebConsole

/// Runs the technician's console: a page in the browser, served on this computer alone.
struct ConsoleVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Make exams in the browser: the technician's console.",
        discussion: """
            It serves one page to browsers on this computer, and ends with Ctrl-C: a recording that is being made is \
            closed, the exam written and the archive closed, in this order. Its last line is a link that lets one browser \
            in, once, within five minutes; at a terminal Enter makes another one.

            Without --archive it keeps exams in an archive of the user's own, which it makes at its first start with a key \
            for the names beside it. With --settings documents of signed exams are sent, and the worklist is asked.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var rules: ScoringOptions

    @Option(help: "The archive's folder; without it the user's own archive.")
    var archive: String?

    @Option(help: "The settings' file of the clinic's record: destinations and worklist.")
    var settings: String?

    @Option(help: "A key file for the names: 32 bytes or more, mode 0600.")
    var keyFile: String?

    @Option(help: "A file whose first line is the passphrase for the names, or - for standard input.")
    var passphraseFile: String?

    @Option(help: "Who acts in an archive without accounts. Without it the name of the user on this computer.")
    var by: String?

    @Option(help: "The port; 0 takes any that is free.")
    var port: UInt16 = 0

    @Option(help: "The address that is listened on; any but this computer's own needs a certificate and accounts.")
    var host = "127.0.0.1"

    @Option(name: .customLong("name"), help: "A name by which other computers reach it; may be given several times.")
    var names: [String] = []

    @Option(help: "The server's certificate with those up to its root, PEM.")
    var certificate: String?

    @Option(help: "The certificate's key, PEM, mode 0600.")
    var certificateKey: String?

    @Option(help: "Gates of a live scan, as many of them as fit between the skin and the echo's last moment; 1 to 512.")
    var liveGates = ExamOpening.usualLiveGates

    @Flag(help: "Open the page in this computer's browser.")
    var open = false

    @Option(help: "The page's language: en, de, it or pl; without it that of the environment.")
    var language: String?

    /// The languages that the page speaks.
    static let languages = ["en", "de", "it", "pl"]

    func validate() throws {
        if let language, !Self.languages.contains(language) {
            throw ValidationError("--language must be \(Self.languages.joined(separator: ", "))")
        }
        if (certificate == nil) != (certificateKey == nil) {
            throw ValidationError("--certificate goes with --certificate-key")
        }
        if isForOthers, certificate == nil {
            throw ValidationError("--host \(host): other computers reach it by TLS alone: give --certificate")
        }
        if !(1...512).contains(liveGates) { throw ValidationError("--live-gates must be 1 to 512") }
        if keyFile != nil, passphraseFile != nil {
            throw ValidationError("--key-file with --passphrase-file: give one of them")
        }
    }

    /// Where the server listens.
    var serverSettings: ServerSettings {
        let encryption = certificate.flatMap { certificate in
            certificateKey.map { ServerEncryption(certificatePath: certificate, keyPath: $0) }
        }
        return ServerSettings(host: host, port: port, names: names, encryption: encryption)
    }

    /// Whether browsers of other computers may reach it.
    var isForOthers: Bool { !["127.0.0.1", "::1", "localhost"].contains(host) }

    /// The source that a console has unless told otherwise: a simulated patient in real time.
    static let usualProbe = "sim:ccsvi?pace=real"

    func run() async throws {
        let console = Console()
        let interrupt = StopOnSignal()
        let service = try ConsoleService(console)
        let running = try await RunningConsole(self, stop: interrupt.stop, console: console)
        console.result("The console runs at \(running.origin)\(isForOthers ? "." : ", for browsers on this computer.")")
        if let path = service.linkPath {
            console.result("A link stands in \(path), and another one every four minutes.")
        } else {
            let link = try running.makeLink()
            console.result("Open this: \(link)")
            if open { Self.openBrowser(link, console) }
            if isatty(STDIN_FILENO) == 1 { running.offerLinks(console) }
        }
        service.ready(running)
        await running.wait(interrupt.stop, service)
        service.stopping()
        console.say("Ending: the exam is closed, then the archive.")
        await running.shutDown()
    }

    /// Who acts in an archive without accounts.
    var actorName: String { by ?? NSUserName() }

    /// What opens the names; `nil` where nothing was given.
    func secret() throws -> IdentitySecret? {
        guard keyFile != nil || passphraseFile != nil else { return nil }
        var given = IdentitySecretOptions()
        given.keyFile = keyFile
        given.passphraseFile = passphraseFile
        return try given.secret()
    }

    /// The language that the environment asks for, where the page speaks it.
    var chosenLanguage: String {
        if let language { return language }
        let environment = ProcessInfo.processInfo.environment
        let locale = environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? ""
        return Self.languages.first { locale.hasPrefix($0 + "_") } ?? Self.languages[0]
    }

    /// Opens a link in the user's browser.
    private static func openBrowser(_ link: String, _ console: Console) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["xdg-open", link]
        do { try process.run() } catch {
            console.say("The browser cannot be opened (\(error.localizedDescription)): open the link above yourself.")
        }
    }
}
