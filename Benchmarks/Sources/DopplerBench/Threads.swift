import CPeers
import Dispatch
import Foundation
import Glibc
import Synchronization

/// Threads that each keep to one processor, started together.
enum Threads {
    /// What a run took.
    struct Run {
        var seconds: Double
        /// Share of that time that its threads had their processors, all together.
        var processorShare: Double

        /// Seconds that the processor worked for it, which is what counts with one thread.
        var processorSeconds: Double { seconds * processorShare }
    }

    /// When a thread began and ended, and what it had of its processor.
    private struct Stretch {
        var began: Double
        var ended: Double
        var processorSeconds: Double
    }

    /// Runs all bodies; the first runs on processor 0, the others on 1, 0, 1 and so on.
    ///
    /// They start together and take their own times; meanwhile the caller sleeps, since both processors are theirs.
    static func run(_ bodies: [@Sendable () -> Void]) -> Run {
        let ready = Counter()
        let ended = DispatchSemaphore(value: 0)
        let stretches = Mutex<[Stretch]>([])
        let count = bodies.count
        for (index, body) in bodies.enumerated() {
            let thread = Thread {
                peer_pin(Int32(index % 2))
                ready.add()
                while ready.value < count { sched_yield() }
                let began = seconds(of: CLOCK_MONOTONIC)
                let own = seconds(of: CLOCK_THREAD_CPUTIME_ID)
                body()
                let had = seconds(of: CLOCK_THREAD_CPUTIME_ID) - own
                let stretch = Stretch(began: began, ended: seconds(of: CLOCK_MONOTONIC), processorSeconds: had)
                stretches.withLock { $0.append(stretch) }
                ended.signal()
            }
            thread.start()
        }
        for _ in bodies { ended.wait() }
        return stretches.withLock { all in
            let began = all.map(\.began).min() ?? 0
            let took = max(1e-9, (all.map(\.ended).max() ?? 0) - began)
            let had = all.reduce(0) { $0 + $1.processorSeconds }
            return Run(seconds: took, processorShare: min(1, had / (Double(min(2, count)) * took)))
        }
    }

    private static func seconds(of clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Nanoseconds of a round trip of one cache line between processors 0 and 1, the middle of several short measurements,
    /// so that a moment in which the host takes a processor away is not taken for distance.
    ///
    /// The host of a virtual machine moves its processors: item rates of every ring fall by 5 to 10 times when the
    /// round trip grows from 100 to 600 ns, so that a ring's figure means nothing without it.
    static func roundTripNanoseconds(times: Int = 9, trips: Int = 500) -> Double {
        let there = Line()
        let back = Line()
        let took = Mutex<[Double]>([])
        _ = run([
            {
                for time in 0..<times {
                    let began = seconds(of: CLOCK_MONOTONIC)
                    for trip in 1...trips {
                        there.value.store(time * trips + trip, ordering: .releasing)
                        while back.value.load(ordering: .acquiring) != time * trips + trip {}
                    }
                    let one = (seconds(of: CLOCK_MONOTONIC) - began) / Double(trips) * 1e9
                    took.withLock { $0.append(one) }
                }
            },
            {
                for trip in 1...times * trips {
                    while there.value.load(ordering: .acquiring) != trip {}
                    back.value.store(trip, ordering: .releasing)
                }
            },
        ])
        return took.withLock { Table.median($0) ?? .nan }
    }

    /// The round trip of this machine as it mostly is.
    static func usualRoundTripNanoseconds() -> Double {
        Table.median((0..<31).map { _ in roundTripNanoseconds() }) ?? .nan
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
