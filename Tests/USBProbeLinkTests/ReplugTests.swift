import Foundation
import Glibc
import ProbeLink
import Testing
import UMockdevRig

@testable import USBProbeLink

extension RigSuite {
    @Suite("unplugging again and again")
    struct ReplugTests {
        /// Cycles in one test; `DOPPLERBRIDGE_REPLUG_CYCLES` asks for more.
        private static let cycles =
            ProcessInfo.processInfo.environment["DOPPLERBRIDGE_REPLUG_CYCLES"].flatMap { Int($0) } ?? 50
        /// The longest that a run may go on after its device was unplugged.
        private static let noticeNs: UInt64 = 2_000_000_000
        /// What the rig and the C library may keep over all cycles, and for each; a leaked run would be 400 KB.
        private static let keptBytes = 2_000_000
        private static let keptBytesPerCycle = 40_000

        /// What every open descriptor of this process leads to, sorted, but for sockets.
        ///
        /// Each opened device has its node among them and each context an event descriptor and a timer. The test bed
        /// keeps a socket of its own for some nodes that were removed while in use.
        private static func descriptors() throws -> [String] {
            let folder = "/proc/self/fd"
            return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            }.filter { !$0.hasPrefix("socket:") }.sorted()
        }

        private static func heapBytes() -> Int { Int(clamping: rig_heap_bytes()) }

        @Test("an unplugged run ends soon, the same probe is opened again, and nothing is left behind")
        func cycles() throws {
            let clock = USBProbeTransport.systemNanoseconds
            try RigSuite.withRig { rig in
                func cycle(_ number: Int) throws {
                    let found = try USBDeviceDiscovery().find(CounterDevice.rule, serialNumber: "SN0001")
                    let transport = try USBProbeTransport(opening: found, matching: CounterDevice.rule)
                    transport.expect(bytesPerSecond: 1_000_000)
                    try transport.control(RigSuite.run)
                    let before = rig.counts.bytes_sent
                    rig.unplug(
                        afterBytes: before + UInt64(number % 7) * 3_000, error: number % 2 == 0 ? ESHUTDOWN : EPROTO)
                    let beganNs = clock()
                    var sink = CounterSink(stop: StopSignal())
                    #expect(RigSuite.stream(transport, &sink) == .disconnected(device: transport.label))
                    let lastNs = sink.arrivalsNs.last ?? beganNs
                    #expect(clock() - lastNs < Self.noticeNs)
                    #expect(sink.gaps == 0)
                    // The rig takes the device away on a thread of its own.
                    while try !USBDeviceDiscovery().attached().isEmpty { usleep(1_000) }
                    #expect(rig.plug())
                }
                for number in 0..<5 { try cycle(number) }
                let (open, heap) = (try Self.descriptors(), Self.heapBytes())
                for number in 0..<Self.cycles { try cycle(number) }
                let heapAfter = Self.heapBytes()
                // The test bed closes its own side of a node a little later, on its own thread.
                var openAfter = try Self.descriptors()
                for _ in 0..<200 where openAfter.count > open.count + 2 {
                    usleep(10_000)
                    openAfter = try Self.descriptors()
                }
                #expect(openAfter.count <= open.count + 2, "\(openAfter)")
                #expect(heapAfter - heap < Self.keptBytes + Self.cycles * Self.keptBytesPerCycle)
            }
        }
    }
}
