import ArgumentParser
import Foundation
import ProbeSimulator

/// Everything about simulated patients.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List and check simulated patients, print what is true of them, offer the probe to a kernel.",
        subcommands: [
            List.self, Truth.self, SimulateCheck.self, SimulateSpeed.self, SimulateUSBIP.self, SimulateGadget.self,
        ])

    /// The command line with `simulate --usbip` spelt out as `simulate usbip`.
    static func spelledOut(_ arguments: [String]) -> [String] {
        guard arguments.first == "simulate", let index = arguments.firstIndex(of: "--usbip") else { return arguments }
        var spelled = arguments
        spelled.remove(at: index)
        spelled.insert("usbip", at: 1)
        return spelled
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the bundled scenarios.")

        @Flag(help: "Print one JSON document.")
        var json = false

        /// One scenario.
        struct Row: Encodable {
            var name: String
            var summary: String
            var seed: UInt64
            var verdict: String
        }

        func run() throws {
            let console = Console()
            let rows = try ScenarioLibrary.names.map { name in
                let scenario = try SourceOptions.scenario(name)
                return Row(
                    name: name, summary: scenario.summary, seed: scenario.defaultSeed,
                    verdict: scenario.expected.verdict.rawValue)
            }
            guard !json else { return try console.json(rows) }
            for row in rows {
                console.result("\(row.name.padding(to: 26)) \(row.verdict.padding(to: 14)) \(row.summary)")
            }
        }
    }

    struct Truth: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what is true of a simulated patient, as one JSON document.")

        @Argument(help: "The scenario's name, or a YAML file.")
        var scenario: String

        @Option(help: "The seed; the scenario's own when not given.")
        var seed: UInt64?

        @Option(help: "Length of each recording, seconds.")
        var seconds = 20.0

        @Option(help: "Counted from 1 when a site is recorded again.")
        var take = 1

        @Flag(help: "For recordings in which the patient is asked to strain (Valsalva).")
        var valsalva = false

        @Option(help: "Print the lumen in each B-mode frame at this site instead, such as ijv.left.j1.supine.")
        var picture: String?

        @Option(name: .customLong("b-mode-frames-per-second"), help: "Pictures a second, 1 to 200.")
        var framesPerSecond = 25.0

        func run() throws {
            guard seconds > 0, seconds <= 3600, take >= 1, (1...200).contains(framesPerSecond) else {
                throw Failure(
                    .usage,
                    "simulate truth: --seconds must be above 0 and up to 3600, --take 1 or more, "
                        + "--b-mode-frames-per-second 1 to 200")
            }
            let patient = SimulatedPatient(try SourceOptions.scenario(scenario), seed: seed)
            let breathing: SimulatedPatient.Breathing = valsalva ? .valsalva : .quiet
            guard let picture else {
                return try Console().json(patient.truth(recordingSeconds: seconds, take: take, breathing: breathing))
            }
            let truth: PictureTruth
            do throws(ScenarioError) {
                truth = try patient.pictureTruth(
                    atSite: picture, take: take, breathing: breathing, seconds: seconds,
                    framesPerSecond: framesPerSecond)
            } catch {
                throw Failure(.usage, "--picture: \(error.description)")
            }
            try Console().json(truth)
        }
    }
}
