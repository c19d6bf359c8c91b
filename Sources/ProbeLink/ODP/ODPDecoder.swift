/// Decodes the stream of ODP 1.0 into frames and marks of what is missing between them.
///
/// A pure state machine: the same bytes give the same frames, losses and counters, however they are cut into
/// transfers. One decoder serves one run, because sequence numbers and pulse indices begin again at RUN.
///
/// What the protocol leaves to the reader is decided so:
/// - A packet that is later by its sequence number but begins before a pulse that has been passed, or whose last
///   pulse index would not fit 64 bits, contradicts itself. It is counted as bad and not used, and like any bad
///   packet it does not move the expected sequence number, so it is among the lost when the next good one comes.
///   Frames therefore never go back in time. The same holds for the pulse index of B-mode and physiology, which
///   may stand still.
/// - Header lengths are judged when all 32 bytes of a header are there, so an unfinished header at the end is cut
///   off and not bad.
/// - At the end every unfinished packet is searched from its second byte, also one that was found in such a search.
///
/// Nothing is allocated for a packet. A packet that lies whole in a transfer is read in place; the rest of a
/// transfer is carried over, at most one packet's length. Time is linear in the bytes, whatever they are.
public struct ODPDecoder: Sendable {
    private var scanner: PacketScanner
    private var carry = CarryOver()
    private var wanted = ODPPacketHeader.byteCount

    /// A decoder for the bytes that follow RUN 1, or for a board that streams by itself.
    ///
    /// - Parameter joinsRunningStream: the stream was running before. Bytes before the first packet are then not bad,
    ///   pulses and sequence numbers count from the first I/Q packet, and what comes before that is left out.
    public init(joinsRunningStream: Bool = false) {
        scanner = PacketScanner(joinsRunningStream: joinsRunningStream)
    }

    /// What has been counted so far.
    public var counters: LinkCounters { scanner.counters }

    /// The first I/Q pulse that has neither been delivered nor marked as lost.
    public var nextPulse: UInt64 { scanner.nextPulse }

    /// Takes the next bytes of the stream and hands on every frame that they complete.
    ///
    /// A loss is handed on before the frame that shows it: place `.probe` when that frame says that the probe
    /// dropped packets before it, else `.link`.
    public mutating func consume<Sink: FrameSink & ~Copyable>(_ bytes: RawSpan, into sink: inout Sink) {
        var offset = 0
        // First the packet whose beginning came earlier, until nothing of the earlier bytes is left.
        while !carry.isEmpty {
            let end = min(bytes.byteCount, offset + wanted - carry.count)
            carry.append(bytes, from: offset, to: end)
            offset = end
            guard carry.count >= wanted else { return }
            let progress = carry.scan(with: &scanner, isEnd: false, into: &sink)
            carry.dropFirst(progress.consumed)
            wanted = progress.wanted
            if carry.count <= offset {
                offset -= carry.count
                carry.removeAll()
            }
        }
        let progress = scanner.scan(
            bytes.extracting(offset..<bytes.byteCount), isEnd: false, into: &sink)
        wanted = progress.wanted
        carry.append(bytes, from: offset + progress.consumed, to: bytes.byteCount)
    }

    /// Ends the stream: what is left over is searched once more from its second byte.
    ///
    /// - Parameter countingCutOff: whether left-over bytes count as cut off. After a stop that was asked for they do
    ///   not: the reader itself stopped in the middle of a packet.
    public mutating func finish<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, countingCutOff: Bool = true
    ) {
        guard !carry.isEmpty else { return }
        if countingCutOff { scanner.countCutOff() }
        _ = carry.scan(with: &scanner, isEnd: true, into: &sink)
        carry.removeAll()
        wanted = ODPPacketHeader.byteCount
    }
}
