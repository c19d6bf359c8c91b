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
    private let bytesPerPulse: Int

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
        _ payload: [UInt8], isClipped: Bool, into sink: inout Sink, until stop: StopSignal
    ) -> Bool {
        let pulses = payload.count / bytesPerPulse
        guard pulses > 0, pulses <= pulsesPerFrame else { return !stop.isRequested }
        if stop.isRequested { return false }
        while !sink.hasRoom(forBytes: payload.count) {
            if stop.isRequested { return false }
            usleep(Self.microsecondsOfPause)
        }
        var header = FrameHeader(
            kind: .iq, format: format, flags: flags, sequence: UInt32(truncatingIfNeeded: counters.frames),
            pulseIndex: counters.pulses, items: gates, records: UInt16(clamping: pulses))
        if counters.frames == 0 { header.flags.insert(.first) }
        if isClipped { header.flags.insert(.clipped) }
        sink.receive(header, payload.span.bytes)
        counters.frames += 1
        counters.pulses += UInt64(pulses)
        return true
    }

    /// Reports what the file should hold after its last whole pulse, and does not.
    mutating func markCutOff<Sink: FrameSink & ~Copyable>(missingPulses: UInt64, into sink: inout Sink) {
        counters.cutOff = 1
        guard missingPulses > 0 else { return }
        counters.missingPulses += missingPulses
        sink.lost(
            StreamLoss(kind: .iq, place: .link, firstPulse: counters.pulses, pulses: missingPulses, packets: 0))
    }
}
