internal import CVector
internal import Glibc
import Synchronization

/// The writing end of a ring.
///
/// It belongs to the acquisition thread and never waits.
public struct RingWriter: ~Copyable, Sendable {
    private let ring: SampleRing
    private var head: UInt = 0
    /// The slowest gating cursor when it was last looked at; it only moves forward.
    private var slowest: UInt = 0

    init(_ ring: SampleRing) { self.ring = ring }

    /// Bytes published so far.
    public var position: UInt { head }

    /// Whether so many bytes can be claimed now.
    ///
    /// A reader that joins later starts at the published head, so that it never needs what is claimed here.
    public func hasRoom(for count: Int) -> Bool {
        head &+ UInt(count) &- slowestNow() <= UInt(ring.capacity)
    }

    private func slowestNow() -> UInt {
        var least = head
        for index in 0..<SampleRing.maximumReaders {
            least = min(least, ring.cursor(index).pointee.load(ordering: .acquiring))
        }
        return least
    }

    /// Room for `count` bytes in one piece, or `nil` when a gating reader still needs the space.
    public mutating func claim(_ count: Int) -> UnsafeMutableRawPointer? {
        let end = head &+ UInt(count)
        guard count <= ring.capacity else { return nil }
        if end &- slowest > UInt(ring.capacity) {
            slowest = slowestNow()
            guard end &- slowest <= UInt(ring.capacity) else { return nil }
        }
        ring.claimed.pointee.store(end, ordering: .relaxed)
        // Later plain stores must not be seen before the claim, or a lossy reader could take torn bytes for whole ones.
        atomicMemoryFence(ordering: .acquiringAndReleasing)
        return ring.bytes + Int(head % UInt(ring.capacity))
    }

    /// Shows the first `count` claimed bytes to the readers.
    ///
    /// The end must be the start of the next record.
    public mutating func publish(_ count: Int) {
        head &+= UInt(count)
        ring.head.pointee.store(head, ordering: .releasing)
    }

    /// Says that nothing more will come.
    public consuming func close() { ring.close() }
}

/// A reader that holds back the writer until it releases what it has read.
public struct GatingReader: ~Copyable, Sendable {
    private let ring: SampleRing
    private let index: Int
    private var position: UInt

    init(_ ring: SampleRing, index: Int, position: UInt) {
        self.ring = ring
        self.index = index
        self.position = position
    }

    deinit { ring.cursor(index).pointee.store(SampleRing.free, ordering: .releasing) }

    /// Reads all that is published and not yet released, in one piece, then releases what `body` says it used.
    ///
    /// - Returns: how many bytes were released; 0 when nothing new is there.
    @discardableResult
    public mutating func read<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Int) throws(Failure) -> Int {
        let head = ring.head.pointee.load(ordering: .acquiring)
        let count = Int(head &- position)
        guard count > 0 else { return 0 }
        let start = UnsafeRawPointer(ring.bytes) + Int(position % UInt(ring.capacity))
        let used = try body(RawSpan(_unsafeStart: start, byteCount: count))
        position &+= UInt(used)
        ring.cursor(index).pointee.store(position, ordering: .releasing)
        return used
    }

    /// Whether the writer has closed: what is readable now is the last.
    public var isWriterDone: Bool { ring.isClosed }

    /// Whether the writer has closed and everything has been released.
    public var isFinished: Bool {
        // Closed is read first: what was published before closing is then visible.
        ring.isClosed && ring.head.pointee.load(ordering: .acquiring) == position
    }

    /// Waits until something is there to read or the ring is finished.
    public func wait() {
        var waiting = Backoff()
        while ring.head.pointee.load(ordering: .acquiring) == position && !ring.isClosed { waiting.pause() }
    }
}

/// A reader that never holds back the writer: it takes copies, and counts when it is overtaken.
public struct LossyReader: ~Copyable, Sendable {
    private let ring: SampleRing
    private var position: UInt
    /// Bytes that the writer overwrote before they were read.
    public private(set) var lostBytes: UInt = 0

    init(_ ring: SampleRing, position: UInt) {
        self.ring = ring
        self.position = position
    }

    /// Copies what is new, whole records only, at most as much as fits.
    ///
    /// This is a race by design: the bytes may be overwritten while they are copied. The copy is used only
    /// when the writer's claim, looked at afterwards, shows that it had not come round.
    ///
    /// - Returns: how many bytes of `buffer` hold whole records; 0 when nothing new is there or it was overtaken.
    public mutating func copy(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let destination = buffer.baseAddress else { return 0 }
        let head = ring.head.pointee.load(ordering: .acquiring)
        let count = head &- position
        guard count > 0 else { return 0 }
        guard count <= UInt(buffer.count), !isOvertaken() else { return skip(to: head) }
        destination.copyMemory(from: ring.bytes + Int(position % UInt(ring.capacity)), byteCount: Int(count))
        atomicMemoryFence(ordering: .acquiring)
        guard !isOvertaken() else { return skip(to: head) }
        position = head
        return Int(count)
    }

    private func isOvertaken() -> Bool {
        ring.claimed.pointee.load(ordering: .acquiring) &- position > UInt(ring.capacity)
    }

    private mutating func skip(to head: UInt) -> Int {
        lostBytes &+= head &- position
        position = head
        return 0
    }
}

/// Waits a little longer each time: first in the processor, then by giving the core up, then asleep.
struct Backoff {
    private var tries = 0

    mutating func pause() {
        tries += 1
        if tries < 64 {
            processor_pause()
        } else if tries < 96 {
            sched_yield()
        } else {
            usleep(500)
        }
    }
}
