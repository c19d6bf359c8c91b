import Acquisition
import DopplerDSP
import Foundation
import LiveView
import ProbeLink
import ProbeSimulator
import Synchronization
import Testing

@Suite("what the live view costs")
struct LiveCostTests {
    private struct NoSink: FrameSink {
        func hasRoom(forBytes count: Int) -> Bool { true }
        func receive(_ frame: FrameHeader, _ payload: RawSpan) {}
        func lost(_ loss: StreamLoss) {}
        func event(_ event: ProbeEvent) {}
    }

    private static func cpuSeconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Memory of the process now, and at most so far, MiB.
    private static func memoryMiB() throws -> (now: Double, most: Double) {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        func value(_ name: String) -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
            return (Double(line.filter(\.isNumber)) ?? 0) / 1024
        }
        return (value("VmRSS:"), value("VmHWM:"))
    }

    @Test("128 gates in real time take the live thread less than half a core")
    func cost() throws {
        let seconds = 2.0
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy"), seed: 1)
        let transport = InProcessTransport(
            SimulatedProbe(identity: DeviceIdentity(serialNumber: "SIM-1"), source: ToneSource.silence),
            pace: .realTime(ContinuousClock()))
        transport.place(try patient.signalSource(atSite: "ijv.right.j2.supine", take: 1))
        let source = try ODPProbe.open(over: transport, specifier: "sim:healthy", profileID: "odp/reference")
        let clock = ContinuousClock()
        let start = clock.now
        let liveSeconds = Mutex(0.0)
        let feed = LiveFeed(
            nowMs: { start.duration(to: clock.now) / .milliseconds(1) },
            onPiece: { _ in liveSeconds.withLock { $0 = Self.cpuSeconds(CLOCK_THREAD_CPUTIME_ID) } })
        let tapped = feed.tap(source) { settings in
            LiveLook(SpectralSettings(prfHz: settings.prfHz, wallFilterCutoffHz: 100), gate: 40)
        }
        var wanted = AcquisitionSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 5_000_000, firstGateDepthUm: 5000, gateSpacingUm: 300,
            gateLengthUm: 1000, gates: 128, burstCycles: 8, streams: [.iq, .physiology], transmitLevelPerMille: 500)
        wanted.receiveGainCentiDb = 0
        let settings = try tapped.prepare(wanted)
        #expect(settings.gates == 128)
        let before = try Self.memoryMiB().now
        let processBefore = Self.cpuSeconds(CLOCK_PROCESS_CPUTIME_ID)
        let stop = StopSignal()
        let timer = Thread {
            Thread.sleep(forTimeInterval: seconds)
            stop.request()
        }
        timer.start()
        var sink = NoSink()
        let counters = try tapped.run(into: &sink, until: stop)
        feed.drain()
        let share = liveSeconds.withLock { $0 } / seconds
        let process = (Self.cpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - processBefore) / seconds
        let memory = try Self.memoryMiB()
        let live = feed.counters
        func ms(_ delay: LiveDelay, _ share: Double) -> String { delay.percentileMs(share).map { "\($0)" } ?? "?" }
        print(
            "live view, 128 gates at \(settings.prfHz) Hz for \(seconds) s: live thread \(Int(share * 100)) % of a core,"
                + " process with simulator \(Int(process * 100)) %, memory \(Int(before)) -> \(Int(memory.now)) MiB"
                + " (at most \(Int(memory.most))), pulses \(counters.pulses), lost in the probe \(live.lostInProbe),"
                + " missed by the screen \(live.missedPulses), columns p95 \(ms(live.columnDelay, 0.95)) ms, sound p50"
                + " \(ms(live.soundDelay, 0.5)) ms p95 \(ms(live.soundDelay, 0.95)) ms p99"
                + " \(ms(live.soundDelay, 0.99)) ms")
        #expect(share < 0.5)
        #expect(live.pieces[0] > 0 && live.pieces[1] > 0 && live.pieces[3] > 0)
    }
}
