import Foundation
import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("watch")
    struct WatchTests {
        /// Longer than any of it takes; a failure, not a wait.
        private static let limit = Duration.seconds(20)

        private static func watch(hasUdev: Bool, serialNumber: String? = nil) throws -> USBProbeWatch {
            try USBProbeWatch(
                for: [IsoCounterDevice.rule(), CounterDevice.rule], serialNumber: serialNumber, hasUdev: hasUdev)
        }

        @Test(
            "a probe that is there already is found at once, and the watch says how it looks", arguments: [true, false])
        func findsAttached(hasUdev: Bool) throws {
            try RigSuite.withRig { rig in
                let watch = try Self.watch(hasUdev: hasUdev)
                #expect(watch.method == (hasUdev ? .hotplug : .polling))
                #expect(watch.status.state == .absent)
                let sighting = try #require(try watch.next(until: StopSignal(), timeLimit: Self.limit))
                #expect(sighting.ruleIndex == 1)
                #expect(sighting.device.serialNumber.text == "SN0001")
                #expect(watch.status.state == .attached)
                #expect(rig.counts.vendor_requests == 0)
                #expect(rig.counts.claimed == 0)
            }
        }

        @Test("a probe that is plugged in later is taken up, with udevd and without", arguments: [true, false])
        func findsLater(hasUdev: Bool) throws {
            try RigSuite.withRig { rig in
                rig.setUdev(runs: hasUdev)
                rig.unplug()
                let watch = try Self.watch(hasUdev: hasUdev)
                #expect(try watch.look() == nil)
                #expect(watch.status.state == .absent)
                let outcome = Outcome()
                Thread {
                    let found = Result { try watch.next(until: StopSignal(), timeLimit: Self.limit) }
                    outcome.finish(with: (try? found.get())?.ruleIndex ?? -1)
                }.start()
                usleep(50_000)
                #expect(rig.plug())
                #expect(outcome.wait() == 1)
                #expect(watch.status.state == .attached)
            }
        }

        @Test("without uevents a watch that relies on them hears nothing: the rig's udevd can be switched off")
        func needsUevents() throws {
            try RigSuite.withRig { rig in
                rig.unplug()
                let notice = try #require(try HotplugNotice())
                try notice.handleEvents(forNs: 1_000_000)
                notice.forget()
                rig.setUdev(runs: false)
                #expect(rig.plug())
                for _ in 0..<10 { try notice.handleEvents(forNs: 20_000_000) }
                #expect(!notice.hasChanged)
                rig.unplug()
                rig.setUdev(runs: true)
                #expect(rig.plug())
                for _ in 0..<100 where !notice.hasChanged { try notice.handleEvents(forNs: 20_000_000) }
                #expect(notice.hasChanged)
            }
        }

        @Test("another serial number is not the wanted probe, and the wait ends with its time")
        func otherSerialNumber() throws {
            try RigSuite.withRig { _ in
                let watch = try Self.watch(hasUdev: true, serialNumber: "SN0009")
                #expect(try watch.next(until: StopSignal(), timeLimit: .milliseconds(60)) == nil)
                #expect(watch.status.state == .absent)
            }
        }

        @Test("a device that only shares the ids is named with its differences and not taken")
        func partialMatch() throws {
            try RigSuite.withRig(descriptors: CounterDevice.descriptors(interfaceClass: [0xFF, 0, 0])) { rig in
                let watch = try Self.watch(hasUdev: false)
                #expect(try watch.next(until: StopSignal(), timeLimit: .milliseconds(60)) == nil)
                #expect(
                    watch.status.state
                        == .mismatched(differences: ["interface 0 has class ff/00/00 instead of ff/44/01"]))
                #expect(rig.counts.vendor_requests == 0)
            }
        }

        @Test("polling looks at its interval by the clock that it is given")
        func pollsByClock() throws {
            try RigSuite.withRig { rig in
                rig.unplug()
                let now = Locked(UInt64(0))
                let watch = try USBProbeWatch(for: [CounterDevice.rule], hasUdev: false) {
                    now.withLock { now in
                        now += USBProbeWatch.pollNanoseconds
                        return now
                    }
                }
                let limit = Duration.nanoseconds(Int64(USBProbeWatch.pollNanoseconds * 20))
                #expect(try watch.next(until: StopSignal(), timeLimit: limit) == nil)
                #expect(now.withLock { $0 } >= USBProbeWatch.pollNanoseconds * 20)
            }
        }

        @Test("a stop that is requested ends the wait")
        func stops() throws {
            try RigSuite.withRig { rig in
                rig.unplug()
                let stop = StopSignal()
                stop.request()
                let watch = try Self.watch(hasUdev: true)
                #expect(try watch.next(until: stop) == nil)
            }
        }
    }
}
