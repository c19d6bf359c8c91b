internal import CVector
internal import Glibc
public import Synchronization

/// The writing end of a ring.
///
/// It belongs to the acquisition thread and never waits.
@frozen
public struct RingWriter: ~Copyable, Sendable {
    @usableFromInline let ring: SampleRing
    @usableFromInline let memory: RingMemory
    @usableFromInline var head: UInt = 0
    /// What has been claimed already, and no gating reader needs any more: up to here a claim costs a comparison.
    @usableFromInline var claimedEnd: UInt = 0

    init(_ ring: SampleRing) {
        self.ring = ring
        memory = ring.memory
    }

    /// Bytes published so far.
    public var position: UInt { head }

    /// Whether so many bytes can be claimed now.
    ///
    /// A reader that joins later starts at the published head, so that it never needs what is claimed here.
    public func hasRoom(for count: Int) -> Bool { head &+ UInt(count) &- slowestNow() <= memory.capacity }

    private func slowestNow() -> UInt {
        var least = head
        for index in 0..<SampleRing.maximumReaders {
            least = min(least, memory.cursor(index).pointee.load(ordering: .acquiring))
        }
        return least
    }

    /// Room for `count` bytes in one piece, or `nil` when a gating reader still needs the space.
    @inlinable
    public mutating func claim(_ count: Int) -> UnsafeMutableRawPointer? {
        let end = head &+ UInt(count)
        guard end <= claimedEnd || extendClaim(to: end) else { return nil }
        return memory.place(of: head)
    }

    /// Claims up to `end`, and a step beyond it where there is room, so that small records do not claim one by one.
    @usableFromInline
    mutating func extendClaim(to end: UInt) -> Bool {
        let limit = slowestNow() &+ memory.capacity
        guard end <= limit else { return false }
        claimedEnd = min(limit, end &+ memory.claimStep)
        memory.claimed.pointee.store(claimedEnd, ordering: .relaxed)
        // Later plain stores must not be seen before the claim, or a lossy reader could take torn bytes for whole ones.
        atomicMemoryFence(ordering: .acquiringAndReleasing)
        return true
    }

    /// Shows the first `count` claimed bytes to the readers.
    ///
    /// The end must be the start of the next record.
    @inlinable
    public mutating func publish(_ count: Int) {
        head &+= UInt(count)
        memory.head.pointee.store(head, ordering: .releasing)
    }

    /// Says that nothing more will come.
    public consuming func close() { ring.close() }
}

/// A reader that holds back the writer until it releases what it has read.
@frozen
public struct GatingReader: ~Copyable, Sendable {
    @usableFromInline let ring: SampleRing
    @usableFromInline let memory: RingMemory
    @usableFromInline let index: Int
    @usableFromInline var position: UInt
    /// The head when it was last looked at.
    @usableFromInline var seenHead: UInt

    init(_ ring: SampleRing, index: Int, position: UInt) {
        self.ring = ring
        memory = ring.memory
        self.index = index
        self.position = position
        seenHead = position
    }

    deinit { memory.cursor(index).pointee.store(SampleRing.free, ordering: .releasing) }

    /// Reads all that is published and not yet released, in one piece, then releases what `body` says it used.
    ///
    /// - Returns: how many bytes were released; 0 when nothing new is there.
    @inlinable
    @discardableResult
    public mutating func read<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Int) throws(Failure) -> Int {
        seenHead = memory.head.pointee.load(ordering: .acquiring)
        let count = Int(seenHead &- position)
        guard count > 0 else { return 0 }
        let start = UnsafeRawPointer(memory.place(of: position))
        let used = try body(RawSpan(_unsafeStart: start, byteCount: count))
        release(used)
        return used
    }

    /// Where the next `count` bytes stand, or `nil` when fewer are published; `release` must follow.
    ///
    /// The bytes stay in place until they are released.
    @inlinable
    public mutating func next(_ count: Int) -> UnsafeRawPointer? {
        guard seenHead &- position >= UInt(count) || lookAgain(for: UInt(count)) else { return nil }
        return UnsafeRawPointer(memory.place(of: position))
    }

    /// Eight cache lines: less than this is little (project choice).
    private static let little: UInt = 512
    /// About as long as a cache line takes from one processor to another and back (project choice).
    private static let momentPauses = 16

    /// Looks at the head again.
    ///
    /// Each look takes its cache line from the writer; where little is new, the writer is given a moment, so that a fast
    /// reader does not slow it down item by item.
    @usableFromInline
    mutating func lookAgain(for count: UInt) -> Bool {
        seenHead = memory.head.pointee.load(ordering: .acquiring)
        if seenHead &- position < Self.little {
            for _ in 0..<Self.momentPauses { processor_pause() }
            seenHead = memory.head.pointee.load(ordering: .acquiring)
        }
        return seenHead &- position >= count
    }

    /// Gives `count` bytes that were read back to the writer.
    @inlinable
    public mutating func release(_ count: Int) {
        position &+= UInt(count)
        memory.cursor(index).pointee.store(position, ordering: .releasing)
    }

    /// Whether the writer has closed: what is readable now is the last.
    public var isWriterDone: Bool { ring.isClosed }

    /// Whether the writer has closed and everything has been released.
    public var isFinished: Bool {
        // Closed is read first: what was published before closing is then visible.
        ring.isClosed && memory.head.pointee.load(ordering: .acquiring) == position
    }

    /// Waits until something is there to read or the ring is finished.
    public func wait() {
        var waiting = Backoff()
        while memory.head.pointee.load(ordering: .acquiring) == position && !ring.isClosed { waiting.pause() }
    }
}

/// A reader that never holds back the writer: it takes copies, and counts when it is overtaken.
public struct LossyReader: ~Copyable, Sendable {
    private let ring: SampleRing
    private let memory: RingMemory
    private var position: UInt
    /// Bytes that the writer overwrote before they were read.
    public private(set) var lostBytes: UInt = 0

    init(_ ring: SampleRing, position: UInt) {
        self.ring = ring
        memory = ring.memory
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
        let head = memory.head.pointee.load(ordering: .acquiring)
        let count = head &- position
        guard count > 0 else { return 0 }
        guard count <= UInt(buffer.count), !isOvertaken() else { return skip(to: head) }
        destination.copyMemory(from: memory.place(of: position), byteCount: Int(count))
        atomicMemoryFence(ordering: .acquiring)
        guard !isOvertaken() else { return skip(to: head) }
        position = head
        return Int(count)
    }

    private func isOvertaken() -> Bool {
        memory.claimed.pointee.load(ordering: .acquiring) &- position > memory.capacity
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
