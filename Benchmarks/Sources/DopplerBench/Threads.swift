import CPeers
import Foundation
import Glibc
import Synchronization

/// Threads that each keep to one processor, started together.
enum Threads {
    /// What a run took.
    struct Run {
        var seconds: Double
        /// Least share of its time that a thread had the processor for itself; `nil` = not known.
        var processorShare: Double?

        /// Seconds that the processor worked for it, which is what counts with one thread; all where that is not known.
        var processorSeconds: Double { seconds * (processorShare ?? 1) }
    }

    /// Runs all bodies; the first runs on processor 0, the others on 1, 0, 1 and so on.
    static func run(_ bodies: [@Sendable () -> Void]) -> Run {
        let ready = Counter()
        let started = Counter()
        let shares = Mutex<[Double]>([])
        let threads = bodies.enumerated().map { index, body in
            Thread {
                peer_pin(Int32(index % 2))
                ready.add()
                while started.value == 0 { sched_yield() }
                let wall = seconds(of: CLOCK_MONOTONIC)
                let own = seconds(of: CLOCK_THREAD_CPUTIME_ID)
                body()
                let share =
                    (seconds(of: CLOCK_THREAD_CPUTIME_ID) - own) / max(1e-9, seconds(of: CLOCK_MONOTONIC) - wall)
                shares.withLock { $0.append(share) }
                ready.add()
            }
        }
        for thread in threads { thread.start() }
        while ready.value < bodies.count { sched_yield() }
        let clock = ContinuousClock()
        let begin = clock.now
        started.add()
        // Sleeping would cost the last of them their time; giving the core up costs nothing here.
        while ready.value < 2 * bodies.count { usleep(50) }
        return Run(seconds: begin.duration(to: clock.now).seconds, processorShare: shares.withLock { $0.min() })
    }

    private static func seconds(of clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Nanoseconds of a round trip of one cache line between processors 0 and 1.
    ///
    /// The host of a virtual machine moves its processors: item rates of every ring fall by 5 to 10 times when the
    /// round trip grows from 100 to 600 ns, so that a ring's figure means nothing without it.
    static func roundTripNanoseconds(trips: Int = 4000) -> Double {
        let there = Line()
        let back = Line()
        let took = run([
            {
                for trip in 1...trips {
                    there.value.store(trip, ordering: .releasing)
                    wait { back.value.load(ordering: .acquiring) == trip }
                }
            },
            {
                for trip in 1...trips {
                    wait { there.value.load(ordering: .acquiring) == trip }
                    back.value.store(trip, ordering: .releasing)
                }
            },
        ]).seconds
        return took / Double(trips) * 1e9
    }

    /// The same waiting rule for every ring.
    @inline(__always)
    static func wait(until holds: () -> Bool) {
        var tries: UInt32 = 0
        while !holds() { peer_wait(&tries) }
    }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .acquiring) }
        func add() { count.add(1, ordering: .acquiringAndReleasing) }
    }

    /// A number in a cache line of its own.
    private final class Line: Sendable {
        private let before: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
        let value = Atomic<Int>(0)
        private let after: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
    }
}

extension Duration {
    /// As a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
