import Acquisition
import DopplerDSP
import ProbeLink

/// How old the newest sample is when it can be heard and seen: from the simulated probe through USB, decoder, ring and
/// Doppler chain to the memory that sound and screen take it from.
struct LatencyTrial {
    struct Outcome: Codable {
        /// Filtered I/Q of one gate: every sample.
        var sound = Histogram()
        /// A column of one gate with its envelope, by its newest sample.
        var picture = Histogram()
        /// A column of 128 gates, by its newest sample.
        var map = Histogram()
        /// How late this machine itself lets a thread go on that wakes every millisecond, meanwhile.
        var machine = Histogram()
        var lostPulses: UInt64 = 0
        /// Pulses that neither came nor were told to be lost.
        var untoldPulses: UInt64 = 0
    }

    static let prfHz: UInt32 = 5_000
    static let manyGates: UInt16 = 128
    /// Pulses of a packet: 4 ms, so that a probe does not keep samples back (the wire allows 20 ms).
    static let pulsesPerPacket = 20

    static func run(seconds: Int) throws -> Outcome {
        let witness = PauseWitness()
        let one = try stream(gates: 1, seconds: seconds)
        let many = try stream(gates: manyGates, seconds: seconds)
        let planned = 2 * UInt64(seconds) * UInt64(prfHz)
        let lost = one.lostPulses + many.lostPulses
        return Outcome(
            sound: one.sound, picture: one.picture, map: many.picture, machine: witness.finish(), lostPulses: lost,
            untoldPulses: planned - min(planned, one.pulses + many.pulses + lost))
    }

    private static func stream(gates: UInt16, seconds: Int) throws -> LatencySink {
        let headerBytes = 32.0
        let bytesAPulse = 4 * Double(gates) + headerBytes / Double(pulsesPerPacket)
        let device = PatternDevice(
            .init(bytesPerSecond: bytesAPulse * Double(prfHz), longestWaitNs: 1_000_000, mostPulses: pulsesPerPacket))
        let rig = try ReportRig(device)
        return try withExtendedLifetime(rig) {
            let probe = try ReportProbe.open()
            _ = try probe.prepare(ReportProbe.settings(gates: gates, prfHz: prfHz))
            var sink = try LatencySink(device, gates: Int(gates))
            let end = try AcquisitionRun(source: probe, plannedPulses: UInt64(seconds) * UInt64(prfHz)).run(
                recorder: nil, consumer: &sink, stop: StopSignal())
            if let failure = end.failure { throw ReportRig.StartFailure(description: failure.description) }
            return sink
        }
    }
}

/// Filters and analyses what comes, and notes how old it is then.
private struct LatencySink: FrameSink {
    var sound = Histogram()
    var picture = Histogram()
    var pulses: UInt64 = 0
    var lostPulses: UInt64 = 0
    private let device: PatternDevice
    private var filter: WallFilter
    private var analyser: SpectralAnalyser?
    private var map: SpectralMap?
    private var columns: SpectralMap.Columns?
    private var newestColumn: UInt64?
    private var room: [Float] = []

    init(_ device: PatternDevice, gates: Int) throws {
        self.device = device
        let settings = SpectralSettings(
            prfHz: Double(LatencyTrial.prfHz), gates: gates, fftLength: 256, hopPulses: 64, wallFilterCutoffHz: 100)
        filter = try WallFilter(cutoffHz: 100, prfHz: settings.prfHz, gates: gates)
        analyser = gates == 1 ? try SpectralAnalyser(settings) : nil
        map = gates == 1 ? nil : try SpectralMap(settings)
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        pulses += UInt64(frame.records)
        let values = payload.byteCount / 2
        room.removeAll(keepingCapacity: true)
        for place in 0..<values {
            room.append(
                Float(Int16(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: 2 * place, as: Int16.self))))
        }
        do throws(DSPError) {
            try filter.process(&room)
            let heardNs = Clock.nanoseconds()
            for pulse in 0..<UInt64(frame.records) {
                sound.add(heardNs - device.madeNs(pulse: frame.pulseIndex + pulse))
            }
            try look(frame, payload)
        } catch {
            // Neither seen nor told to be lost: a chain that fails is no loss on the way.
            pulses -= UInt64(frame.records)
        }
    }

    private mutating func look(_ frame: FrameHeader, _ payload: RawSpan) throws(DSPError) {
        try analyser?.process(
            payload, format: .int16, pulses: Int(frame.records), firstPulse: frame.pulseIndex, flags: .transmitting)
        try map?.process(payload, format: .int16, pulses: Int(frame.records), firstPulse: frame.pulseIndex)
        var last: UInt64?
        if var analyser {
            last = analyser.takeColumns().last?.columns.last?.firstPulse
            last = analyser.undecidedColumns().last?.columns.last?.firstPulse ?? last
            self.analyser = analyser
        }
        map?.takeColumns(into: &columns)
        last = columns?.firstPulses.last ?? last
        guard let last, last != newestColumn else { return }
        newestColumn = last
        picture.add(Clock.nanoseconds() - device.madeNs(pulse: last + 255))
    }

    mutating func lost(_ loss: StreamLoss) { lostPulses += loss.pulses }
    mutating func event(_ event: ProbeEvent) {}
    func hasRoom(forBytes count: Int) -> Bool { true }
}
