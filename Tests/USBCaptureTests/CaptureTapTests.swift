import Foundation
import ProbeLink
import Testing

@testable import USBCapture

@Suite("Capture of a USB session")
struct CaptureTapTests {
    @Test("every transfer is in the file, with its times since 1970")
    func writesAll() throws {
        let (capture, summary) = try CaptureFixture.capture(CaptureFixture.session)
        // Each request has a submission and a completion.
        #expect(summary.records == 2 * (2 + 2 * 4) + 2 * 4)
        #expect(capture.records.count == Int(summary.records))
        #expect(summary.isWhole)
        #expect(capture.isWhole)
        let first = try #require(capture.records.first?.record)
        #expect(first.event == .submit)
        #expect(first.endpoint == 0x80)
        #expect(first.setup == [0xC0, 1, 0, 0, 0, 0, 64, 0])
        #expect(first.nanoseconds == 1_700_000_000_000_000_005)
        let refused = capture.records[3].record
        #expect(refused.status == -32)
        #expect(Array(capture.data(of: capture.records[2])) == [9, 8, 7])
        let types = capture.records.map(\.record.type)
        #expect(types.count { $0 == .interrupt } == 2)
        #expect(types.count { $0 == .bulk } == 6)
    }

    @Test("records that find no room are dropped, counted and marked at their place")
    func dropsWhenFull() throws {
        // One record of 4 KiB does not fit beside the file's head; small ones do.
        let (capture, summary) = try CaptureFixture.capture(queueBytes: 4096) { tap in
            tap.received([UInt8](repeating: 1, count: 8192), at: 1)
            tap.received([UInt8](repeating: 2, count: 8192), at: 2)
            tap.received([3], at: 3)
        }
        #expect(summary.dropped == 2)
        #expect(summary.records == 1)
        #expect(!summary.isWhole)
        #expect(capture.droppedRecords == 2)
        #expect(capture.records.map(\.droppedBefore) == [2])
    }

    @Test("drops at the end are in the statistics")
    func countsLastDrops() throws {
        let (capture, summary) = try CaptureFixture.capture(queueBytes: 4096) { tap in
            tap.received([UInt8](repeating: 1, count: 8192), at: 1)
        }
        #expect(summary.dropped == 1)
        #expect(capture.records.isEmpty)
        #expect(capture.droppedRecords == 1)
    }

    @Test("a disk that takes nothing never holds up the session, and is named at the end")
    func survivesFullDisk() throws {
        // Every write to this device fails with "no space left".
        let full = open("/dev/full", O_WRONLY)
        let tap = CaptureTap.start(writingTo: full, name: "full", device: CaptureFixture.device, software: "test")
        for number in 0..<100 { tap.received([1, 2, 3], at: UInt64(number)) }
        #expect(throws: CaptureError.writeFailed(file: "full", reason: "No space left on device", keptBytes: 0)) {
            try tap.finish()
        }
    }

    @Test("a place where no file can be made is named at once")
    func refusesPlace() {
        #expect(throws: CaptureError.self) {
            try CaptureTap.start(path: "/proc/none/x.pcapng", device: CaptureFixture.device, software: "test")
        }
    }

    @Test("finishing twice answers the same, and what comes later is not captured")
    func finishesOnce() throws {
        try CaptureFixture.withFile { path in
            let tap = try CaptureTap.start(path: path, device: CaptureFixture.device, software: "test")
            tap.received([1], at: 1)
            let first = try tap.finish()
            tap.received([2], at: 2)
            #expect(try tap.finish() == first)
            #expect(try PcapngReader(path: path).records.count == 1)
            #expect(throws: CaptureError.self) {
                _ = try CaptureTap.start(path: path, device: CaptureFixture.device, software: "test")
            }
        }
    }

    @Test("threads that capture at the same time lose and mix nothing")
    func takesThreads() throws {
        let (capture, summary) = try CaptureFixture.capture { tap in
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                for number in 0..<500 {
                    tap.received([UInt8(thread), UInt8(number & 255), UInt8(number >> 8)], at: UInt64(number))
                }
            }
        }
        #expect(summary.records == 2000)
        var next = [0, 0, 0, 0]
        for record in capture.records {
            let bytes = Array(capture.data(of: record))
            #expect(next[Int(bytes[0])] == Int(bytes[1]) | Int(bytes[2]) << 8)
            next[Int(bytes[0])] += 1
        }
        #expect(Set(capture.records.map(\.record.id)).count == 2000)
    }
}
