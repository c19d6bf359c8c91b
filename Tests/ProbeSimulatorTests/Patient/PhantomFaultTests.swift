import ProbeSimulator
import Testing

@Suite("Faults of the front end in a phantom")
struct PhantomFaultTests {
    private func recording(
        _ faults: [FrontEndFault], seconds: Double = 1, transmitting: Bool = true, pieces: [Int] = [512]
    ) -> PhantomRecording {
        var site = plainSite()
        site.faults = faults
        return PhantomRecording(
            phantom(site), neckSettings(), seconds: seconds, transmitting: transmitting, pieces: pieces)
    }

    /// Mean power of what a fault adds between two times, squared counts.
    private func added(_ fault: FrontEndFault, from begin: Double = 0, to end: Double = 1) -> Double {
        let (clean, faulty) = (recording([]), recording([fault]))
        let pulses = Int(begin * 4000)..<Int(end * 4000)
        return pulses.reduce(0) { sum, pulse in
            let (before, after) = (clean.sample(pulse), faulty.sample(pulse))
            let (re, im) = (after.re - before.re, after.im - before.im)
            return sum + re * re + im * im
        } / Double(pulses.count)
    }

    private static let blood = 64.0 * 64

    @Test("have the stated level over the blood, at the stated time", arguments: [FrontEndFault.Kind.hum, .wallThump])
    func levels(kind: FrontEndFault.Kind) {
        let fault = FrontEndFault(kind, startSeconds: 0.2, seconds: 0.6, size: 40, seed: 3)
        #expect(added(fault, to: 0.2) == 0)
        #expect(added(fault, from: 0.8) == 0)
        let power = added(fault, from: 0.35, to: 0.65) / (Self.blood * 1e4)
        #expect(power > 0.6 && power < 1.5)
    }

    @Test("tap for less than 100 ms, broadband")
    func tap() {
        let fault = FrontEndFault(.tap, startSeconds: 0.4, seconds: 0.08, size: 30, seed: 7)
        #expect(added(fault, to: 0.4) == 0)
        #expect(added(fault, from: 0.48) == 0)
        #expect(added(fault, from: 0.4, to: 0.42) > Self.blood * 100)
    }

    @Test("silence a dropout, cut at the clipping level, and add an offset")
    func distortions() {
        let dropout = recording([FrontEndFault(.dropout, startSeconds: 0.25, seconds: 0.25)])
        #expect(dropout.samples[2000..<4000].allSatisfy { $0 == 0 })
        #expect(dropout.samples[..<2000].contains { $0 != 0 } && dropout.samples[4000...].contains { $0 != 0 })
        let clipped = recording([FrontEndFault(.clipping, startSeconds: 0.5, size: 20)])
        #expect(clipped.samples[4000...].allSatisfy { abs($0) <= 20 })
        #expect(clipped.samples[..<4000].contains { $0 > 40 })
        let power = added(FrontEndFault(.offset, size: 500, seed: 4))
        #expect(abs(power - 250_000) < 500)
    }

    @Test("mirror the flow at (gain^2 + phase^2) / 4 below it")
    func mirror() {
        var site = plainSite()
        site.faults = [FrontEndFault(.gainError, size: 0.2), FrontEndFault(.phaseError, size: 0.2)]
        let recording = PhantomRecording(phantom(site), neckSettings(), seconds: 8)
        func power(_ hertz: Double) -> Double {
            stride(from: 0, to: recording.pulses - 256, by: 256).reduce(0) {
                $0 + recording.power(atHertz: hertz, firstPulse: $1, count: 256)
            }
        }
        // The flow lies at -1213 Hz: 0.08 / 4 = 0.02.
        #expect(abs(power(1213) / power(-1213) - 0.02) < 0.01)
    }

    @Test("are the same however the run is cut into pieces, and without transmission only what is picked up stays")
    func pieces() {
        let faults = [
            FrontEndFault(.tap, startSeconds: 0.1, seconds: 0.05, size: 30, seed: 1),
            FrontEndFault(.hum, size: 10, seed: 2), FrontEndFault(.wallThump, seconds: 0.4, size: 40, seed: 3),
            FrontEndFault(.clipping, size: 3000), FrontEndFault(.dropout, startSeconds: 0.2, seconds: 0.01),
        ]
        let whole = recording(faults, seconds: 0.3, pieces: [100_000])
        #expect(recording(faults, seconds: 0.3, pieces: [1, 7, 64, 3]).samples == whole.samples)
        let walls = [FrontEndFault(.wallThump, size: 40, seed: 3)]
        #expect(recording(walls, transmitting: false).samples == recording([], transmitting: false).samples)
        let hum = [FrontEndFault(.hum, size: 40, seed: 3)]
        #expect(recording(hum, transmitting: false).power() > 100 * recording([], transmitting: false).power())
    }

    @Test("let a fast clock see a lower shift and later times")
    func drift() {
        var site = plainSite(velocityCmPerS: 20)
        site.profile = .plug
        site.intrinsicBroadening = 0
        let right = PhantomRecording(phantom(site), neckSettings(), seconds: 2).meanShift().hertz
        site.faults = [FrontEndFault(.clockDrift, size: 10_000)]
        let source = phantom(site)
        let drifted = PhantomRecording(source, neckSettings(), seconds: 2).meanShift().hertz
        #expect(abs(drifted / right - 1 / 1.01) < 0.003)
        // The R wave of the second beat comes at 1 s of true time: 1.01 s of the device's.
        #expect(source.physiology(atSeconds: 1.01).ecgMicroV == 1000)
    }

    @Test("stand in a scenario with a time, a size in its unit and a seed, and come again")
    func reading() throws {
        let text = """
            schema: 1
            scenario: x
            extends: healthy
            description: A small one
            sites:
              ijv.left.*.supine:
                faults:
                  - { kind: tap, startSeconds: 3, lengthSeconds: 0.05, overBloodDb: 30, seed: 5, everySeconds: 2, times: 3 }
                  - { kind: clockDrift, ppm: -50 }
            """
        let scenario = try Scenario(yaml: text, file: "x.yaml")
        let faults = try #require(scenario.site("ijv.left.j2.supine")).faults
        #expect(
            faults == [
                FrontEndFault(.tap, startSeconds: 3, seconds: 0.05, size: 30, seed: 5),
                FrontEndFault(.tap, startSeconds: 5, seconds: 0.05, size: 30, seed: 6),
                FrontEndFault(.tap, startSeconds: 7, seconds: 0.05, size: 30, seed: 7),
                FrontEndFault(.clockDrift, size: -50),
            ])
        #expect(scenario.site("ijv.right.j2.supine")?.faults == [])
        for (from, to, problem) in [
            ("overBloodDb: 30", "counts: 30", "key `overBloodDb` is missing"),
            (
                "lengthSeconds: 0.05", "lengthSeconds: 0.5",
                "x.yaml:8:54: `lengthSeconds` must be a number from 0.001 to 0.1"
            ),
            ("kind: tap", "kind: knock", "x.yaml:8:17: `kind` must be one of"),
            ("kind: clockDrift, ppm: -50", "kind: lostPulses", "a patient loses no pulses"),
            ("times: 3", "times: 201", "`times` must be a whole number from 1 to 200"),
            ("everySeconds: 2", "everySeconds: 0.01", "a fault that comes again must end before"),
        ] {
            let error = #expect(throws: ScenarioError.self) {
                try Scenario(yaml: text.replacing(from, with: to), file: "x.yaml")
            }
            #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        }
    }
}
