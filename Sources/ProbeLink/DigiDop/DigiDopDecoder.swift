/// Decodes the stream of a DigiDop: frames of 17 bytes, a sync byte and then I and Q of two gates.
///
/// A frame is handed on when the sync byte of the next one stands where it should. After damage the beginnings are
/// looked for until eight more sync bytes follow at 17 bytes' distance; at the beginning and after missed packets two
/// are enough where the very first byte is one. What is then missing is marked at its place:
///
/// - A damaged sync byte: that one pulse, exactly.
/// - Fewer than 17 bytes lost at one place: the pulses that they touch, exactly, provided that no byte of the samples
///   happens to be 0xAA where the sync byte is looked for. A chance of 1 in 256 puts the mark one pulse too late and
///   hands on the damaged pulse before it.
/// - Packets that the transport reports as missed: as many pulses as their time holds at the pulse repetition
///   frequency, together with the parts of pulses that were cut off on either side, the rounding never adding up.
///
/// What cannot be known from these bytes, by any reader, because they hold neither number nor checksum:
///
/// - Damage within the samples: they are handed on.
/// - The loss of a multiple of 17 bytes that nobody reports. Of longer losses only the fewest pulses are marked that
///   explain the new place; bytes are taken to be lost, never added.
/// - Everything between two damages that lie at most nine pulses apart, and from the first three pulses of a stretch
///   to a damage in them, and from the pulse before a damage in the last three to the end: it is marked as lost.
/// - Where a byte of the samples stands still at 0xAA, the frames' true beginning after a loss of bytes.
///
/// Where the byte order is to be found, pulses are held back until their differences show it, at most 4096. Until
/// then it stays open: of the pulses that must be let go before, those that read the same both ways (silence) are
/// handed on and the others are marked as lost. Values that stand still, noise over the whole range and samples whose
/// low bytes are unused leave it open for ever; the order must then be given.
///
/// A pure state machine: the same bytes in any cutting give the same frames. Nothing is allocated for a frame.
public struct DigiDopDecoder: Sendable {
    private var framing = DigiDopFraming()
    private var finder = ByteOrderFinder()
    private var frames: PulseFrames
    private var missed: MissedTime
    /// The order, once it is known.
    private var order: UnframedIQFormat.ByteOrder?
    /// Bytes of pulses that a gap cut off.
    private var cutBytes = 0
    private var hasFollowed = false
    private var receivedBytes: UInt64 = 0

    /// A decoder for the bytes that follow the start of a run.
    ///
    /// - Parameters:
    ///   - byteOrder: which byte of a sample comes first.
    ///   - prfHz: turns the time of missed packets into pulses.
    ///   - pulsesPerFrame: pulses of a frame; 0 is taken as 1. The last one before a loss or the end may be shorter.
    ///   - flags: what is said of every frame, such as `.transmitting`; the stream says nothing itself.
    public init(byteOrder: DigiDopByteOrder, prfHz: Double, pulsesPerFrame: UInt16, flags: FrameFlags = []) {
        order =
            switch byteOrder {
            case .big: .bigEndian
            case .little: .littleEndian
            case .automatic: nil
            }
        frames = PulseFrames(
            format: .iqInt32, gates: DigiDopTicks.gates, pulsesPerFrame: pulsesPerFrame, flags: flags)
        missed = MissedTime(pulsesPerSecond: prfHz)
    }

    /// What has been counted so far.
    public var counters: LinkCounters { frames.counters }

    /// The byte order as given or found; `nil` while it is open.
    public var byteOrder: DigiDopByteOrder? {
        order.map { $0 == .bigEndian ? .big : .little }
    }

    /// Pulses that have come, held ones and those of missed packets included.
    var pulsesOfClock: Double {
        Double(receivedBytes) / Double(DigiDopFraming.frameByteCount) + missed.allPulses
    }

    /// Takes the next bytes of the stream.
    public mutating func consume<Sink: FrameSink & ~Copyable>(_ bytes: RawSpan, into sink: inout Sink) {
        receivedBytes = receivedBytes.saturatingSum(UInt64(bytes.byteCount))
        framing.append(bytes)
        takeAll(isEnd: false, into: &sink)
    }

    /// Notes that packets did not arrive between the bytes before and those that follow.
    public mutating func miss<Sink: FrameSink & ~Copyable>(
        packets count: Int, packetNanoseconds: UInt64, into sink: inout Sink
    ) {
        guard count > 0 else { return }
        takeAll(isEnd: true, into: &sink)
        let ended = framing.endStretch()
        cutBytes += ended.unfinished + ended.passedOver
        missed.add(packets: count, packetNanoseconds: packetNanoseconds)
    }

    /// Ends the stream: hands on every whole pulse.
    ///
    /// - Parameter countingCutOff: whether the bytes of an unfinished frame count as cut off.
    public mutating func finish<Sink: FrameSink & ~Copyable>(into sink: inout Sink, countingCutOff: Bool = true) {
        takeAll(isEnd: true, into: &sink)
        let ended = framing.endStretch()
        var isCutOff = ended.unfinished > 0
        if missed.isOpen {
            settle(bytes: ended.passedOver)
        } else if ended.passedOver > 0 {
            // The last frame may be unfinished, so that only whole ones can be told to be lost.
            let whole = ended.passedOver / DigiDopFraming.frameByteCount
            let lost = hasFollowed ? max(1, whole) : whole
            if lost > 0 {
                frames.counters.bad += 1
                lose(pulses: UInt64(lost))
            } else {
                isCutOff = true
            }
        }
        if isCutOff, countingCutOff { frames.counters.cutOff = 1 }
        if order == nil { letGo(pulses: finder.pulses, into: &sink) }
        frames.finish(into: &sink)
    }

    private mutating func takeAll<Sink: FrameSink & ~Copyable>(isEnd: Bool, into sink: inout Sink) {
        while let found = framing.next(isEnd: isEnd) {
            switch found {
            case .resumed(let bytes):
                hasFollowed = true
                settle(bytes: bytes)
            case .pulse(let place, let damaged):
                take(framing.held, at: place + 1, into: &sink)
                if damaged > 0 {
                    frames.counters.bad += 1
                    lose(pulses: UInt64(damaged))
                }
            }
        }
    }

    /// Marks what is missing before the frames that go on.
    private mutating func settle(bytes: Int) {
        let size = DigiDopFraming.frameByteCount
        let all = bytes + cutBytes
        cutBytes = 0
        if missed.isOpen {
            let packets = missed.packets
            lose(pulses: missed.settle(others: Double(all) / Double(size)), packets: packets)
        } else if all > 0 {
            frames.counters.bad += 1
            lose(pulses: UInt64((all + size - 1) / size))
        }
    }

    private mutating func lose(pulses: UInt64, packets: UInt64 = 0) {
        if order == nil, finder.pulses > 0 {
            finder.lose(pulses: pulses, packets: packets)
        } else {
            frames.lose(pulses: pulses, packets: packets)
        }
    }

    /// Takes a pulse: hands it on, or holds it back until the byte order is known.
    private mutating func take<Sink: FrameSink & ~Copyable>(
        _ bytes: [UInt8], at offset: Int, into sink: inout Sink
    ) {
        if let order {
            append(bytes, at: offset, order, into: &sink)
            return
        }
        if let found = finder.hold(bytes, at: offset) {
            order = found
            letGo(pulses: finder.pulses, into: &sink)
        } else if finder.pulses >= ByteOrderFinder.mostPulses {
            letGo(pulses: ByteOrderFinder.windowPulses, into: &sink)
        }
    }

    /// Lets the first held pulses go, in the order that was found or as far as it does not matter.
    private mutating func letGo<Sink: FrameSink & ~Copyable>(pulses count: Int, into sink: inout Sink) {
        for pulse in 0..<count {
            let gap = finder.gaps[pulse]
            if gap.pulses > 0 || gap.packets > 0 { frames.lose(pulses: gap.pulses, packets: gap.packets) }
            if order != nil || finder.readsAlike(pulse: pulse) {
                append(finder.held, at: pulse * ByteOrderFinder.pulseByteCount, order ?? .littleEndian, into: &sink)
            } else {
                frames.lose(pulses: 1)
            }
        }
        if count == finder.pulses {
            frames.lose(pulses: finder.lastGap.pulses, packets: finder.lastGap.packets)
        }
        finder.drop(pulses: count)
    }

    private mutating func append<Sink: FrameSink & ~Copyable>(
        _ bytes: [UInt8], at offset: Int, _ order: UnframedIQFormat.ByteOrder, into sink: inout Sink
    ) {
        frames.beginPulse(into: &sink)
        for sample in 0..<(ByteOrderFinder.pulseByteCount / 4) {
            let number = bytes.span.bytes.uint32(at: offset + 4 * sample)
            frames.append(order == .littleEndian ? number : number.byteSwapped)
        }
        frames.endPulse(into: &sink)
    }
}
