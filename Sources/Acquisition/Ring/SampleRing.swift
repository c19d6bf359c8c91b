internal import CVector
public import Synchronization

/// A ring of bytes with one writer that never waits and any number of readers that each see everything.
///
/// The memory is mapped twice in a row, so that what is claimed or readable is always one piece. Positions
/// are counts of bytes since the start and never wrap. Each cursor lies in a cache line pair of its own:
///
///     +0    head     bytes published; always at the start of a record
///     +128  claimed  bytes that the writer may be overwriting up to; it claims in steps
///     +256  closed   1 when nothing more will come
///     +384  cursors  one for each reader, 128 bytes apart; `free` while no gating reader holds it
///
/// A gating reader holds back the writer, which then drops and counts; a lossy reader is overtaken and counts.
public final class SampleRing: Sendable {
    /// Size in bytes.
    public let capacity: Int
    /// The most readers at a time.
    public static let maximumReaders = 8
    /// A cursor that holds nothing back.
    static let free = UInt.max

    /// The ring's memory; it lives as long as the ring.
    let memory: RingMemory
    private let writerTaken = Atomic<Bool>(false)

    /// Maps a ring.
    ///
    /// - Parameter capacity: bytes, rounded up to a power of two of whole pages.
    public init(capacity wanted: Int) throws(RingError) {
        // The page of every processor that the program runs on, and a limit far beyond any use (project choice).
        let page = 4096
        let most = 1 << 40
        guard wanted <= most else { throw .noMemory(bytes: wanted) }
        var size = page
        while size < wanted { size *= 2 }
        capacity = size
        guard let mapped = mirror_map(size) else { throw .noMemory(bytes: size) }
        let lines = 3 + Self.maximumReaders
        let control = UnsafeMutableRawPointer.allocate(
            byteCount: lines * RingMemory.line, alignment: RingMemory.line)
        for index in 0..<lines {
            let start = index < 3 ? 0 : Self.free
            (control + index * RingMemory.line).bindMemory(to: Atomic<UInt>.self, capacity: 1)
                .initialize(to: Atomic(start))
        }
        memory = RingMemory(bytes: mapped, control: control, capacity: UInt(size))
    }

    deinit {
        mirror_unmap(memory.bytes, capacity)
        memory.control.deallocate()
    }

    private var closed: UnsafeMutablePointer<Atomic<UInt>> { memory.atomic(2) }
    func cursor(_ reader: Int) -> UnsafeMutablePointer<Atomic<UInt>> { memory.cursor(reader) }

    /// Whether the writer has said that nothing more will come.
    public var isClosed: Bool { closed.pointee.load(ordering: .acquiring) != 0 }

    func close() { closed.pointee.store(1, ordering: .releasing) }

    /// The writer's end; there is one.
    public func makeWriter() throws(RingError) -> RingWriter {
        guard !writerTaken.exchange(true, ordering: .acquiringAndReleasing) else { throw .secondWriter }
        return RingWriter(self)
    }

    /// A reader that sees everything from now on; the writer drops rather than overwrite what it has not released.
    public func makeGatingReader() throws(RingError) -> GatingReader {
        for index in 0..<Self.maximumReaders {
            let now = memory.head.pointee.load(ordering: .acquiring)
            let slot = cursor(index)
            let (taken, _) = slot.pointee.compareExchange(
                expected: Self.free, desired: now, ordering: .acquiringAndReleasing)
            guard taken else { continue }
            // The head may have moved before the cursor held it back: begin at what is published now.
            let start = memory.head.pointee.load(ordering: .acquiring)
            slot.pointee.store(start, ordering: .releasing)
            return GatingReader(self, index: index, position: start)
        }
        throw .tooManyReaders
    }

    /// A reader that sees the newest and may be overtaken.
    public func makeLossyReader() -> LossyReader {
        LossyReader(self, position: memory.head.pointee.load(ordering: .acquiring))
    }
}

/// Where a ring's bytes and cursors lie: what its ends work with, copied into each so that no access goes by the ring.
@frozen
@usableFromInline
struct RingMemory: Sendable {
    /// Two cache lines, which processors fetch together.
    @inlinable static var line: Int { 128 }

    /// Sound: the addresses never change during the ring's life, which every end prolongs; the bytes are handed from
    /// writer to readers by release and acquire of the cursors.
    @usableFromInline nonisolated(unsafe) let bytes: UnsafeMutableRawPointer
    /// Sound: as above; behind it lie atomics only.
    @usableFromInline nonisolated(unsafe) let control: UnsafeMutableRawPointer
    /// Bytes, a power of two.
    @usableFromInline let capacity: UInt

    init(bytes: UnsafeMutableRawPointer, control: UnsafeMutableRawPointer, capacity: UInt) {
        self.bytes = bytes
        self.control = control
        self.capacity = capacity
    }

    /// How far beyond a record the writer claims, by which lossy readers see less of the past: 4 KiB, and no more than a
    /// sixteenth of a small ring (project choice: records of 8 bytes then claim once in 512).
    var claimStep: UInt { min(4096, capacity / 16) }

    @inlinable
    func atomic(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt>> {
        (control + index &* Self.line).assumingMemoryBound(to: Atomic<UInt>.self)
    }

    @inlinable var head: UnsafeMutablePointer<Atomic<UInt>> { atomic(0) }
    @inlinable var claimed: UnsafeMutablePointer<Atomic<UInt>> { atomic(1) }
    @inlinable
    func cursor(_ reader: Int) -> UnsafeMutablePointer<Atomic<UInt>> { atomic(3 &+ reader) }

    /// Where a position lies in memory; a whole ring's length can be read or written from there on.
    @inlinable
    func place(of position: UInt) -> UnsafeMutableRawPointer { bytes + Int(bitPattern: position & (capacity &- 1)) }
}

/// Why a ring could not be made or used.
public enum RingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The system gave no memory.
    case noMemory(bytes: Int)
    /// A ring has one writer.
    case secondWriter
    /// All reader slots are taken.
    case tooManyReaders

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noMemory(let bytes): "no memory for a sample ring of \(bytes) bytes: close other programs"
        case .secondWriter: "the sample ring already has its writer"
        case .tooManyReaders: "the sample ring has its \(SampleRing.maximumReaders) readers already"
        }
    }
}
