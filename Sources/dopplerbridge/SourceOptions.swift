import Acquisition
import ArgumentParser
import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import ProbeProfiles
import ProbeSimulator
import USBProbeLink

/// Where the samples come from.
struct SourceOptions: ParsableArguments {
    @Option(help: "The source: \(SourceSpecifier.help).")
    var probe = "sim:healthy"

    @Option(help: "With `usb`: a device profile (YAML) beside those that are built in.")
    var profile: String?

    func validate() throws {
        guard profile != nil, probe != "usb", !probe.hasPrefix("usb:") else { return }
        throw ValidationError("--profile describes a probe on USB: give it with --probe usb, or leave it out")
    }

    /// The patient's side of an exam, with what a scenario states.
    func bedside(console: Console) throws -> (bedside: any Bedside, truth: ExpectedResult?) {
        switch try SourceSpecifier(probe) {
        case .simulated(let name, let seed, let isRealTime):
            let scenario = try Self.scenario(name)
            return (
                try SimulatedBedside(scenario, seed: seed ?? scenario.defaultSeed, isRealTime: isRealTime),
                ExpectedResult(scenario.expected)
            )
        case .usb(let serial):
            let opened = try USBComposition(profile: profile).open(serial: serial, specifier: probe)
            return (
                TerminalBedside(
                    origin: opened.source.origin, source: opened.source, correctsIQ: opened.correctsIQ,
                    console: console), nil
            )
        case .replay(let path):
            let recorded = try examination { () throws(ExamSessionError) in
                try RecordedBedside(ExamFolder(existing: path))
            }
            return (recorded, nil)
        case .wav(let path), .dwl(let path):
            throw Failure(
                .usage, "\(path): one recording is not an exam: use `analyse`, or enter its findings for `exam score`")
        }
    }

    /// A bundled scenario by its name, or one from a file.
    static func scenario(_ name: String) throws -> Scenario {
        do throws(ScenarioError) {
            return try name.hasSuffix(".yaml")
                ? ScenarioLibrary.scenario(atPath: name) : ScenarioLibrary.scenario(named: name)
        } catch {
            throw Failure(error)
        }
    }
}
