import Synchronization

/// Says once, to any number of threads, that a run is to end.
public final class StopSignal: Sendable {
    private let requested = Atomic<Bool>(false)
    private let leader: StopSignal?

    /// A signal that has not been given.
    ///
    /// - Parameter leader: another signal that counts as this one, but not the other way round: a source can then
    ///   end its own run, and its caller still sees whether the stop was asked for.
    public init(following leader: StopSignal? = nil) { self.leader = leader }

    /// Whether the run is to end.
    public var isRequested: Bool {
        requested.load(ordering: .acquiring) || (leader?.isRequested ?? false)
    }

    /// Gives the signal.
    ///
    /// Giving it again changes nothing. Safe in a signal handler.
    public func request() { requested.store(true, ordering: .releasing) }
}
