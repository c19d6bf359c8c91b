import Acquisition
import ArgumentParser
import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import ProbeProfiles
import ProbeSimulator
import USBCapture

/// Where the samples come from.
struct SourceOptions: ParsableArguments {
    @Option(
        name: .customLong("probe"),
        help: "The source: \(SourceSpecifier.help) (default: sim:healthy; with `console` sim:ccsvi?pace=real).")
    var namedProbe: String?

    /// The word that picks the source.
    var probe: String {
        get { namedProbe ?? "sim:healthy" }
        set { namedProbe = newValue }
    }

    @Option(help: "With `usb`: the id of a profile, or a profile's file (YAML) beside those that are built in.")
    var profile: String?

    @Option(help: "With `usb`: how long to wait for a probe that is not attached, seconds.")
    var waitForProbe: Double?

    @Option(help: "With `usb`: write the USB session into this pcapng file.")
    var capture: String?

    @Option(
        name: .customLong("f0-hz"),
        help:
            "Centre frequency of the Doppler, Hz, where the source cannot tell: a WAV, SigMF, NPZ, HDF5 or text file, or a sound interface."
    )
    var centreFrequencyHz: Double?

    /// How long an exam waits for a probe that was unplugged, unless told otherwise, seconds (project choice: the
    /// patient is still there).
    private static let usualReturnSeconds = 300.0
    /// The longest wait that can be asked for, seconds: a day.
    private static let longestWaitSeconds = 86_400.0
    /// Ultrasound, Hz (the loader's range for profiles).
    private static let centreFrequenciesHz = 500_000.0...30_000_000.0

    func validate() throws {
        if let centreFrequencyHz, !Self.centreFrequenciesHz.contains(centreFrequencyHz) {
            throw ValidationError("--f0-hz must be 500000 to 30000000")
        }
        if let waitForProbe, !(0...Self.longestWaitSeconds).contains(waitForProbe) {
            throw ValidationError("--wait-for-probe must be 0 to 86400")
        }
        if probe == "usb" || probe.hasPrefix("usb:") { return }
        let onlyUSB = [
            ("profile", profile != nil), ("wait-for-probe", waitForProbe != nil), ("capture", capture != nil),
        ]
        if let (name, _) = onlyUSB.first(where: { $0.1 }) {
            throw ValidationError("--\(name) belongs to a probe on USB: give it with --probe usb, or leave it out")
        }
    }

    /// The patient's side of an exam, with what a scenario states.
    ///
    /// - Parameters:
    ///   - findings: what the protocol asks the operator for.
    ///   - asks: whether an operator is asked at a simulated patient too.
    func bedside(
        stop: StopSignal, console: Console, findings: [AskedFinding], asks: Bool
    ) throws -> (bedside: any Bedside, truth: ExpectedResult?, capture: SessionCapture?) {
        switch try SourceSpecifier(probe) {
        case .simulated(let simulation):
            let scenario = try Self.scenario(simulation.scenario)
            let bedside = try SimulatedBedside(scenario, simulation, statedCentreFrequencyHz: statedFrequency)
            guard asks else { return (bedside, ExpectedResult(scenario), nil) }
            let terminal = TerminalBedside(
                bedside, console: console, findings: findings, restClock: simulation.isRealTime ? .wall : .simulated,
                stop: stop)
            return (terminal, nil, nil)
        case .usb(let serial):
            let probe = try USBBedsideProbe(
                USBComposition(profile: profile), wish(serial), stop: stop, console: console,
                returnSeconds: waitForProbe ?? Self.usualReturnSeconds)
            let terminal = TerminalBedside(
                probe, console: console, findings: findings, restClock: .wall, stop: stop)
            return (terminal, nil, probe.capture)
        case .replay(let path):
            let recorded = try examination { () throws(ExamSessionError) in
                try RecordedBedside(ExamFolder(existing: path))
            }
            return (recorded, nil, nil)
        case .wav(let path), .sigmf(let path), .npz(let path), .hdf5(let path), .iqText(let path), .dwl(let path),
            .capture(let path, _):
            throw Failure(
                .usage, "\(path): one recording is not an exam: use `analyse`, or enter its findings for `exam score`")
        }
    }

    /// What is wanted of a probe on USB.
    func wish(_ serial: String?) throws -> USBComposition.Wish {
        USBComposition.Wish(
            serial: serial, specifier: probe, statedCentreFrequencyHz: statedFrequency,
            waitSeconds: waitForProbe ?? 0, capture: try capture.map { try SessionCapture(path: $0) })
    }

    /// What the user says of the Doppler, Hz; 0 = nothing.
    var statedFrequency: UInt32 { UInt32((centreFrequencyHz ?? 0).rounded()) }

    /// A captured session's probe, opened by its profile.
    func replay(ofCapture path: String, profileID: String) throws -> (source: any FrameSource, profile: DeviceProfile) {
        let reader: PcapngReader
        do throws(CaptureError) { reader = try PcapngReader(path: path) } catch {
            if case .notReadable = error { throw Failure(.storage, error.description) }
            throw Failure(.data, error.description)
        }
        let profile: DeviceProfile
        do throws(ProfileError) { profile = try ProfileLibrary(naming: profileID).profile(profileID) } catch {
            throw Failure(.usage, error.description)
        }
        do throws(SourceError) {
            let source = try profile.openSource(
                over: CaptureTransport(reader), specifier: probe, statedCentreFrequencyHz: statedFrequency)
            return (source, profile)
        } catch {
            throw Failure(.data, "\(path): \(error.description)")
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
