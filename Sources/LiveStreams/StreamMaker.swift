internal import DopplerDSP
internal import ProbeLink

/// Makes what is streamed of the frames of one run; a pure state machine.
///
/// Indices are those of the probe: where pulses are missing, the next block begins behind the gap, and a marker tells it.
struct StreamMaker: FrameSink {
    /// From this pulse on a time is no longer exact, and no probe runs so long.
    private static let mostPulses: UInt64 = 1 << 52
    /// A block of samples is handed on before it has so many bytes (project choice: small messages, and few).
    private static let mostBytesOfBlock = 65_536

    private let settings: AcquisitionSettings
    private let look: StreamLook
    /// What of this run was counted, for the feed.
    private(set) var counters = StreamCounters()
    /// What waits to be handed on, in the order of the frames.
    private var made: [Made] = []
    private var analyser: SpectralAnalyser?
    private var taken: [Spectrogram] = []
    private var gateBytes: [UInt8] = []
    private var nextPulse: UInt64 = 0
    /// Pulses that were marked as lost since the last frame.
    private var markedPulses: UInt64 = 0

    /// Samples, or a marker at a pulse.
    enum Made: Sendable {
        case samples(firstPulse: UInt64, pulses: Int, format: IQFormat, bytes: [UInt8])
        case marker(String, pulse: UInt64)
    }

    init(_ settings: AcquisitionSettings, _ look: StreamLook) {
        self.settings = settings
        self.look = look
        do throws(DSPError) { analyser = try SpectralAnalyser(look.spectral) } catch {
            analyser = nil
            made.append(.marker("envelope not computed: \(error.description)", pulse: 0))
        }
    }

    func hasRoom(forBytes count: Int) -> Bool { true }

    // MARK: Frames

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        guard frame.kind == .iq else { return }
        let gates = Int(settings.gates)
        let pulses = Int(frame.records)
        guard Int(frame.items) == gates, let pair = frame.format.bytesPerIQPair, pulses > 0,
            payload.byteCount == pair * gates * pulses, frame.pulseIndex < Self.mostPulses,
            frame.pulseIndex >= nextPulse
        else {
            counters.unusableFrames &+= 1
            made.append(.marker("unusable frame", pulse: nextPulse))
            return
        }
        tellMissed(before: frame.pulseIndex)
        nextPulse = frame.pulseIndex + UInt64(pulses)
        let format: IQFormat = frame.format == .iqInt32 ? .int32 : .int16
        append(payload, format, firstPulse: frame.pulseIndex, pulses: pulses)
        counters.pulses &+= UInt64(pulses)
        counters.newestPulse = nextPulse
        analyse(frame, payload, format, pair: pair, gates: gates)
    }

    mutating func lost(_ loss: StreamLoss) {
        guard loss.kind == .iq else { return }
        markedPulses = markedPulses.addingReportingOverflow(loss.pulses).overflow ? .max : markedPulses + loss.pulses
        switch loss.place {
        case .probe: counters.lostInProbe &+= loss.pulses
        case .link: counters.lostOnLink &+= loss.pulses
        case .ring: counters.missedHere &+= loss.pulses
        }
        made.append(
            .marker(
                "loss \(loss.place.rawValue) \(loss.pulses) pulses from \(loss.firstPulse)", pulse: loss.firstPulse))
    }

    mutating func event(_ event: ProbeEvent) {
        made.append(.marker(Self.words(of: event), pulse: event.pulseIndex))
    }

    /// What is missing and was not marked was missed by this stream alone.
    private mutating func tellMissed(before pulse: UInt64) {
        let missing = pulse - nextPulse
        let here = missing > markedPulses ? missing - markedPulses : 0
        markedPulses = 0
        guard here > 0 else { return }
        counters.missedHere &+= here
        made.append(.marker("loss stream \(here) pulses from \(nextPulse)", pulse: nextPulse))
    }

    /// Adds the samples to the block before, where they continue it.
    private mutating func append(_ payload: RawSpan, _ format: IQFormat, firstPulse: UInt64, pulses: Int) {
        if case .samples(let first, let count, format, var bytes) = made.last,
            first + UInt64(count) == firstPulse, bytes.count + payload.byteCount <= Self.mostBytesOfBlock
        {
            made.removeLast()
            payload.withUnsafeBytes { bytes.append(contentsOf: $0) }
            made.append(.samples(firstPulse: first, pulses: count + pulses, format: format, bytes: bytes))
        } else {
            made.append(
                .samples(
                    firstPulse: firstPulse, pulses: pulses, format: format, bytes: payload.withUnsafeBytes(Array.init)))
        }
    }

    // MARK: Columns

    private mutating func analyse(
        _ frame: FrameHeader, _ payload: RawSpan, _ format: IQFormat, pair: Int, gates: Int
    ) {
        guard analyser != nil else { return }
        var conditions: FrameConditions = []
        if frame.flags.contains(.clipped) { conditions.insert(.clipped) }
        if frame.flags.contains(.transmitting) { conditions.insert(.transmitting) }
        let pulses = Int(frame.records)
        do throws(DSPError) {
            if gates == 1 {
                try analyser?.process(
                    payload, format: format, pulses: pulses, firstPulse: frame.pulseIndex, flags: conditions)
            } else {
                extract(payload, pair: pair, gates: gates, pulses: pulses)
                var samples: [UInt8] = []
                swap(&samples, &gateBytes)
                defer { swap(&samples, &gateBytes) }
                try analyser?.process(
                    samples.span.bytes, format: format, pulses: pulses, firstPulse: frame.pulseIndex,
                    flags: conditions)
            }
        } catch {
            counters.unusableFrames &+= 1
        }
    }

    /// Copies the samples of the gate that is looked at.
    private mutating func extract(_ payload: RawSpan, pair: Int, gates: Int, pulses: Int) {
        let gate = min(max(look.gate, 0), gates - 1)
        gateBytes.removeAll(keepingCapacity: true)
        payload.withUnsafeBytes { bytes in
            for pulse in 0..<pulses {
                let start = (pulse * gates + gate) * pair
                gateBytes.append(contentsOf: bytes[start..<start + pair])
            }
        }
    }

    // MARK: Pieces

    /// Takes what was made since the last time.
    ///
    /// - Parameter line: the clock's line that holds now.
    mutating func take(_ line: ClockLine) -> [StreamPiece] {
        var pieces = made.map { piece(of: $0, line) }
        made.removeAll(keepingCapacity: true)
        analyser?.takeColumns(into: &taken)
        if let block = columns(line) { pieces.append(block) }
        return pieces
    }

    /// Ends the run.
    ///
    /// - Parameter endPulse: the end of its last frame, which may not have been seen here.
    mutating func finish(endPulse: UInt64, _ line: ClockLine) -> [StreamPiece] {
        if endPulse < Self.mostPulses, endPulse > nextPulse { tellMissed(before: endPulse) }
        var pieces = take(line)
        analyser?.finish(into: &taken)
        if let block = columns(line) { pieces.append(block) }
        return pieces
    }

    private func piece(of made: Made, _ line: ClockLine) -> StreamPiece {
        switch made {
        case .samples(let firstPulse, let pulses, let format, let bytes):
            .samples(
                SampleBlock(
                    firstPulse: firstPulse, pulses: pulses, gates: Int(settings.gates), format: format, bytes: bytes,
                    line: line))
        case .marker(let text, let pulse):
            .marker(StreamMarker(text: text, seconds: line.seconds(atPulse: Double(pulse)), pulse: pulse))
        }
    }

    private func columns(_ line: ClockLine) -> StreamPiece? {
        guard let spectrogram = taken.first, !spectrogram.columns.isEmpty else { return nil }
        let half = Double(look.spectral.fftLength) / 2
        let columns = spectrogram.columns.map { column in
            EnvelopeColumn(
                firstPulse: column.firstPulse, middlePulse: Double(column.firstPulse) + half,
                maximumTowards: value(column.envelopeTowardsHz), maximumAway: value(column.envelopeAwayHz),
                mean: value(column.meanShiftHz), flags: column.flags.rawValue)
        }
        return .columns(
            ColumnBlock(columns: columns, power: spectrogram.power, fftLength: look.spectral.fftLength, line: line))
    }

    /// A shift in the unit of the look; not a number where nothing was measured.
    private func value(_ shiftHz: Float?) -> Double {
        guard let shiftHz, shiftHz.isFinite else { return .nan }
        return look.scale?.velocityCmPerS(ofShiftHz: Double(shiftHz)) ?? Double(shiftHz)
    }

    /// What a probe's event says, in words (ODP 1.0, "Events").
    private static func words(of event: ProbeEvent) -> String {
        let releasedBit: UInt8 = 0x80
        let number = event.value & ~releasedBit
        let act = event.value & releasedBit == 0 ? "pressed" : "released"
        switch event.code {
        case 1: return "button \(number) \(act)"
        case 2: return "foot switch \(number) \(act)"
        case 3: return "probe: temperature warning"
        case 4: return "probe: disarmed itself"
        case 5: return "probe: fault \(event.value)"
        default: return "probe: event \(event.code)"
        }
    }
}
