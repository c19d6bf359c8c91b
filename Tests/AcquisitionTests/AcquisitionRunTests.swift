import Foundation
import ProbeLink
import TestSupport
import Testing

@testable import Acquisition  // `Recording(bytes:)` reads a file cut at every length without writing each.

@Suite("Acquisition run")
struct AcquisitionRunTests {
    static let description = RecordingDescription(
        software: "test", origin: CountingSource(frames: 0).origin,
        settings: AcquisitionSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 4_000_000, firstGateDepthUm: 15_000, gateLengthUm: 2000,
            burstCycles: 4, streams: .iq, transmitLevelPerMille: 1000),
        context: RecordingContext(siteID: "ijv.left.j2.supine"))

    private func temporaryFile() -> String {
        NSTemporaryDirectory() + "run-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString).dbrec"
    }

    private func record(_ source: CountingSource, planned: UInt64?, to path: String) throws -> (
        AcquisitionOutcome, CollectingSink
    ) {
        var sink = CollectingSink()
        let writer = try RecordingWriter.create(path: path, description: Self.description)
        let outcome = try AcquisitionRun(source: source, plannedPulses: planned).run(
            recorder: writer, consumer: &sink, stop: StopSignal())
        return (outcome, sink)
    }

    @Test("what was recorded replays as it was seen, with its counts")
    func replay() throws {
        let path = temporaryFile()
        defer { unlink(path) }
        let (outcome, live) = try record(CountingSource(frames: 5000), planned: nil, to: path)
        #expect(outcome.failure == nil && outcome.recordingFailure == nil)
        #expect(live.frames.count == 5000)
        let recording = try Recording(path: path)
        #expect(recording.isWhole)
        #expect(recording.description == Self.description)
        #expect(recording.closing == outcome.closing)
        var replayed = CollectingSink()
        _ = try AcquisitionRun(source: ReplaySource(recording), plannedPulses: nil).run(
            recorder: nil, consumer: &replayed, stop: StopSignal())
        #expect(replayed.frames == live.frames && replayed.payloads == live.payloads)
    }

    @Test("a planned length ends the run after the last frame that begins within it")
    func planned() throws {
        let path = temporaryFile()
        defer { unlink(path) }
        let (outcome, sink) = try record(CountingSource(frames: 1_000_000), planned: 1010, to: path)
        #expect(sink.frames.count == 51)
        #expect(outcome.closing.ring.pulses == 1020)
        #expect(outcome.closing.endedEarlyBecause == nil)
    }

    @Test("an early end keeps what came before and names its reason")
    func earlyEnd() throws {
        let path = temporaryFile()
        defer { unlink(path) }
        let lost = SourceError.link(.disconnected(device: "usb 1-1"))
        let (outcome, sink) = try record(CountingSource(frames: 7, failure: lost), planned: nil, to: path)
        #expect(sink.frames.count == 7)
        #expect(outcome.failure == lost)
        #expect(try Recording(path: path).closing?.endedEarlyBecause == lost.description)
    }

    @Test("what is dropped at the ring is counted in pulses and marked at its place")
    func dropped() throws {
        // A source that does not wait, through the smallest ring, is faster than the consumer.
        var sink = CollectingSink()
        let source = CountingSource(frames: 20_000, waits: false)
        let outcome = try AcquisitionRun(source: source, plannedPulses: nil, ringBytes: 4096).run(
            recorder: nil, consumer: &sink, stop: StopSignal())
        let marked = sink.losses.reduce(0) { $0 + $1.pulses }
        #expect(sink.losses.allSatisfy { $0.place == .ring })
        #expect(marked == outcome.closing.ring.droppedPulses)
        #expect(UInt64(sink.frames.count) * 20 + marked == 400_000)
        var expected: UInt64 = 0
        var losses = sink.losses[...]
        for frame in sink.frames {
            while let loss = losses.first, loss.firstPulse == expected {
                expected += loss.pulses
                losses.removeFirst()
            }
            #expect(frame.pulseIndex == expected)
            expected += 20
        }
    }

    @Test("a file cut at any length gives every whole block before the cut")
    func cut() throws {
        let path = temporaryFile()
        defer { unlink(path) }
        _ = try record(CountingSource(frames: 40), planned: nil, to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let whole = try Recording(bytes: bytes, path: "a")
        #expect(whole.isWhole)
        var readable = 0
        for length in 0..<bytes.count {
            do throws(RecordingError) {
                let recording = try Recording(bytes: Array(bytes.prefix(length)), path: "a")
                #expect(!recording.isWhole)
                readable += 1
            } catch {
                #expect(readable == 0)
            }
        }
        #expect(readable > 0)
    }

    @Test("a changed byte anywhere is noticed", arguments: 0..<100)
    func changed(seed: UInt64) throws {
        let path = temporaryFile()
        defer { unlink(path) }
        _ = try record(CountingSource(frames: 10), planned: nil, to: path)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var generator = SeededGenerator(seed: seed)
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8(1 << (seed % 8))
        do throws(RecordingError) {
            #expect(try !Recording(bytes: bytes, path: "a").isWhole)
        } catch {
            #expect("\(error)".contains("not a recording"))
        }
    }

    @Test("a recording is never written over")
    func exists() throws {
        let path = temporaryFile()
        defer { unlink(path) }
        _ = try record(CountingSource(frames: 1), planned: nil, to: path)
        #expect(throws: RecordingError.notWritable(file: path, reason: "File exists")) {
            _ = try RecordingWriter.create(path: path, description: Self.description)
        }
    }
}
