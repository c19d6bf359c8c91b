import ArgumentParser
import Foundation

/// Bridges a Doppler ultrasound probe to the clinic.
struct DopplerBridge: AsyncParsableCommand {
    static let version = "0.1.0"
    static let software = "DopplerBridge \(version)"

    static let configuration = CommandConfiguration(
        commandName: "dopplerbridge",
        abstract: "Bridges a Doppler ultrasound probe to the clinic: from samples to a CCSVI and VHISS report.",
        discussion: """
            Sources for --probe: \(SourceSpecifier.help).

            Exit codes: 0 done; 1 done, but the exam is incomplete or a check failed; 2 usage; 3 device; 4 data; \
            5 storage.

            It measures and reports; it never diagnoses. Not a medical device: for research and training.
            """,
        version: software,
        subcommands: [
            Devices.self, Profiles.self, Simulate.self, Acquire.self, Analyse.self, Convert.self, Image.self,
            ExamVerb.self,
            Report.self, ConsoleVerb.self, StreamVerb.self,
            CohortVerb.self, ArchiveVerb.self, OutboxVerb.self, RecordVerb.self, ChannelTestVerb.self,
            QualityAssurance.self, Doctor.self,
        ])
}

/// Runs the command line and turns every failure into one line and its exit code.
@main
enum Program {
    static func main() async {
        // A full disk behind a size limit and a closed pipe are errors of a write, not ends of the program.
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        exit(await status())
    }

    private static func status() async -> Int32 {
        let console = Console()
        do {
            var command = try DopplerBridge.parseAsRoot(Simulate.spelledOut(Array(CommandLine.arguments.dropFirst())))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch let failure as Failure {
            if !failure.message.isEmpty { console.say("dopplerbridge: \(failure.message)") }
            return failure.status.rawValue
        } catch {
            guard DopplerBridge.exitCode(for: error) != .success else {
                console.result(DopplerBridge.fullMessage(for: error))
                return ExitStatus.done.rawValue
            }
            console.say(usageLine(DopplerBridge.fullMessage(for: error)))
            return ExitStatus.usage.rawValue
        }
    }

    /// The argument parser's message in the form of every other: what, and what to do, in one line.
    private static func usageLine(_ text: String) -> String {
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let what = lines.first.map { $0.hasPrefix("Error: ") ? String($0.dropFirst("Error: ".count)) : $0 } ?? text
        let help = lines.last { $0.hasPrefix("See '") }?.split(separator: "'").dropFirst().first
        return "dopplerbridge: \(what): see `\(help ?? "dopplerbridge --help")`"
    }
}
