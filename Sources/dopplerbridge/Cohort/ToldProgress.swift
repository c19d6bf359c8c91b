import Synchronization

/// Tells how far many exams are, from several tasks.
final class ToldProgress: Sendable {
    private let console: Console
    private let total: Int
    private let done = Mutex(0)
    /// How often it is told where nobody looks at a terminal (project choice).
    private static let toldEvery = 100

    init(_ console: Console, of total: Int) {
        self.console = console
        self.total = total
    }

    /// One more exam is done.
    func next() {
        let now = done.withLock { done in
            done += 1
            return done
        }
        if console.isTerminal || now.isMultiple(of: Self.toldEvery) || now == total {
            console.progress(now, of: total, "exams")
        }
    }
}
