internal import Acquisition
internal import DopplerDSP
internal import Foundation
public import ProbeLink
internal import ProbeSimulator

extension Clause {
    /// A marker against the samples.
    static let marker = marker { $0 }

    /// The same clause with a reader that sees other events.
    public static func marker(reading: @escaping @Sendable (ProbeEvent) -> ProbeEvent?) -> Clause {
        Clause(name: "marker", heading: "IEC 61206 time axis", limit: "marker to sample: 1 ms") {
            (run) throws(QAError) in
            try MarkerTrials(run: run, reading: reading).outcome()
        }
    }
}

/// A button or foot switch is pressed at the moment when the signal steps up: the simulated probe sends the event and
/// the samples, the driver's decoder reads both from the wire, an acquisition records them into a file, and the file is
/// read back.
///
/// The distance of the marker from the step is measured there.
private struct MarkerTrials {
    let run: ClauseRun
    let reading: @Sendable (ProbeEvent) -> ProbeEvent?

    private static let recordings = 20
    private static let presses = 6
    private static let seconds = 3.0
    /// The transfers that are lost, and over how many USB packets they are spread.
    private static let lostPackets = 3
    private static let amongPackets: UInt64 = 150
    private static let gateDepthUm: UInt32 = 15_000
    private static let gateLengthUm: UInt32 = 3000
    private static let burstCycles: UInt8 = 4

    private struct Finding: Sendable {
        /// Distances of markers from their steps, ms.
        var errorsMs: [Double] = []
        /// Presses whose marker or step is not in the recording.
        var notFound = 0
        /// Presses whose step was lost on the way, so that nothing can be said.
        var lostSteps = 0
    }

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.recordings)
        let found = try Trials.run(count) { index throws(DSPError) in trial(index) }
        let errors = found.flatMap(\.errorsMs)
        return .measured(
            [
                .atMost(1, "worst distance", Spread.farthest(errors).map(abs), "ms"),
                .atMost(0, "markers or steps not found", Double(found.reduce(0) { $0 + $1.notFound })),
                .shown("presses", Double(errors.count)),
                .shown("steps that were lost on the way", Double(found.reduce(0) { $0 + $1.lostSteps })),
            ], scenes: count)
    }

    private func trial(_ index: Int) -> Finding {
        var draw = SceneDraw(seed: run.seed(60, index))
        let prfHz = draw.one(of: 4000.0, 2500.0, 6000.0, 8000.0)
        let slot = (Self.seconds - 0.4) / Double(Self.presses)
        let times = (0..<Self.presses).map { 0.2 + (Double($0) + draw.number(0.2...0.8)) * slot }
        var probe = SimulatedProbe(
            identity: DeviceIdentity(serialNumber: "SIM-marker"), source: SteppingSource(stepSeconds: times))
        probe.plan(
            times.map {
                let number = UInt8.random(in: 0...3, using: &draw)
                return SimulatedProbe.PlannedIncident(
                    nanosecondsAfterRun: UInt64(($0 * 1e9).rounded()),
                    draw.coin()
                        ? .button(number, isReleased: false) : .footSwitch(number, isReleased: false))
            })
        let faults = CableFaults.drawn(
            seed: draw.next(), count: draw.coin() ? Self.lostPackets : 0, amongPackets: Self.amongPackets,
            kinds: [.lost])
        guard let seen = recorded(FaultyDevice(probe, faults), prfHz: prfHz, index) else {
            return Finding(notFound: Self.presses)
        }
        return finding(times, seen)
    }

    private func finding(_ times: [Double], _ seen: MarkerReader) -> Finding {
        var finding = Finding()
        let markers = seen.events.compactMap(reading).map { Double($0.pulseIndex) / seen.prfHz }
        for time in times {
            let due = (time * seen.prfHz).rounded(.up)
            guard let step = seen.steps.min(by: { abs(Double($0) - due) < abs(Double($1) - due) }),
                abs(Double(step) - due) < 0.1 * seen.prfHz,
                let marker = markers.min(by: { abs($0 - time) < abs($1 - time) }), abs(marker - time) < 0.1
            else {
                finding.notFound += 1
                continue
            }
            guard seen.isWhole(before: step) else {
                finding.lostSteps += 1
                continue
            }
            finding.errorsMs.append((marker - Double(step) / seen.prfHz) * 1000)
        }
        return finding
    }

    /// Records a device's stream into a file and reads the file; `nil` when anything of that fails.
    private func recorded(_ device: FaultyDevice, prfHz: Double, _ index: Int) -> MarkerReader? {
        let name = "dopplerbridge-qa-marker-\(ProcessInfo.processInfo.globallyUniqueString)-\(index).dbrec"
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        defer { unlink(path) }
        do {
            let transport = InProcessTransport(device, pace: .accelerated)
            let probe = try ODPProbe.open(over: transport, specifier: "qa", profileID: nil)
            let settings = try probe.prepare(
                AcquisitionSettings(
                    centreFrequencyHz: UInt32(run.setups.jugular.scale.centreFrequencyHz),
                    prfMilliHz: UInt32((prfHz * 1000).rounded()), firstGateDepthUm: Self.gateDepthUm,
                    gateLengthUm: Self.gateLengthUm, burstCycles: Self.burstCycles, streams: .iq,
                    transmitLevelPerMille: 1000))
            let writer = try RecordingWriter.create(
                path: path,
                description: RecordingDescription(
                    software: "quality assurance", origin: probe.origin, settings: settings,
                    context: RecordingContext()))
            var unused = MarkerReader(prfHz: settings.prfHz)
            _ = try AcquisitionRun(
                source: probe, plannedPulses: UInt64(Self.seconds * settings.prfHz)
            ).run(recorder: writer, consumer: &unused, stop: StopSignal())
            var reader = MarkerReader(prfHz: settings.prfHz)
            _ = try ReplaySource(Recording(path: path)).run(into: &reader, until: StopSignal())
            return reader
        } catch {
            // What went wrong shows as markers that are not found.
            return nil
        }
    }
}

/// A signal that steps up or down at stated times: from one level to the other, without noise.
private struct SteppingSource: SignalSource {
    let stepSeconds: [Double]
    private var prfHz = 1.0
    private var gates = 1

    static let level: Int16 = 8000

    init(stepSeconds: [Double]) { self.stepSeconds = stepSeconds }

    mutating func begin(_ settings: DeviceSettings) {
        prfHz = max(settings.prfHz, 1)
        gates = Int(settings.gates)
    }

    mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]) {
        for offset in 0..<UInt64(max(0, count)) {
            let seconds = Double(firstPulse &+ offset) / prfHz
            let passed = stepSeconds.count { $0 <= seconds }
            for _ in 0..<gates { samples += [passed % 2 == 0 ? -Self.level : Self.level, 0] }
        }
    }

    mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) { (0, 0) }
}

/// Reads events, steps and gaps from frames.
private struct MarkerReader: FrameSink {
    let prfHz: Double
    private(set) var events: [ProbeEvent] = []
    /// Pulses that are the first on the other level.
    private(set) var steps: [UInt64] = []
    private var gapsBefore: Set<UInt64> = []
    private var next: UInt64 = 0
    private var isHigh: Bool?

    init(prfHz: Double) { self.prfHz = prfHz }

    /// Whether the pulse before a step arrived too, so that the step is where it seems to be.
    func isWhole(before pulse: UInt64) -> Bool { !gapsBefore.contains(pulse) }

    func hasRoom(forBytes count: Int) -> Bool { true }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        guard frame.kind == .iq, frame.format == .iqInt16, frame.items == 1 else { return }
        let bytesOfPair = 4
        for record in 0..<Int(frame.records) where payload.byteCount >= (record + 1) * bytesOfPair {
            let pulse = frame.pulseIndex &+ UInt64(record)
            if pulse != next { gapsBefore.insert(pulse) }
            next = pulse &+ 1
            let sample = payload.unsafeLoadUnaligned(fromByteOffset: record * bytesOfPair, as: Int16.self)
            let isHighNow = Int16(littleEndian: sample) > 0
            if let isHigh, isHigh != isHighNow { steps.append(pulse) }
            isHigh = isHighNow
        }
    }

    mutating func lost(_ loss: StreamLoss) {}

    mutating func event(_ event: ProbeEvent) { events.append(event) }
}
