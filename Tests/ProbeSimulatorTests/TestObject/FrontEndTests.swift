import Foundation
import ProbeSimulator
import Testing

@Suite("Faults of the front end")
struct FrontEndTests {
    private static let power = TestScene.bloodCounts * TestScene.bloodCounts

    private func signal(_ faults: [FrontEndFault]) -> TestSignal {
        TestScene(
            model: .tone, course: VelocityCourse(100), beam: TestSceneTests.beam, prfHz: 5000, seconds: 1,
            faults: faults, seed: 1
        ).signal()
    }

    /// What a fault adds.
    private func added(_ fault: FrontEndFault) -> TestSignal {
        SignalFigures.difference(signal([fault]), signal([]))
    }

    @Test("mirror a tone at (gain^2 + phase^2) / 4 below it")
    func imageRejection() {
        let found = signal([FrontEndFault(.gainError, size: 0.01), FrontEndFault(.phaseError, size: 0.01)])
        let spectrum = SignalFigures.spectrum(found)
        // 10 log10(0.0002 / 4) = -43.0 dB
        let mirrorDb = SignalFigures.decibels(spectrum.power(near: -1000) / spectrum.power(near: 1000))
        #expect(abs(mirrorDb + 43) < 0.3)
    }

    @Test("add a tap that is broadband, alike in both directions and over at its end")
    func tap() {
        let tap = added(FrontEndFault(.tap, startSeconds: 0.4, seconds: 0.08, size: 30, seed: 7))
        #expect(tap.inPhase[..<2000].allSatisfy { $0 == 0 })
        #expect(tap.inPhase[2400...].allSatisfy { $0 == 0 })
        let spectrum = SignalFigures.spectrum(tap)
        let differenceDb = SignalFigures.decibels(spectrum.share(above: 0) / spectrum.share(below: 0))
        #expect(abs(differenceDb) < 1.5)
        #expect(spectrum.share(above: 1250) > 0.15 && spectrum.share(below: -1250) > 0.15)
    }

    @Test("add walls of the stated power that stay below 60 Hz", arguments: [40.0, 60])
    func wall(decibels: Double) {
        let wall = added(FrontEndFault(.wallThump, startSeconds: 0, seconds: 1, size: decibels, seed: 3))
        let middle = SignalFigures.power(wall, 1000..<4000)
        let wallDb = SignalFigures.decibels(middle / Self.power)
        #expect(abs(wallDb - decibels) < 1.5)
        // With 10 Hz for coming and going.
        let beyond = SignalFigures.share(of: wall, beyondHz: FrontEndFault.wallLimitHz + 10)
        #expect(SignalFigures.decibels(beyond) < -60)
        #expect(SignalFigures.share(of: wall, beyondHz: 30) > 0.2)
    }

    @Test("add hum of the stated power at multiples of 50 Hz on both sides")
    func hum() {
        let spectrum = SignalFigures.spectrum(added(FrontEndFault(.hum, size: 10, seed: 2)))
        let humDb = SignalFigures.decibels(spectrum.total / Self.power)
        #expect(abs(humDb - 10) < 0.3)
        var lines = 0.0
        for line in [50.0, 100, 150, 200, 250] { lines += spectrum.power(near: line) + spectrum.power(near: -line) }
        #expect(lines / spectrum.total > 0.99)
    }

    @Test("cut the signal and mark the pulses")
    func clipping() {
        let level = 0.9 * TestScene.bloodCounts
        let found = signal([FrontEndFault(.clipping, startSeconds: 0.5, size: level)])
        let highest = found.inPhase[2500...].map(\.magnitude).max() ?? .infinity
        #expect(highest <= level)
        let firstClipped = found.clipped.map(\.lowerBound).min() ?? 0
        #expect(firstClipped >= 2500)
        #expect(!found.isClipped(100))
    }

    @Test("silence a dropout, and lose pulses without moving the others")
    func lost() {
        let fault = FrontEndFault(.dropout, startSeconds: 0.2, seconds: 0.1)
        #expect(signal([fault]).inPhase[1000..<1500].allSatisfy { $0 == 0 })
        let found = signal([FrontEndFault(.lostPulses, startSeconds: 0.2, seconds: 0.1)])
        #expect(found.arriving == [0..<1000, 1500..<5000])
        #expect(found.inPhase == signal([]).inPhase)
        #expect(signal([FrontEndFault(.lostPulses)]).arriving.isEmpty)
    }

    @Test("add an offset of the stated size")
    func offset() {
        let found = added(FrontEndFault(.offset, size: 500, seed: 4))
        #expect(abs(SignalFigures.power(found) - 250_000) < 1)
    }

    @Test("let a drifting clock see another shift and another length")
    func drift() {
        // 1 % fast: 5050 true pulses a second see 1000 Hz as 990.1 Hz, and a second as 1.01 s.
        var scene = TestScene(
            model: .tone,
            course: VelocityCourse(
                100,
                reversals: [.init(onsetSeconds: 1, endSeconds: 2, velocityCmPerS: 50, rampSeconds: 0.01)]),
            beam: TestSceneTests.beam, prfHz: 5000, seconds: 3, seed: 1)
        scene.faults = [FrontEndFault(.clockDrift, size: 10_000)]
        let shiftHz = SignalFigures.meanShiftHz(scene.signal(), 0..<4000)
        #expect(abs(shiftHz - 990.099) < 1e-3)
        let seconds = scene.refluxes.first?.seconds ?? 0
        #expect(abs(seconds - 1.01) < 1e-9)
        let crossing = scene.meanCmPerS(atSeconds: 1.01)
        #expect(abs(crossing) < 1e-6)
    }
}
