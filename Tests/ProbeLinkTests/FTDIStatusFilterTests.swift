import ProbeLink
import TestSupport
import Testing

/// Gathers what comes through a filter.
private struct GatheringSink: TransferSink {
    var bytes: [UInt8] = []
    var events: [[UInt8]] = []
    var missedPackets = 0
    var times: [UInt64] = []

    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        let content = bytes.withUnsafeBytes { Array($0) }
        if pipe == .stream { self.bytes += content } else { events.append(content) }
    }
    func hasRoom(forBytes count: Int) -> Bool { count < 100 }
    mutating func missed(packets count: Int, packetNanoseconds: UInt64) { missedPackets += count }
    mutating func transferArrived(hostNanoseconds: UInt64) { times.append(hostNanoseconds) }
}

@Suite struct FTDIStatusFilterTests {
    /// Data as a chip sends them: packets of any filling, one transfer each time a packet is short.
    static func transfers(
        _ content: [UInt8], packetByteCount: Int, packetsPerTransfer: Int, generator: inout SeededGenerator
    ) -> [[UInt8]] {
        var transfers: [[UInt8]] = []
        var current: [UInt8] = []
        var packets = 0
        var offset = 0
        while offset < content.count {
            let isFull = Int.random(in: 0..<4, using: &generator) > 0
            let room = packetByteCount - 2
            let length = min(content.count - offset, isFull ? room : Int.random(in: 0..<room, using: &generator))
            current += [0x31, 0x60] + content[offset..<(offset + length)]
            offset += length
            packets += 1
            if length < room || packets == packetsPerTransfer {
                transfers.append(current)
                current = []
                packets = 0
            }
        }
        return current.isEmpty ? transfers : transfers + [current]
    }

    @Test("two bytes are taken out of every packet, written by hand")
    func handMade() {
        var filter = FTDIStatusFilter(before: GatheringSink(), packetByteCount: 8)
        filter.receive(hex("3160 010203040506 3160 070809").span.bytes, from: .stream)
        filter.receive(hex("3160").span.bytes, from: .stream)
        filter.receive(hex("3162 0a 0b").span.bytes, from: .stream)
        filter.receive(hex("31").span.bytes, from: .stream)
        filter.receive(hex("").span.bytes, from: .stream)
        #expect(filter.overruns == 1)
        #expect(filter.shortPackets == 1)
        let sink = filter.release()
        #expect(sink.bytes == Array(1...11))
    }

    @Test("whatever the packets' filling and the transfers' length, the data come out whole", arguments: UInt64(0)..<40)
    func roundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let content = (0..<6000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let packetByteCount = seed.isMultiple(of: 2) ? 512 : 64
        var filter = FTDIStatusFilter(before: GatheringSink(), packetByteCount: packetByteCount)
        for transfer in Self.transfers(
            content, packetByteCount: packetByteCount, packetsPerTransfer: Int.random(in: 1...32, using: &generator),
            generator: &generator)
        {
            filter.receive(transfer.span.bytes, from: .stream)
        }
        #expect(filter.overruns == 0 && filter.shortPackets == 0)
        let sink = filter.release()
        #expect(sink.bytes == content)
    }

    @Test("events, gaps, times and room pass unchanged")
    func passing() {
        var filter = FTDIStatusFilter(before: GatheringSink(), packetByteCount: 512)
        filter.receive(hex("010203").span.bytes, from: .events)
        filter.missed(packets: 3, packetNanoseconds: 1)
        filter.transferArrived(hostNanoseconds: 77)
        #expect(filter.hasRoom(forBytes: 99) && !filter.hasRoom(forBytes: 100))
        let sink = filter.release()
        #expect(sink.events == [[1, 2, 3]])
        #expect(sink.missedPackets == 3)
        #expect(sink.times == [77])
    }

    @Test(
        "any transfers and packet lengths neither trap nor hang",
        arguments: [Int.min, -1, 0, 1, 2, 3, 512, Int.max])
    func hostile(packetByteCount: Int) {
        var generator = SeededGenerator(seed: 1)
        var filter = FTDIStatusFilter(before: GatheringSink(), packetByteCount: packetByteCount)
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 0...1100, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            filter.receive(bytes.span.bytes, from: .stream)
        }
        let sink = filter.release()
        #expect(!sink.bytes.isEmpty)
    }
}
