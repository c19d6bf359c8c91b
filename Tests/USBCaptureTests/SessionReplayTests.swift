import ProbeLink
import ProbeSimulator
import Synchronization
import Testing

@testable import USBCapture

@Suite("A captured acquisition")
struct SessionReplayTests {
    @Test("replays with the same frames, samples, marks and events, one run after the other")
    func replaysAcquisition() throws {
        let live = Mutex<[FrameNotes]>([])
        let (capture, summary) = try CaptureFixture.capture { tap in
            let probe = SimulatedProbe(
                identity: DeviceIdentity(serialNumber: "SIM-1"), source: ToneSource(frequencyHz: 400, seed: 3))
            let transport = TappedTransport(InProcessTransport(probe, pace: .accelerated), tap)
            do { try live.withLock { $0 = try Self.acquire(over: transport) } } catch { Issue.record("\(error)") }
        }
        #expect(summary.isWhole)
        let expected = live.withLock { $0 }
        #expect(expected.count == 2)
        #expect(expected.allSatisfy { $0.frames.count > 10 })
        let replayed = try Self.acquire(over: CaptureTransport(capture))
        // A live run is stopped amid its frames; the replay delivers what had come in whole transfers.
        for (live, replay) in zip(expected, replayed) {
            #expect(replay.frames.prefix(live.frames.count) == live.frames.prefix(replay.frames.count))
            #expect(replay.frames.count >= 10)
            #expect(replay.losses == live.losses)
        }
    }

    /// Two runs of one probe, each stopped after 2000 pulses.
    static func acquire(over transport: some ProbeTransport) throws -> [FrameNotes] {
        let probe = try ODPProbe.open(over: transport, specifier: "test", profileID: nil)
        _ = try probe.prepare(
            AcquisitionSettings(
                centreFrequencyHz: 2_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 50_000, gateLengthUm: 5_000,
                burstCycles: 10, streams: .iq, transmitLevelPerMille: 500))
        return try (0..<2).map { _ in
            let stop = StopSignal()
            var notes = FrameNotes(stop: stop)
            _ = try probe.run(into: &notes, until: stop)
            return notes
        }
    }
}

/// Keeps what was decoded, and stops after enough of it.
struct FrameNotes: FrameSink {
    struct Frame: Equatable {
        var header: FrameHeader
        var payload: [UInt8]
    }

    let stop: StopSignal
    var frames: [Frame] = []
    var losses: [StreamLoss] = []

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        frames.append(Frame(header: frame, payload: payload.withUnsafeBytes { Array($0) }))
        if frame.pulseIndex >= 2000 { stop.request() }
    }
    mutating func lost(_ loss: StreamLoss) { losses.append(loss) }
    mutating func event(_ event: ProbeEvent) {}
    func hasRoom(forBytes count: Int) -> Bool { true }
}

/// Shows everything that goes over a transport to a tap, as the one over USB does.
final class TappedTransport: ProbeTransport {
    private let inner: InProcessTransport
    private let tap: CaptureTap

    init(_ inner: InProcessTransport, _ tap: CaptureTap) {
        self.inner = inner
        self.tap = tap
    }

    var label: String { inner.label }

    func control(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
        do throws(TransportError) {
            let answer = try inner.control(request)
            tap.controlEnded(request, data: answer, error: nil, startNanoseconds: 1, endNanoseconds: 2)
            return answer
        } catch {
            tap.controlEnded(request, data: [], error: error, startNanoseconds: 1, endNanoseconds: 2)
            throw error
        }
    }

    func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        var tapped = TappedSink(sink, tap)
        var failure: TransportError?
        do throws(TransportError) {
            try inner.run(into: &tapped, heartbeat: heartbeat, until: stop)
        } catch {
            failure = error
        }
        sink = tapped.release()
        if let failure { throw failure }
    }
}

/// Shows every transfer to a tap before it hands it on.
struct TappedSink<Inner: TransferSink & ~Copyable>: TransferSink, ~Copyable {
    private var inner: Inner
    private let tap: CaptureTap

    init(_ inner: consuming Inner, _ tap: CaptureTap) {
        self.inner = inner
        self.tap = tap
    }

    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        tap.transferEnded(
            endpoint: pipe == .stream ? 0x81 : 0x82, isIsochronous: false, statusErrno: 0, bytes: bytes, nanoseconds: 3)
        inner.receive(bytes, from: pipe)
    }

    func hasRoom(forBytes count: Int) -> Bool { inner.hasRoom(forBytes: count) }
    consuming func release() -> Inner { inner }
}
