internal import Synchronization

/// When the first and the newest frame of a run arrived: noted on the acquisition thread without a lock, read elsewhere.
///
/// One thread writes. A reader that meets a note half written looks again.
final class ArrivalNote: Sendable {
    /// A frame's end and when it came.
    struct Arrival: Sendable, Equatable {
        var endPulse: UInt64
        var nanoseconds: UInt64
    }

    private let first = ArrivalCell()
    private let newest = ArrivalCell()

    /// Notes a frame; on the acquisition thread alone.
    func note(endPulse: UInt64, nanoseconds: UInt64) {
        if first.read() == nil { first.write(endPulse, nanoseconds) }
        newest.write(endPulse, nanoseconds)
    }

    /// The run's first frame; `nil` before it.
    var firstArrival: Arrival? { first.read() }
    /// The run's newest frame; `nil` before the first.
    var newestArrival: Arrival? { newest.read() }
}

/// Two numbers that are read as a pair: a count that is odd while they are written stands before them.
private final class ArrivalCell: Sendable {
    private let count = Atomic<UInt64>(0)
    private let endPulse = Atomic<UInt64>(0)
    private let nanoseconds = Atomic<UInt64>(0)

    func write(_ pulse: UInt64, _ time: UInt64) {
        count.wrappingAdd(1, ordering: .acquiringAndReleasing)
        endPulse.store(pulse, ordering: .sequentiallyConsistent)
        nanoseconds.store(time, ordering: .sequentiallyConsistent)
        count.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }

    func read() -> ArrivalNote.Arrival? {
        while true {
            let before = count.load(ordering: .sequentiallyConsistent)
            guard before > 0 else { return nil }
            let pair = ArrivalNote.Arrival(
                endPulse: endPulse.load(ordering: .sequentiallyConsistent),
                nanoseconds: nanoseconds.load(ordering: .sequentiallyConsistent))
            if before % 2 == 0, count.load(ordering: .sequentiallyConsistent) == before { return pair }
        }
    }
}
