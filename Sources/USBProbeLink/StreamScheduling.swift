internal import Glibc

/// How the thread of a run is scheduled: before others where the system allows it, so that a busy machine loses nothing.
public enum StreamScheduling: String, Sendable, CaseIterable {
    /// Real time, round robin (SCHED_RR), at the lowest of its priorities.
    case realTime
    /// Ordinary, but nicer to this thread than to others.
    case raised
    /// As any other thread: the system allows nothing else, or no run is at work.
    case ordinary
}

/// Asks for a better place among the threads of the machine for the calling thread, and gives it back.
struct RaisedPriority {
    /// Niceness of the thread where real time is not allowed; project choice, as sound servers have it.
    private static let niceness: Int32 = -10

    /// `PRIO_PROCESS`, which with the number 0 means the calling thread on Linux.
    private static let thread = __priority_which_t(PRIO_PROCESS.rawValue)

    /// What the system allowed.
    let scheduling: StreamScheduling
    private var policy: Int32 = 0
    private var parameters = sched_param()
    private var nicenessBefore: Int32 = 0

    /// Raises the calling thread's priority as far as it may be.
    init() {
        let thread = pthread_self()
        guard pthread_getschedparam(thread, &policy, &parameters) == 0 else {
            scheduling = .ordinary
            return
        }
        var wanted = sched_param()
        wanted.sched_priority = sched_get_priority_min(SCHED_RR)
        if pthread_setschedparam(thread, SCHED_RR, &wanted) == 0 {
            scheduling = .realTime
            return
        }
        nicenessBefore = getpriority(Self.thread, 0)
        scheduling =
            nicenessBefore > Self.niceness && setpriority(Self.thread, 0, Self.niceness) == 0 ? .raised : .ordinary
    }

    /// Gives the calling thread its place back; it must be the one that made this.
    func restore() {
        switch scheduling {
        case .realTime:
            var before = parameters
            pthread_setschedparam(pthread_self(), policy, &before)
        case .raised: setpriority(Self.thread, 0, nicenessBefore)
        case .ordinary: break
        }
    }
}
