internal import DopplerDSP
public import ProbeLink
internal import Synchronization

/// The three streams of the Lab Streaming Layer: `DopplerIQ`, `DopplerEnvelope` and `Markers`.
///
/// They are there before the first sample, so that a client that is there in time gets everything.
/// Each sample carries its own stamp, made of its pulse index, and the index itself: so a client sees exactly what it
/// missed, here or in liblsl's buffers.
public final class LSLOutlets: StreamOutlet {
    /// What liblsl keeps for a client that reads too slowly, seconds, and the most bytes of it (project choices).
    private static let mostBufferedSeconds = 60.0
    private static let mostBufferedBytes = 64.0 * 1024 * 1024
    /// liblsl's own cost of a sample in its buffers beside its values, bytes (read from `sample.h` of liblsl 1.16).
    private static let bytesOfSample = 64.0
    /// Irregular streams: so many hundreds of samples (project choice: 100,000).
    private static let mostBufferedHundreds: Int32 = 1000
    /// Indices in 32-bit floating-point numbers are told modulo this: all below are exact (IEEE 754, 24 bits).
    public static let indexModulus: UInt64 = 1 << 24

    /// What was handed to the library.
    public struct Counts: Sendable, Hashable, Codable {
        /// Samples of `DopplerIQ`.
        public var samples: UInt64 = 0
        /// Samples of `DopplerEnvelope`.
        public var columns: UInt64 = 0
        /// Samples of `Markers`.
        public var markers: UInt64 = 0
        /// Whether anybody has read a stream so far.
        public var wasRead = false
        /// Streams that the library refused.
        public var refused: UInt64 = 0
        /// Samples of all streams that the library did not take.
        public var notTaken: UInt64 = 0
    }

    private struct State: Sendable {
        var samples: LSLOutlet?
        var columns: LSLOutlet?
        var markers: LSLOutlet?
        var facts: StreamRunFacts?
        var counts = Counts()
        var values: [Float] = []
        var stamps: [Double] = []
    }

    private let library: LSLLibrary
    private let state = Mutex(State())

    /// Streams that begin with the first run; `Markers` is there at once.
    ///
    /// - Parameter isPlayedAgain: whether the source is a recording: a client of the probe must not take it for the probe.
    public init(_ library: LSLLibrary, origin: SourceOrigin, isPlayedAgain: Bool) throws(LSLError) {
        self.library = library
        let markers = try LSLOutlet(
            LSLOutlet.Description(
                name: "Markers", type: "Markers", channels: [("marker", "")], rateHz: 0, format: .string,
                sourceID: Self.sourceID("Markers", origin, isPlayedAgain), facts: Self.facts(of: origin, isPlayedAgain),
                mostBuffered: Self.mostBufferedHundreds), library)
        state.withLock { $0.markers = markers }
    }

    /// What was handed on so far.
    public var counts: Counts { state.withLock { $0.counts } }

    /// Whether each of the streams is read by somebody now.
    public var areAllRead: Bool {
        state.withLock { state in
            [state.samples, state.columns, state.markers].allSatisfy { $0?.isRead ?? false }
        }
    }

    /// Whether anybody reads any of the streams now.
    public var isAnyRead: Bool {
        state.withLock { state in
            [state.samples, state.columns, state.markers].contains { $0?.isRead ?? false }
        }
    }

    /// Ends all streams; what a client has not taken yet is lost to it.
    public func end() {
        state.withLock { state in
            state.samples = nil
            state.columns = nil
            state.markers = nil
        }
    }

    /// Takes a piece.
    public func publish(_ piece: StreamPiece) {
        state.withLock { state in
            switch piece {
            case .prepared(let facts): open(facts, &state)
            case .begin: break
            case .samples(let block): push(block, &state)
            case .columns(let block): push(block, &state)
            case .marker(let marker):
                let isTaken = state.markers?.push(marker.text, stamp: marker.seconds) ?? false
                state.counts.add(1, to: \.markers, isTaken: isTaken)
            }
        }
    }

    /// Looks whether anybody reads.
    public func tell(_ counters: StreamCounters) {
        state.withLock { state in
            let outlets = [state.samples, state.columns, state.markers]
            if outlets.contains(where: { $0?.isRead ?? false }) { state.counts.wasRead = true }
        }
    }

    // MARK: Streams

    /// Opens the streams of a run, unless those of the run before are the same.
    private func open(_ facts: StreamRunFacts, _ state: inout State) {
        let before = state.facts
        state.facts = facts
        if let before, state.samples != nil, before.settings == facts.settings, before.look == facts.look { return }
        do throws(LSLError) {
            state.samples = nil
            state.columns = nil
            state.samples = try LSLOutlet(Self.samples(facts), library)
            state.columns = try LSLOutlet(Self.columns(facts), library)
        } catch {
            state.counts.refused &+= 1
        }
    }

    private static func samples(_ facts: StreamRunFacts) -> LSLOutlet.Description {
        let gates = Int(facts.settings.gates)
        let pairs = (0..<gates).flatMap { [(label: "gate\($0) I", unit: "counts"), ("gate\($0) Q", "counts")] }
        let bytesPerSecond = facts.settings.prfHz * (bytesOfSample + Double(8 * gates + 4))
        let seconds = min(mostBufferedSeconds, max(1, mostBufferedBytes / bytesPerSecond))
        return LSLOutlet.Description(
            name: "DopplerIQ", type: "DopplerIQ", channels: pairs + [("pulse index modulo \(indexModulus)", "pulses")],
            rateHz: facts.settings.prfHz, format: .float32,
            sourceID: sourceID("DopplerIQ", facts.origin, facts.isPlayedAgain),
            facts: Self.facts(of: facts), mostBuffered: Int32(seconds))
    }

    private static func columns(_ facts: StreamRunFacts) -> LSLOutlet.Description {
        let unit = facts.look.unit.rawValue
        return LSLOutlet.Description(
            name: "DopplerEnvelope", type: "DopplerEnvelope",
            channels: [
                ("maximum towards", unit), ("maximum away", unit), ("mean", unit), ("flags", "bits"),
                ("first pulse index", "pulses"),
            ], rateHz: 0, format: .double64, sourceID: sourceID("DopplerEnvelope", facts.origin, facts.isPlayedAgain),
            facts: Self.facts(of: facts), mostBuffered: mostBufferedHundreds)
    }

    private static func sourceID(_ name: String, _ origin: SourceOrigin, _ isPlayedAgain: Bool) -> String {
        "dopplerbridge \(isPlayedAgain ? "again " : "")\(origin.device) \(origin.specifier) \(name)"
    }

    private static func facts(of origin: SourceOrigin, _ isPlayedAgain: Bool) -> [(String, String)] {
        [
            ("nature", origin.isSimulated ? "SIMULATED" : "MEASURED"), ("played_again", "\(isPlayedAgain)"),
            ("source", origin.specifier), ("device", origin.device),
        ]
    }

    private static func facts(of run: StreamRunFacts) -> [(String, String)] {
        let settings = run.settings
        let scale = run.look.scale
        let angle = scale.map { "\($0.insonationAngleDegrees)" } ?? "not known: shifts in Hz"
        return facts(of: run.origin, run.isPlayedAgain) + [
            ("run", "\(run.run)"), ("prf_hz", "\(settings.prfHz)"), ("gates", "\(settings.gates)"),
            ("first_gate_depth_mm", "\(Double(settings.firstGateDepthUm) / 1000)"),
            ("gate_spacing_mm", "\(Double(settings.gateSpacingUm) / 1000)"),
            ("gate_length_mm", "\(Double(settings.gateLengthUm) / 1000)"),
            ("centre_frequency_hz", "\(settings.centreFrequencyHz)"), ("envelope_gate", "\(run.look.gate)"),
            ("envelope_stamp", "middle of the column"), ("insonation_angle_degrees", angle),
            ("sign_convention", "positive towards the transducer"), ("clock", run.clockWords),
            ("utc_minus_clock_seconds", "\(run.utcOffsetSeconds)"),
        ]
    }

    // MARK: Samples

    private func push(_ block: SampleBlock, _ state: inout State) {
        guard let outlet = state.samples else {
            return state.counts.add(block.pulses, to: \.samples, isTaken: false)
        }
        state.values.removeAll(keepingCapacity: true)
        state.stamps.removeAll(keepingCapacity: true)
        block.bytes.withUnsafeBytes { bytes in
            for pulse in 0..<block.pulses {
                for number in 0..<2 * block.gates {
                    let place = pulse * 2 * block.gates + number
                    state.values.append(
                        block.format == .int32
                            ? Float(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * place, as: Int32.self)))
                            : Float(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: Int16.self)))
                    )
                }
                let index = block.firstPulse + UInt64(pulse)
                state.values.append(Float(index % Self.indexModulus))
                state.stamps.append(block.line.seconds(atPulse: Double(index)))
            }
        }
        let isTaken = outlet.push(state.values, stamps: state.stamps)
        state.counts.add(block.pulses, to: \.samples, isTaken: isTaken)
    }

    private func push(_ block: ColumnBlock, _ state: inout State) {
        let values = block.columns.flatMap {
            [$0.maximumTowards, $0.maximumAway, $0.mean, Double($0.flags), Double($0.firstPulse)]
        }
        let stamps = block.columns.map { block.line.seconds(atPulse: $0.middlePulse) }
        let isTaken = state.columns?.push(values, stamps: stamps) ?? false
        state.counts.add(block.columns.count, to: \.columns, isTaken: isTaken)
    }
}

extension LSLOutlets.Counts {
    /// Counts samples of a stream, or that the library did not take them.
    fileprivate mutating func add(_ samples: Int, to stream: WritableKeyPath<Self, UInt64>, isTaken: Bool) {
        self[keyPath: isTaken ? stream : \.notTaken] &+= UInt64(samples)
    }
}
