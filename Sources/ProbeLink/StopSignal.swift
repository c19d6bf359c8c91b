import Synchronization

/// Says once, to any number of threads, that a run is to end.
public final class StopSignal: Sendable {
    private let requested = Atomic<Bool>(false)

    /// A signal that has not been given.
    public init() {}

    /// Whether the run is to end.
    public var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Gives the signal.
    ///
    /// Giving it again changes nothing. Safe in a signal handler.
    public func request() { requested.store(true, ordering: .releasing) }
}
