internal import Acquisition
internal import DopplerDSP
internal import ProbeLink

/// Makes pieces of the frames of one run; a pure state machine.
///
/// What it makes depends on the frames and on when pieces are taken only.
struct LiveMaker: FrameSink {
    /// Pictures of all gates a second (project choice: as fast as an eye can follow a profile).
    private static let profilesPerSecond = 30.0
    /// From this pulse on a place in time is no longer exact, and no probe runs so long.
    private static let mostPulses: UInt64 = 1 << 52

    /// What of this run was counted.
    struct Counters: Sendable, Hashable {
        var lostInProbe: UInt64 = 0
        var lostOnLink: UInt64 = 0
        var missedPulses: UInt64 = 0
        var unusableFrames: UInt64 = 0
    }

    private let settings: AcquisitionSettings
    private var look: LiveLook
    private(set) var counters = Counters()
    private var columns: LiveColumns?
    private var sound: LiveSound?
    private var profile: LiveProfile?
    private var assembler: BModeAssembler
    /// Other pieces that wait to be taken.
    private var others: [LivePiece] = []
    private(set) var pictures: [BModePicture] = []
    /// One gate's samples of a frame.
    private var bytes: [UInt8] = []
    private var values: [Float] = []
    private var nextPulse: UInt64 = 0
    /// Pulses that were marked as lost since the last frame.
    private var markedPulses: UInt64 = 0
    private var sequence: UInt32

    /// - Parameter sequence: the number of the first columns' piece.
    init(_ settings: AcquisitionSettings, _ look: LiveLook, sequence: UInt32) {
        self.settings = settings
        self.look = look
        self.sequence = sequence
        assembler = BModeAssembler(settings)
    }

    /// Number of the next columns' piece.
    var nextSequence: UInt32 { columns?.sequence ?? sequence }

    func hasRoom(forBytes count: Int) -> Bool { true }

    /// Looks at another gate or with another wall filter from the next frame on.
    mutating func change(_ look: LiveLook) {
        guard look != self.look else { return }
        sequence = nextSequence
        self.look = look
        columns = nil
        if var ending = sound {
            ending.end(before: nil)
            ending.take(sampledAtMs: 0, into: &others)
        }
        sound = nil
    }

    // MARK: Frames

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        switch frame.kind {
        case .iq: receiveIQ(frame, payload)
        case .bMode:
            for picture in assembler.take(frame, payload) {
                others.append(LivePiece(picture))
                pictures.append(picture)
            }
        case .physiology:
            if let piece = LivePiece(physiology: frame, payload) {
                others.append(piece)
            } else {
                counters.unusableFrames &+= 1
            }
        }
    }

    mutating func lost(_ loss: StreamLoss) {
        guard loss.kind == .iq else { return }
        markedPulses &+= loss.pulses
        switch loss.place {
        case .probe: counters.lostInProbe &+= loss.pulses
        case .link: counters.lostOnLink &+= loss.pulses
        case .ring: counters.missedPulses &+= loss.pulses
        }
    }

    mutating func event(_ event: ProbeEvent) {}

    private mutating func receiveIQ(_ frame: FrameHeader, _ payload: RawSpan) {
        let gates = Int(settings.gates)
        let pulses = Int(frame.records)
        guard Int(frame.items) == gates, let pair = frame.format.bytesPerIQPair, pulses > 0,
            payload.byteCount == pair * gates * pulses, frame.pulseIndex < Self.mostPulses
        else {
            counters.unusableFrames &+= 1
            return
        }
        countMissed(before: frame.pulseIndex)
        nextPulse = frame.pulseIndex + UInt64(pulses)
        prepare(frame.format)
        let format: IQFormat = frame.format == .iqInt32 ? .int32 : .int16
        do throws(DSPError) {
            try profile?.add(payload, format, pulses: pulses, firstPulse: frame.pulseIndex)
            extract(payload, pair: pair, gates: gates, pulses: pulses)
            var samples: [UInt8] = []
            swap(&samples, &bytes)
            defer { swap(&samples, &bytes) }
            try columns?.add(
                samples.span.bytes, format, pulses: pulses, firstPulse: frame.pulseIndex, flags: Self.flags(frame))
            if look.spectral.correctsIQ { sound?.correct(columns?.correction ?? .none) }
            try sound?.add(values, firstPulse: frame.pulseIndex)
        } catch {
            counters.unusableFrames &+= 1
        }
    }

    /// What is missing and was not marked was missed here alone.
    private mutating func countMissed(before pulse: UInt64) {
        if pulse > nextPulse {
            let missing = pulse - nextPulse
            counters.missedPulses &+= missing > markedPulses ? missing - markedPulses : 0
        }
        markedPulses = 0
    }

    private static func flags(_ frame: FrameHeader) -> FrameConditions {
        var conditions: FrameConditions = []
        if frame.flags.contains(.clipped) { conditions.insert(.clipped) }
        if frame.flags.contains(.transmitting) { conditions.insert(.transmitting) }
        return conditions
    }

    /// Makes what looks at the samples, once their format is known; what cannot be used stays out.
    private mutating func prepare(_ format: SampleFormat) {
        guard columns == nil else { return }
        let fullScale = format == .iqInt32 ? Double(Int32.max) : Double(Int16.max)
        do throws(DSPError) {
            columns = try LiveColumns(look, fullScale: fullScale, sequence: sequence)
            sound = try LiveSound(look.spectral, fullScale: fullScale)
            if profile == nil, settings.gates > 1 {
                profile = try LiveProfile(settings, look.spectral, perSecond: Self.profilesPerSecond)
            }
        } catch {
            counters.unusableFrames &+= 1
        }
    }

    /// Copies the samples of the gate that is looked at.
    private mutating func extract(_ payload: RawSpan, pair: Int, gates: Int, pulses: Int) {
        let gate = min(max(look.gate, 0), gates - 1)
        bytes.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        let isWide = pair == 8
        for pulse in 0..<pulses {
            let start = (pulse * gates + gate) * pair
            for offset in start..<start + pair {
                bytes.append(payload.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            }
            for part in 0..<2 {
                let at = start + part * pair / 2
                values.append(
                    isWide
                        ? Float(Int32(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: at, as: Int32.self)))
                        : Float(Int16(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: at, as: Int16.self))))
            }
        }
    }

    // MARK: Pieces

    /// Takes what was made since the last time: sound first, which is waited for most.
    mutating func take(sampledAtMs: Double) -> [LivePiece] {
        var pieces = takeSound(sampledAtMs: sampledAtMs)
        columns?.take(sampledAtMs: sampledAtMs, into: &pieces)
        if let newest = profile?.take() { pieces.append(newest) }
        pieces.append(contentsOf: others)
        others.removeAll(keepingCapacity: true)
        return pieces
    }

    /// Takes the sound that was made since the last time.
    mutating func takeSound(sampledAtMs: Double) -> [LivePiece] {
        var pieces: [LivePiece] = []
        sound?.take(sampledAtMs: sampledAtMs, into: &pieces)
        return pieces
    }

    /// Takes the pictures that came since the last time.
    mutating func takePictures() -> [BModePicture] {
        defer { pictures.removeAll(keepingCapacity: true) }
        return pictures
    }

    /// Ends the run.
    ///
    /// - Parameter endPulse: the end of its last frame, which may not have been seen here.
    mutating func finish(endPulse: UInt64) {
        if endPulse < Self.mostPulses { countMissed(before: endPulse) }
        sound?.end(before: nil)
        columns?.finish()
        if let last = assembler.finish() {
            others.append(LivePiece(last))
            pictures.append(last)
        }
    }
}
