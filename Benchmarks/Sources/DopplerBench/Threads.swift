import CPeers
import Foundation
import Glibc
import Synchronization

/// Threads that each keep to one processor, started together.
enum Threads {
    /// Seconds that all bodies took; the first runs on processor 0, the others on 1, 0, 1 and so on.
    static func seconds(_ bodies: [@Sendable () -> Void]) -> Double {
        let ready = Counter()
        let started = Counter()
        let threads = bodies.enumerated().map { index, body in
            Thread {
                peer_pin(Int32(index % 2))
                ready.add()
                while started.value == 0 { sched_yield() }
                body()
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
        return begin.duration(to: clock.now).seconds
    }

    /// Nanoseconds of a round trip of one cache line between processors 0 and 1.
    ///
    /// The host of a virtual machine moves its processors: item rates of every ring fall by 5 to 10 times when the
    /// round trip grows from 100 to 600 ns, so that a ring's figure means nothing without it.
    static func roundTripNanoseconds(trips: Int = 4000) -> Double {
        let there = Line()
        let back = Line()
        let took = seconds([
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
        ])
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
