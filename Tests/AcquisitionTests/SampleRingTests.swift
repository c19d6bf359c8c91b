import Synchronization
import TestSupport
import Testing

@testable import Acquisition  // The ring's cursors are not public, and their rules are tested here.

@Suite("Sample ring")
struct SampleRingTests {
    private func publish(_ bytes: [UInt8], _ writer: inout RingWriter) -> Bool {
        guard let place = writer.claim(bytes.count) else { return false }
        for (offset, byte) in bytes.enumerated() { place.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self) }
        writer.publish(bytes.count)
        return true
    }

    @Test("gives bytes across the seam in one piece")
    func seam() throws {
        let ring = try SampleRing(capacity: 4096)
        var writer = try ring.makeWriter()
        var reader = try ring.makeGatingReader()
        var seen: [UInt8] = []
        for round in 0..<50 {
            let block = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &+ round) }
            #expect(publish(block, &writer))
            reader.read { bytes in
                bytes.withUnsafeBytes { seen = Array($0) }
                return bytes.byteCount
            }
            #expect(seen == block)
        }
    }

    @Test("is a power of two of pages in size, and refuses what no memory could hold")
    func size() throws {
        #expect(try SampleRing(capacity: 0).capacity == 4096)
        #expect(try SampleRing(capacity: 4097).capacity == 8192)
        #expect(try SampleRing(capacity: 12_288).capacity == 16_384)
        #expect(throws: RingError.noMemory(bytes: Int.max)) { _ = try SampleRing(capacity: .max) }
    }

    @Test("hands out items one at a time, in order, and no more than are published")
    func items() throws {
        let ring = try SampleRing(capacity: 4096)
        var writer = try ring.makeWriter()
        var reader = try ring.makeGatingReader()
        for item in 0..<2000 {
            let before = reader.next(8)
            #expect(before == nil)
            #expect(publish([UInt8](repeating: UInt8(truncatingIfNeeded: item), count: 8), &writer))
            let next = reader.next(8)
            let place = try #require(next)
            #expect(place.load(as: UInt8.self) == UInt8(truncatingIfNeeded: item))
            let tooMuch = reader.next(16)
            #expect(tooMuch == nil)
            reader.release(8)
        }
    }

    @Test("refuses room that a gating reader still needs, and gives it after the release")
    func gating() throws {
        let ring = try SampleRing(capacity: 4096)
        var writer = try ring.makeWriter()
        var reader = try ring.makeGatingReader()
        #expect(publish([UInt8](repeating: 1, count: 4096), &writer))
        let hasRoom = writer.hasRoom(for: 1)
        #expect(!hasRoom)
        #expect(!publish([2], &writer))
        reader.read { _ in 96 }
        #expect(publish([UInt8](repeating: 2, count: 96), &writer))
        #expect(!publish([3], &writer))
    }

    @Test("the slowest of several gating readers decides, and one that goes away no longer counts")
    func slowest() throws {
        let ring = try SampleRing(capacity: 4096)
        var writer = try ring.makeWriter()
        var fast = try ring.makeGatingReader()
        do {
            let slow = try ring.makeGatingReader()
            #expect(publish([UInt8](repeating: 1, count: 4096), &writer))
            fast.read { $0.byteCount }
            #expect(!publish([2], &writer))
            _ = consume slow
        }
        #expect(publish([2], &writer))
    }

    @Test("an overtaken lossy reader counts what it lost and goes on with the newest")
    func lossy() throws {
        let ring = try SampleRing(capacity: 4096)
        var writer = try ring.makeWriter()
        var reader = ring.makeLossyReader()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
        defer { buffer.deallocate() }
        #expect(publish([UInt8](repeating: 1, count: 3000), &writer))
        #expect(publish([UInt8](repeating: 2, count: 3000), &writer))
        #expect(reader.copy(into: buffer) == 0)
        #expect(reader.lostBytes == 6000)
        #expect(publish([7, 8, 9], &writer))
        #expect(reader.copy(into: buffer) == 3)
        #expect(Array(buffer.prefix(3)) == [7, 8, 9])
    }

    @Test("the writer claims beyond what it shows, by no more than a step, and never what a gating reader still needs")
    func claims() throws {
        let ring = try SampleRing(capacity: 65_536)
        var writer = try ring.makeWriter()
        var reader = try ring.makeGatingReader()
        func claimed() -> Int { Int(ring.memory.claimed.pointee.load(ordering: .acquiring)) }
        #expect(claimed() == 0)
        #expect(publish([UInt8](repeating: 1, count: 8), &writer))
        #expect(claimed() == 8 + 4096)
        // What is claimed already is not claimed again.
        for _ in 0..<512 { #expect(publish([UInt8](repeating: 1, count: 8), &writer)) }
        #expect(claimed() == 8 + 4096)
        #expect(publish([UInt8](repeating: 1, count: 65_536 - 8 - 4096), &writer))
        #expect(claimed() == 65_536)
        #expect(!publish([2], &writer))
        #expect(claimed() == 65_536)
        reader.read { _ in 16 }
        #expect(publish([UInt8](repeating: 2, count: 16), &writer))
        #expect(claimed() == 65_536 + 16)
    }

    /// What stands at a position, and at no other nearby.
    private func byte(at position: Int) -> UInt8 { UInt8(truncatingIfNeeded: (position &* 0x9E37_79B1) >> 13) }

    @Test(
        "every byte that any reader gets, however late it joins, is the one that was written there",
        arguments: 0..<40 as Range<UInt64>)
    func bytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let ring = try SampleRing(capacity: [4096, 8192].randomElement(using: &random) ?? 4096)
        var writer = try ring.makeWriter()
        var early = try ring.makeGatingReader()
        var lossy = ring.makeLossyReader()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ring.capacity, alignment: 8)
        defer { buffer.deallocate() }
        var (written, earlySeen, lossySeen, refused) = (0, 0, 0, 0)
        for step in 0..<200 {
            let count = Int.random(in: 1...(step % 7 == 0 ? ring.capacity / 2 : 200), using: &random)
            if publish((0..<count).map { byte(at: written + $0) }, &writer) { written += count } else { refused += 1 }
            if Int.random(in: 0..<10, using: &random) == 0 {
                let part = Int.random(in: 1...64, using: &random)
                let joined = try ring.makeGatingReader()
                #expect(joined.position == UInt(written))
                early.read { span in
                    let used = max(1, span.byteCount * part / 64)
                    span.withUnsafeBytes { bytes in
                        for offset in 0..<used where bytes[offset] != byte(at: earlySeen + offset) {
                            Issue.record("gating: byte \(earlySeen + offset) is \(bytes[offset])")
                        }
                    }
                    earlySeen += used
                    return used
                }
            }
            if Int.random(in: 0..<6, using: &random) == 0 {
                let copied = lossy.copy(into: buffer)
                let from = lossySeen + Int(lossy.lostBytes)
                for offset in 0..<copied where buffer[offset] != byte(at: from + offset) {
                    Issue.record("lossy: byte \(from + offset) is \(buffer[offset])")
                }
                lossySeen += copied
            }
        }
        #expect(refused > 0 && earlySeen > 0)
        #expect(lossySeen + Int(lossy.lostBytes) <= written)
    }

    @Test("has one writer and at most eight readers")
    func ends() throws {
        let ring = try SampleRing(capacity: 4096)
        _ = try ring.makeWriter()
        #expect(throws: RingError.secondWriter) { _ = try ring.makeWriter() }
        var readers: [Holder] = []
        for _ in 0..<SampleRing.maximumReaders { readers.append(Holder(try ring.makeGatingReader())) }
        #expect(throws: RingError.tooManyReaders) { _ = try ring.makeGatingReader() }
        #expect(readers.count == SampleRing.maximumReaders)
    }

    private final class Holder {
        let reader: GatingReader
        init(_ reader: consuming GatingReader) { self.reader = reader }
    }
}
