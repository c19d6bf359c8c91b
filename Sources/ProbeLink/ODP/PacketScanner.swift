/// Finds the packets in a stretch of the stream, hands their frames on and counts what is wrong.
///
/// It keeps no bytes: what it could not finish, the caller shows it again with more behind it.
struct PacketScanner: Sendable {
    /// How far a scan has come.
    struct Progress {
        /// Bytes that are done with.
        var consumed: Int
        /// How many bytes must lie from there on before anything more can be found.
        var wanted: Int
    }

    /// What stands at one place of the stream.
    private enum Candidate {
        case whole(ODPPacketHeader)
        case bad
        case incomplete(wanted: Int)
    }

    private(set) var counters = LinkCounters()
    private var iq = SequenceKeeper()
    private var bMode = SequenceKeeper()
    private var physiology = SequenceKeeper()
    private var ladder = ChecksumLadder()
    /// Whether the last packet was bad, so that the next `ODPS` is looked for.
    private var isSearching = false
    /// The place in the stream of the next window's first byte.
    private var place = 0

    /// Where a stream that was running before is taken up; `nil` = it is read from its beginning.
    private var joining: StreamJoining?

    /// A scanner for a stream's beginning, or for a stream that was running before.
    init(joinsRunningStream: Bool = false) {
        guard joinsRunningStream else { return }
        joining = StreamJoining()
        // The first bytes may lie in the middle of a packet, which is no damage.
        isSearching = true
    }

    /// The first I/Q pulse that has neither come nor been marked as lost.
    var nextPulse: UInt64 { iq.nextPulse }

    /// Reads as many packets as lie whole in `window`.
    ///
    /// - Parameter isEnd: nothing follows. An unfinished packet is searched from its second byte, and everything is
    ///   consumed.
    mutating func scan<Sink: FrameSink & ~Copyable>(
        _ window: RawSpan, isEnd: Bool, into sink: inout Sink
    ) -> Progress {
        var offset = 0
        while true {
            if isSearching { offset = window.nextPacketMagic(from: offset) }
            switch candidate(in: window, at: offset) {
            case .whole(let header):
                isSearching = false
                take(header, window, at: offset, into: &sink)
                offset += header.packetLength
            case .bad:
                counters.bad += 1
                isSearching = true
                offset += 1
            case .incomplete(let wanted):
                guard isEnd, offset < window.byteCount else {
                    place += offset
                    return Progress(consumed: offset, wanted: wanted)
                }
                isSearching = true
                offset += 1
            }
        }
    }

    /// Counts bytes that were left over at the end.
    mutating func countCutOff() { counters.cutOff = 1 }

    private mutating func candidate(in window: RawSpan, at offset: Int) -> Candidate {
        let left = window.byteCount - offset
        guard left >= ODPPacketHeader.byteCount else {
            // A search that has found the beginning of a magic goes on with the very next byte, so that what counts as
            // found does not depend on where the transfer ends.
            let isPartialMagic = isSearching && left < ODPPacketHeader.magicByteCount
            return .incomplete(wanted: isPartialMagic ? left + 1 : ODPPacketHeader.byteCount)
        }
        guard let header = ODPPacketHeader(in: window, at: offset) else { return .bad }
        guard left >= header.packetLength else { return .incomplete(wanted: header.packetLength) }
        return ladder.isIntact(header, in: window, at: offset, windowPlace: place) ? .whole(header) : .bad
    }

    /// Takes a packet whose checksum is right.
    private mutating func take<Sink: FrameSink & ~Copyable>(
        _ header: ODPPacketHeader, _ window: RawSpan, at offset: Int, into sink: inout Sink
    ) {
        guard let kind = header.kind else {
            counters.unknown += 1
            return
        }
        guard header.fits(kind) else {
            counters.bad += 1
            return
        }
        var frame = header.frame(of: kind)
        if joining != nil {
            guard let joined = joining?.join(frame) else { return }
            frame = joined
        }
        switch judge(frame) {
        case .repeated: counters.repeated += 1
        case .contradictory: counters.bad += 1
        case .ahead(let packets, let firstPulse, let pulses):
            if packets > 0 || pulses > 0 {
                counters.lostPackets += UInt64(packets)
                counters.missingPulses = counters.missingPulses.saturatingSum(pulses)
                sink.lost(
                    StreamLoss(
                        kind: kind, place: frame.flags.contains(.discontinuity) ? .probe : .link,
                        firstPulse: firstPulse, pulses: pulses, packets: UInt64(packets)))
            }
            counters.frames += 1
            if kind == .iq { counters.pulses += UInt64(frame.records) }
            let payload = offset + header.headerLength
            sink.receive(frame, window.extracting(payload..<(payload + header.payloadLength)))
        }
    }

    private mutating func judge(_ frame: FrameHeader) -> SequenceKeeper.Verdict {
        switch frame.kind {
        case .iq: iq.judge(frame)
        case .bMode: bMode.judge(frame)
        case .physiology: physiology.judge(frame)
        }
    }
}

extension UInt64 {
    /// The sum, or the largest number where the sum is larger still.
    func saturatingSum(_ other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
