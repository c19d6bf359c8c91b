import Acquisition
import DopplerDSP
import Foundation
import LiveView
import ProbeLink
import Synchronization
import TestSupport
import Testing

@Suite("a source whose frames the live view sees too")
struct TapTests {
    private func items(_ seed: UInt64) -> [ScriptedSource.Item] {
        var generator = SeededGenerator(seed: seed)
        return (0..<Int.random(in: 0...60, using: &generator)).map { _ in
            let pulse = UInt64.random(in: 0...UInt64.max, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                return .loss(
                    StreamLoss(
                        kind: FrameKind.allCases.randomElement(using: &generator) ?? .iq,
                        place: LossPlace.allCases.randomElement(using: &generator) ?? .link, firstPulse: pulse,
                        pulses: pulse &* 3, packets: 1))
            case 1: return .event(ProbeEvent(code: 1, value: 2, counter: 3, pulseIndex: pulse))
            default:
                let kind = FrameKind.allCases.randomElement(using: &generator) ?? .iq
                let formats: [SampleFormat] =
                    kind == .iq ? [.iqInt16, .iqInt32] : kind == .bMode ? [.odpBMode] : [.odpPhysiology]
                let format = formats.randomElement(using: &generator) ?? .iqInt16
                let items = UInt16.random(in: 1...4, using: &generator)
                let records = UInt16.random(in: 1...40, using: &generator)
                let count = (format.bytesPerIQPair ?? 1) * Int(items) * Int(records)
                return .frame(
                    FrameHeader(
                        kind: kind, format: format,
                        flags: FrameFlags(rawValue: UInt8.random(in: 0...15, using: &generator)),
                        sequence: UInt32.random(in: 0...9, using: &generator), pulseIndex: pulse, items: items,
                        records: records),
                    (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }
        }
    }

    @Test("everything is forwarded bit for bit, and so are counts and failures", arguments: 0..<40)
    func forwards(seed: UInt64) throws {
        let items = items(seed)
        var source = ScriptedSource(.of(prfHz: 1000, gates: 2, streams: [.iq, .bMode, .physiology]), items)
        if seed % 2 == 1 { source.failure = .link(.disconnected(device: "a script")) }
        let feed = LiveTrial().feed()
        let tapped = feed.tap(source) { LiveLook(SpectralSettings(prfHz: $0.prfHz, wallFilterCutoffHz: 0), gate: 0) }
        #expect(try tapped.prepare(.of(prfHz: 5)) == source.settings)
        #expect(tapped.origin == source.origin)
        var sink = KeepingSink()
        do throws(SourceRunError) {
            let counters = try tapped.run(into: &sink, until: StopSignal())
            #expect(source.failure == nil && counters == source.counters)
        } catch {
            #expect(error.reason == source.failure && error.counters == source.counters)
        }
        #expect(sink.items == items)
        feed.drain()
    }

    @Test("whether there is room is asked of the real sink")
    func room() throws {
        struct Asking: FrameSource {
            let origin = SourceOrigin(specifier: "a", device: "a", profileID: nil, isSimulated: true)
            let seen: @Sendable (Bool, Bool) -> Void
            func prepare(_ wanted: AcquisitionSettings) -> AcquisitionSettings { wanted }
            func run<Sink: FrameSink & ~Copyable>(
                into sink: inout Sink, until stop: StopSignal
            ) throws(SourceRunError) -> LinkCounters {
                seen(sink.hasRoom(forBytes: 999), sink.hasRoom(forBytes: 1000))
                return LinkCounters()
            }
        }
        let feed = LiveTrial().feed()
        let tapped = feed.tap(Asking { #expect($0 && !$1) }) { _ in
            LiveLook(SpectralSettings(prfHz: 1000, wallFilterCutoffHz: 0), gate: 0)
        }
        _ = try tapped.prepare(.of(prfHz: 1000))
        var sink = KeepingSink()
        _ = try tapped.run(into: &sink, until: StopSignal())
        feed.drain()
    }

    @Test("a screen that stops reading loses only the screen's pulses, and they are counted")
    func stoppedScreen() throws {
        let gates = 32
        let pulses = 64
        let frames = 1200
        let payload = [UInt8](repeating: 1, count: 4 * gates * pulses)
        let items = (0..<frames).map {
            ScriptedSource.Item.frame(.iq(at: UInt64($0 * pulses), gates: gates, pulses: pulses), payload)
        }
        let source = ScriptedSource(.of(prfHz: 1000, gates: UInt16(gates)), items)
        let isOver = DispatchSemaphore(value: 0)
        let feed = LiveFeed(
            nowMs: { 1000 },
            onPiece: { _ in
                isOver.wait()
                isOver.signal()
            })
        let tapped = feed.tap(source) { LiveLook(SpectralSettings(prfHz: $0.prfHz, wallFilterCutoffHz: 0), gate: 0) }
        _ = try tapped.prepare(source.settings)
        var consumer = CountingSink()
        let end = try AcquisitionRun(source: tapped, plannedPulses: nil, ringBytes: 16 << 20).run(
            recorder: nil, consumer: &consumer, stop: StopSignal())
        isOver.signal()
        feed.drain()
        #expect(consumer.pulses == UInt64(frames * pulses) && consumer.losses == 0)
        #expect(end.closing.ring.droppedPulses == 0)
        let missed = feed.counters.missedPulses
        // Of 9.8 MB the ring keeps 4 MiB for the screen.
        #expect(missed > UInt64(frames * pulses) / 2 && missed <= UInt64(frames * pulses))
    }

    private struct CountingSink: FrameSink {
        var pulses: UInt64 = 0
        var losses = 0
        func hasRoom(forBytes count: Int) -> Bool { true }
        mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) { pulses += UInt64(frame.records) }
        mutating func lost(_ loss: StreamLoss) { losses += 1 }
        mutating func event(_ event: ProbeEvent) {}
    }
}
