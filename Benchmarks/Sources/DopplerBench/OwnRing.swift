import Acquisition
import CPeers
import Synchronization

/// The product's ring with its ends, which each thread takes for itself.
final class OwnRing: Sendable {
    private let writer: Mutex<RingWriter?>
    private let first: Mutex<GatingReader?>
    private let second: Mutex<GatingReader?>

    init(bytes: Int, readers: Int) throws {
        let ring = try SampleRing(capacity: bytes)
        writer = Mutex(try ring.makeWriter())
        first = Mutex(try ring.makeGatingReader())
        second = readers > 1 ? Mutex(try ring.makeGatingReader()) : Mutex(nil)
    }

    private func takeWriter() -> RingWriter {
        guard let end = writer.withLock({ $0.take() }) else { peer_fail("a ring has one writer") }
        return end
    }

    private func takeReader(_ index: Int) -> GatingReader {
        let end = index == 0 ? first.withLock { $0.take() } : second.withLock { $0.take() }
        guard let end else { peer_fail("a reader is taken once") }
        return end
    }

    // MARK: Items one at a time

    func produceItems(_ count: Int) {
        var writer = takeWriter()
        var item: UInt64 = 0
        var tries: UInt32 = 0
        while item < UInt64(count) {
            guard let place = writer.claim(8) else {
                peer_wait(&tries)
                continue
            }
            place.storeBytes(of: item, as: UInt64.self)
            writer.publish(8)
            item &+= 1
            tries = 0
        }
    }

    func consumeItems(_ count: Int) -> UInt64 {
        var reader = takeReader(0)
        var sum: UInt64 = 0
        var left = count
        var tries: UInt32 = 0
        while left > 0 {
            guard let place = reader.next(8) else {
                peer_wait(&tries)
                continue
            }
            sum &+= place.load(as: UInt64.self)
            reader.release(8)
            left &-= 1
            tries = 0
        }
        return sum
    }

    // MARK: Blocks

    func produceBlocks(_ source: UnsafeRawPointer, sourceBytes: Int, block: Int, count: Int) {
        var writer = takeWriter()
        for item in 0..<count {
            var tries: UInt32 = 0
            while true {
                if let place = writer.claim(block) {
                    place.copyMemory(from: source + (item * block) % sourceBytes, byteCount: block)
                    writer.publish(block)
                    break
                }
                peer_wait(&tries)
            }
        }
    }

    func consumeBlocks(block: Int, count: Int) {
        var reader = takeReader(0)
        let out = UnsafeMutableRawPointer.allocate(byteCount: block, alignment: 64)
        defer { out.deallocate() }
        for _ in 0..<count {
            var tries: UInt32 = 0
            while true {
                if let place = reader.next(block) {
                    out.copyMemory(from: place, byteCount: block)
                    reader.release(block)
                    break
                }
                peer_wait(&tries)
            }
        }
    }

    // MARK: Broadcast

    /// The ring's room is one piece of memory, so that a batch is written as any array is.
    func produceBatches(_ count: Int, batch: Int) {
        var writer = takeWriter()
        var item = 0
        while item < count {
            let now = min(batch, count - item)
            var tries: UInt32 = 0
            while true {
                if let place = writer.claim(8 * now) {
                    let items = UnsafeMutableBufferPointer(
                        start: place.assumingMemoryBound(to: UInt64.self), count: now)
                    let first = UInt64(item)
                    for index in items.indices { items[index] = first &+ UInt64(truncatingIfNeeded: index) }
                    writer.publish(8 * now)
                    break
                }
                peer_wait(&tries)
            }
            item += now
        }
    }

    func consumeAll(_ index: Int, _ count: Int) -> UInt64 {
        var reader = takeReader(index)
        var sum: UInt64 = 0
        var seen = 0
        while seen < count {
            var tries: UInt32 = 0
            var used = 0
            while used == 0 {
                used = reader.read { span in
                    span.withUnsafeBytes { bytes in
                        for item in bytes.assumingMemoryBound(to: UInt64.self) { sum &+= item }
                    }
                    return span.byteCount
                }
                if used == 0 { peer_wait(&tries) }
            }
            seen += used / 8
        }
        return sum
    }
}
