import Acquisition
import CPeers
import Foundation

/// The ring beside its peers: 8-byte items, blocks, and a broadcast to two readers.
enum RingCases {
    private static let slots = 65_536
    private static let ringBytes = 4 << 20

    static func tables(scale: Double) -> [Table] {
        [items(count: Int(32_000_000 * scale))]
            + [16, 64].map { blocks(kibibytes: $0, total: Int(2_000_000_000 * scale)) }
            + [broadcast(count: Int(64_000_000 * scale))]
    }

    // MARK: Items

    private static func items(count: Int) -> Table {
        let peers: [(String, peer_ring_kind)] = [
            ("own C++ reference", peer_ring_reference), ("boost spsc_queue", peer_ring_boost),
        ]
        var cases = peers.map { name, kind in
            Table.Case(name: name, work: Double(count) / 1e6) {
                let ring = Handle(peer_items_make(kind, UInt64(slots)))
                defer { peer_items_free(kind, ring.pointer) }
                return Threads.run([
                    { peer_items_produce(kind, ring.pointer, UInt64(count)) },
                    { check(peer_items_consume(kind, ring.pointer, UInt64(count)), count) },
                ])
            }
        }
        cases.append(
            Table.Case(name: "SampleRing", work: Double(count) / 1e6) {
                let ring = sampleRing(bytes: 8 * slots)
                return Threads.run([
                    { ring.produceItems(count) }, { check(ring.consumeItems(count), count) },
                ])
            })
        return Table(
            "ring: 8-byte items one at a time, 65,536 slots", unit: "M items/s", usesTwoProcessors: true, cases: cases,
            goals: [
                .init(ours: "SampleRing", peer: "boost spsc_queue", atLeast: 1.3),
                .init(ours: "SampleRing", peer: "own C++ reference", atLeast: 0.8),
            ])
    }

    // MARK: Blocks

    private static func blocks(kibibytes: Int, total: Int) -> Table {
        let block = kibibytes << 10
        let count = max(1, total / block)
        let work = Double(count * block) / 1e9
        let source = Handle(Data(repeating: 7, count: 1 << 20))
        let cases = [
            Table.Case(name: "memcpy, one thread", work: work) {
                let area = Handle(Data(repeating: 1, count: ringBytes))
                return Threads.run([
                    { _ = peer_memcpy(area.pointer, ringBytes, source.pointer, 1 << 20, block, UInt64(count)) }
                ])
            },
            Table.Case(name: "JACK ringbuffer", work: work) {
                let ring = Handle(peer_jack_make(ringBytes))
                defer { peer_jack_free(ring.pointer) }
                return Threads.run([
                    { peer_jack_produce(ring.pointer, source.pointer, 1 << 20, block, UInt64(count)) },
                    { _ = peer_jack_consume(ring.pointer, block, UInt64(count)) },
                ])
            },
            Table.Case(name: "SampleRing", work: work) {
                let ring = sampleRing(bytes: ringBytes)
                return Threads.run([
                    { ring.produceBlocks(source.pointer, sourceBytes: 1 << 20, block: block, count: count) },
                    { ring.consumeBlocks(block: block, count: count) },
                ])
            },
        ]
        return Table(
            "ring: blocks of \(kibibytes) KiB, copied in and out, 4 MiB", unit: "GB/s", usesTwoProcessors: true,
            cases: cases,
            goals: [
                .init(ours: "SampleRing", peer: "JACK ringbuffer", atLeast: 0.95),
                .init(ours: "SampleRing", peer: "memcpy, one thread", atLeast: 0.85),
            ])
    }

    // MARK: Broadcast

    private static func broadcast(count: Int) -> Table {
        let batch = 64
        let cases = [
            Table.Case(name: "own C++ reference", work: Double(count) / 1e6) {
                let ring = Handle(peer_broadcast_make(UInt64(slots), 2))
                defer { peer_broadcast_free(ring.pointer) }
                return Threads.run([
                    { peer_broadcast_produce(ring.pointer, UInt64(count), UInt64(batch)) },
                    { check(peer_broadcast_consume(ring.pointer, 0, UInt64(count)), count) },
                    { check(peer_broadcast_consume(ring.pointer, 1, UInt64(count)), count) },
                ])
            },
            Table.Case(name: "SampleRing", work: Double(count) / 1e6) {
                let ring = sampleRing(bytes: 8 * slots, readers: 2)
                return Threads.run([
                    { ring.produceBatches(count, batch: batch) },
                    { check(ring.consumeAll(0, count), count) },
                    { check(ring.consumeAll(1, count), count) },
                ])
            },
        ]
        return Table(
            "broadcast: two readers that each see every 8-byte item, batches of 64", unit: "M items/s",
            usesTwoProcessors: true, cases: cases,
            goals: [.init(ours: "SampleRing", peer: "own C++ reference", atLeast: 1.2)])
    }

    // MARK: Parts

    private static func sampleRing(bytes: Int, readers: Int = 1) -> OwnRing {
        do { return try OwnRing(bytes: bytes, readers: readers) } catch {
            peer_fail("\(error)")
        }
    }

    /// Every run proves that nothing was lost or doubled.
    @Sendable
    private static func check(_ sum: UInt64, _ count: Int) {
        guard sum != UInt64(count) * UInt64(count - 1) / 2 else { return }
        peer_fail("a ring lost or doubled items")
    }
}

/// A pointer that threads share; what lies behind it is made for that.
final class Handle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    private let isOwner: Bool

    init(_ pointer: UnsafeMutableRawPointer?) {
        guard let pointer else {
            peer_fail("no memory")
        }
        self.pointer = pointer
        isOwner = false
    }

    init(_ content: Data) {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 4096)
        content.copyBytes(to: room)
        guard let start = room.baseAddress else { peer_fail("no memory") }
        pointer = start
        isOwner = true
    }

    deinit { if isOwner { pointer.deallocate() } }
}
