internal import Glibc
internal import ProbeLink

/// Hands the samples of a file on as frames, and waits while the sink has no room: a file loses nothing.
struct IQFrameFeed {
    /// The length of a frame, seconds (as the longest packet of ODP 1.0, "The stream").
    static let secondsOfFrame = 0.02
    /// The most bytes of a frame (as the longest payload of ODP 1.0, "Packet header").
    static let mostBytesOfFrame = 65_536
    /// How long one pause lasts while the sink has no room, microseconds (project choice, as in a replay).
    private static let microsecondsOfPause: UInt32 = 200

    let format: SampleFormat
    let gates: UInt16
    /// What every frame carries beside what its samples show.
    let flags: FrameFlags
    let pulsesPerFrame: Int
    private(set) var counters = LinkCounters()
    /// Index of the next pulse: those delivered, and those that are missing.
    private(set) var nextPulse: UInt64 = 0
    private let bytesPerPulse: Int

    /// Some pulses of a file, as frames hold them.
    struct Stretch {
        var payload: [UInt8]
        /// Whether a sample stands at either end of its range.
        var isClipped: Bool
        /// What else is known of the stretch, beside the flags of the feed.
        var removedFlags: FrameFlags = []
    }

    init(format: SampleFormat, gates: UInt16, prfHz: Double, flags: FrameFlags = []) {
        self.format = format
        self.gates = gates
        self.flags = flags
        bytesPerPulse = max(1, (format.bytesPerIQPair ?? 1) * Int(gates))
        let wanted = min(max(prfHz * Self.secondsOfFrame, 1), Double(UInt16.max))
        pulsesPerFrame = max(1, min(Int(wanted), Self.mostBytesOfFrame / bytesPerPulse))
    }

    /// Delivers whole pulses, at most `pulsesPerFrame` of them.
    ///
    /// - Returns: `false` when `stop` was requested before there was room; nothing was delivered then.
    mutating func deliver<Sink: FrameSink & ~Copyable>(
        _ payload: [UInt8], isClipped: Bool, without removed: FrameFlags = [], into sink: inout Sink,
        until stop: StopSignal
    ) -> Bool {
        let pulses = payload.count / bytesPerPulse
        guard pulses > 0, pulses <= pulsesPerFrame else { return !stop.isRequested }
        if stop.isRequested { return false }
        while !sink.hasRoom(forBytes: payload.count) {
            if stop.isRequested { return false }
            usleep(Self.microsecondsOfPause)
        }
        var header = FrameHeader(
            kind: .iq, format: format, flags: flags.subtracting(removed),
            sequence: UInt32(truncatingIfNeeded: counters.frames), pulseIndex: nextPulse, items: gates,
            records: UInt16(clamping: pulses))
        if counters.frames == 0 { header.flags.insert(.first) }
        if isClipped { header.flags.insert(.clipped) }
        sink.receive(header, payload.span.bytes)
        counters.frames += 1
        counters.pulses += UInt64(pulses)
        nextPulse += UInt64(pulses)
        return true
    }

    /// Marks pulses that the file knows to be missing, and goes on behind them.
    mutating func lose<Sink: FrameSink & ~Copyable>(pulses: UInt64, into sink: inout Sink) {
        guard pulses > 0 else { return }
        counters.missingPulses += pulses
        sink.lost(StreamLoss(kind: .iq, place: .link, firstPulse: nextPulse, pulses: pulses, packets: 0))
        nextPulse += pulses
    }

    /// Delivers the pulses of a file one after the other, and those that are missing as losses at their place.
    ///
    /// - Parameter read: gives so many pulses from one on; fewer only where the file has ended.
    /// - Returns: how many pulses of the file were gone through; `nil` when `stop` was requested before its end.
    mutating func play<Sink: FrameSink & ~Copyable>(
        pulses: Int, missing: MissingPulses, into sink: inout Sink, until stop: StopSignal,
        _ read: (_ pulse: Int, _ count: Int) throws(SourceError) -> Stretch
    ) throws(SourceError) -> Int? {
        var pulse = 0
        while pulse < pulses {
            let next = missing.stretch(at: pulse, within: pulses)
            if next.isMissing {
                lose(pulses: UInt64(next.end - pulse), into: &sink)
                pulse = next.end
                continue
            }
            let wanted = min(pulsesPerFrame, next.end - pulse)
            let stretch = try read(pulse, wanted)
            let found = stretch.payload.count / bytesPerPulse
            guard found > 0 else { return pulse }
            guard
                deliver(
                    stretch.payload, isClipped: stretch.isClipped, without: stretch.removedFlags, into: &sink,
                    until: stop)
            else { return nil }
            pulse += found
            if found < wanted { break }
        }
        return pulse
    }

    /// Reports what the file should hold after its last whole pulse, and does not.
    mutating func markCutOff<Sink: FrameSink & ~Copyable>(missingPulses: UInt64, into sink: inout Sink) {
        counters.cutOff = 1
        guard missingPulses > 0 else { return }
        counters.missingPulses += missingPulses
        sink.lost(
            StreamLoss(kind: .iq, place: .link, firstPulse: nextPulse, pulses: missingPulses, packets: 0))
        nextPulse += missingPulses
    }
}
