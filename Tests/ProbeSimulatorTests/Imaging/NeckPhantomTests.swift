import Testing

@testable import ProbeSimulator

@Suite("Pictures of the simulated neck")
struct NeckPhantomTests {
    static let grid = PictureGrid(lines: 64, samplesPerLine: 160, depthMm: 32, linePitchMm: 0.5)

    static func frame(_ scene: PictureScene, seed: UInt64 = 1, index: UInt32 = 0, seconds: Double = 0) -> [UInt8] {
        var phantom = NeckPhantom(scene, seed: seed)
        phantom.begin(grid)
        return phantom.frame(index, atSeconds: seconds)
    }

    /// Mean power and mean squared power of the places for which a condition holds.
    private func powers(_ frame: [UInt8], where isCounted: (Double, Double) -> Bool) -> (mean: Double, square: Double) {
        var (sum, squares, count) = (0.0, 0.0, 0.0)
        for place in frame.indices {
            let across = Self.grid.acrossMm(ofLine: place / 160)
            guard isCounted(across, Self.grid.depthMm(ofSample: place % 160)) else { continue }
            let amplitude = PortableMath.amplitude(ofDb: 60 * (Double(frame[place]) / 255 - 1))
            sum += amplitude * amplitude
            squares += amplitude * amplitude * amplitude * amplitude
            count += 1
        }
        return (sum / count, squares / count)
    }

    @Test("tissue is fully developed speckle of its level: exponential in power", arguments: 0..<3)
    func speckle(seed: UInt64) {
        let found = powers(Self.frame(.still(nil), seed: seed)) { abs($0) < 14 && $1 > 1 && $1 < 31 }
        // -22 dB; the second moment of an exponential is twice the square of its mean.
        #expect(abs(10 * PortableMath.log(found.mean) / PortableMath.log(10) + 22) < 0.4)
        #expect(abs(found.square / (found.mean * found.mean) - 2) < 0.2)
    }

    @Test("the lumen is dark, and what lies beyond its wall is not")
    func lumen() {
        let shape = LumenShape(areaMm2: 90, centreAcrossMm: 1, centreDepthMm: 16, tiltDegrees: 20)
        let placing = LumenPlacing(shape)
        let frame = Self.frame(.still(shape))
        let inside = powers(frame) { placing.place(acrossMm: $0, depthMm: $1).distanceMm < -1.2 }
        let outside = powers(frame) { (0.5...2).contains(placing.place(acrossMm: $0, depthMm: $1).distanceMm) }
        #expect(10 * PortableMath.log(outside.mean / inside.mean) / PortableMath.log(10) > 24)
        #expect(abs(shape.areaMm2 - 90) < 1e-9)
    }

    @Test("the same scene, seed and frame give the same bytes; another seed or frame others")
    func repeatable() {
        let scene = PictureScene.still(LumenShape(areaMm2: 60, centreDepthMm: 15))
        let frame = Self.frame(scene)
        #expect(Self.frame(scene) == frame)
        #expect(Self.frame(scene, seed: 2) != frame)
        #expect(Self.frame(scene, index: 1) != frame)
    }

    @Test("tissue away from the vessels rests from frame to frame")
    func resting() {
        var phantom = NeckPhantom(.still(LumenShape(areaMm2: 30, centreDepthMm: 24)), seed: 3)
        phantom.begin(Self.grid)
        let (first, second) = (phantom.frame(0, atSeconds: 0), phantom.frame(1, atSeconds: 0.04))
        for line in 0..<64 { #expect(first[line * 160..<line * 160 + 80] == second[line * 160..<line * 160 + 80]) }
    }

    @Test("the picture's lumen follows the area, and the axes of a collapsed vein are a slit")
    func areas() {
        #expect(
            LumenShape(areaMm2: 6, centreDepthMm: 15).semiAxisAcrossMm > 5
                * LumenShape(areaMm2: 6, centreDepthMm: 15).semiAxisDeepMm)
        func dark(_ area: Double) -> Int {
            Self.frame(.still(LumenShape(areaMm2: area, centreDepthMm: 16))).count { $0 < 60 }
        }
        let (small, large) = (dark(40), dark(120))
        let cellMm2 = 0.5 * 0.2
        #expect(abs(Double(large - small) * cellMm2 - 80) < 20)
    }

    @Test("leaflets are open when the flow is fast and closed at the a wave, and a fixed one stays")
    func leaflets() {
        let leaflets = ValveLeaflets()
        #expect(leaflets.opening(atHeartPhase: 0.25) > 0.95)
        #expect(leaflets.opening(atHeartPhase: 0.9) == 0)
        #expect(ValveLeaflets(fixedOpening: 0.3).opening(atHeartPhase: 0.25) == 0.3)
        var scene = PictureScene.still(LumenShape(areaMm2: 120, centreDepthMm: 16))
        scene.leaflets = leaflets
        // One beat a second: at 0.9 s the leaflets meet in the middle.
        func middle(_ seconds: Double) -> Double {
            powers(Self.frame(scene, seconds: seconds)) { abs($0) < 1 && abs($1 - 16) < 0.5 }.mean
        }
        #expect(middle(0.9) > 10 * middle(0.25))
    }

    @Test("a septum divides the lumen")
    func septum() {
        var scene = PictureScene.still(LumenShape(areaMm2: 120, centreDepthMm: 16))
        let without = powers(Self.frame(scene)) { abs($0) < 0.3 && abs($1 - 16) < 2 }.mean
        scene.septumShare = 0
        let with = powers(Self.frame(scene)) { abs($0) < 0.3 && abs($1 - 16) < 2 }.mean
        #expect(with > 10 * without)
    }

    @Test(
        "every neck has its carotid beside the vein, towards the middle", arguments: NeckLevel.allCases, [true, false])
    func carotid(level: NeckLevel, isLeft: Bool) throws {
        let scene = PictureScene.neck(
            level, isLeftSide: isLeft, depthMm: 15, restingAreaMm2: 90,
            physiology: PatientPhysiology(heartRatePerMinute: 60, breathsPerMinute: 15, inspirationShare: 0.4)
        ) { _ in 90 }
        let vein = try #require(scene.lumen(0))
        #expect(scene.arteries.count == (level == .j3 ? 2 : 1))
        for artery in scene.arteries {
            #expect((artery.centreAcrossMm < 0) == isLeft)
            #expect(abs(artery.centreAcrossMm) - artery.radiusMm(atHeartPhase: 0.2) > vein.reachMm.across)
        }
    }

    @Test("a patient's vein breathes about the area that the scenario states")
    func breathing() throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy-pulsatile"))
        let stated = try #require(patient.lumenAreaMm2(side: "left", level: "j2", posture: "supine"))
        let picture = try patient.picture(atSite: "ijv.left.j2.supine", take: 1)
        let areas = (0..<1200).compactMap { picture.scene.lumen(Double($0) * 0.01)?.areaMm2 }
        #expect(areas.count == 1200)
        #expect(abs(areas.reduce(0, +) / 1200 - stated) < 0.03 * stated)
        #expect((areas.min() ?? stated) < 0.93 * stated && (areas.max() ?? stated) > 1.05 * stated)
    }

    @Test(
        "a patient's picture has the area that the scenario states", arguments: ["left", "right"], ["j1", "j2", "j3"])
    func patient(side: String, level: String) throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy"))
        for posture in ["supine", "sitting"] {
            let stated = try #require(patient.lumenAreaMm2(side: side, level: level, posture: posture))
            let picture = try patient.picture(atSite: "ijv.\(side).\(level).\(posture)", take: 1)
            let areas = (0..<1200).compactMap { picture.truth(atSeconds: Double($0) * 0.01)?.areaMm2 }
            #expect(areas.count == 1200)
            #expect(abs(areas.reduce(0, +) / 1200 - stated) < 0.03 * stated)
        }
        #expect(try patient.picture(atSite: "ss.left.transtemporal.supine", take: 1).truth(atSeconds: 0) == nil)
    }
}
