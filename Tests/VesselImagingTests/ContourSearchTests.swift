import ProbeSimulator
import TestSupport
import Testing
import VesselImaging

@Suite("Automatic contour")
struct ContourSearchTests {
    static let grid = PictureGrid(lines: 128, samplesPerLine: 320, depthMm: 30, linePitchMm: 0.25)

    static func frame(_ scene: PictureScene, seed: UInt64, missing: [Range<Int>] = []) throws -> BModeFrame {
        var phantom = NeckPhantom(scene, seed: seed)
        phantom.begin(grid)
        return try BModeFrame(
            lines: grid.lines, samplesPerLine: grid.samplesPerLine, depthMm: grid.depthMm,
            linePitchMm: grid.linePitchMm, samples: phantom.frame(0, atSeconds: 0), missingLines: missing)
    }

    static func search(
        _ shape: LumenShape?, seed: UInt64 = 1, at point: PicturePoint? = nil, missing: [Range<Int>] = []
    ) throws -> ContourAnswer {
        let frame = try frame(.still(shape), seed: seed, missing: missing)
        let centre = PicturePoint(acrossMm: shape?.centreAcrossMm ?? 0, depthMm: shape?.centreDepthMm ?? 15)
        return ContourSearch(frame).contour(around: point ?? centre)
    }

    @Test("a lumen's area is measured within 5 % and within its uncertainty, with high confidence", arguments: 0..<5)
    func measured(seed: UInt64) throws {
        var draw = SeededGenerator(seed: seed)
        let shape = LumenShape(
            areaMm2: Double.random(in: 35...140, using: &draw), axisRatio: Double.random(in: 1...2, using: &draw),
            centreDepthMm: 15, tiltDegrees: Double.random(in: -40...40, using: &draw))
        guard case .measured(let contour) = try Self.search(shape, seed: seed) else {
            Issue.record("not measured")
            return
        }
        #expect(abs(contour.area.areaMm2 / shape.areaMm2 - 1) < 0.05)
        #expect(abs(contour.area.areaMm2 - shape.areaMm2) < 4 * contour.area.uncertaintyMm2)
        #expect(contour.confidence.isHigh)
        #expect(abs(contour.ellipse.centre.depthMm - 15) < 0.2)
        #expect(contour.area.method == .automatic)
        // It can be corrected: its points are an outline.
        let outline = try TracedOutline(contour.points, in: Self.frame(.still(nil), seed: 0))
        #expect(abs(outline.area.areaMm2 - contour.area.areaMm2) < 1e-9)
    }

    @Test("even tissue holds no lumen", arguments: 0..<3)
    func tissue(seed: UInt64) throws {
        let search = ContourSearch(try Self.frame(.still(nil), seed: seed))
        for across in [-8.0, 0, 8] {
            guard case .notFound = search.contour(around: PicturePoint(acrossMm: across, depthMm: 15)) else {
                Issue.record("something was found")
                continue
            }
        }
    }

    @Test("a seed beside the lumen finds nothing there")
    func beside() throws {
        let shape = LumenShape(areaMm2: 60, centreAcrossMm: -6, centreDepthMm: 15)
        guard case .notFound = try Self.search(shape, at: PicturePoint(acrossMm: 9, depthMm: 15)) else {
            Issue.record("something was found")
            return
        }
    }

    @Test("a lumen that reaches beyond the picture is not assessable")
    func outside() throws {
        let shape = LumenShape(areaMm2: 110, centreAcrossMm: 13, centreDepthMm: 15)
        guard case .notAssessable(.outsidePicture) = try Self.search(shape) else {
            Issue.record("it was assessed")
            return
        }
    }

    @Test("a lumen across missing lines is not assessable")
    func missing() throws {
        guard
            case .notAssessable(.outsidePicture) = try Self.search(
                LumenShape(areaMm2: 90, centreDepthMm: 15), missing: [50..<56])
        else {
            Issue.record("it was assessed")
            return
        }
    }

    @Test("a seed outside the picture is not assessable, nor is one that is no number")
    func seedOutside() throws {
        let search = ContourSearch(try BModeFrameTests.frame())
        for point in [
            PicturePoint(acrossMm: 5, depthMm: 5), PicturePoint(acrossMm: 0, depthMm: -1),
            PicturePoint(acrossMm: .nan, depthMm: 5), PicturePoint(acrossMm: 0, depthMm: .infinity),
        ] { #expect(search.contour(around: point) == .notAssessable(.seedOutside)) }
    }

    @Test("a shadow without an end is not a lumen")
    func shadow() throws {
        var samples = try Self.frame(.still(nil), seed: 1).samples
        for line in 40..<80 { for sample in 60..<320 { samples[line * 320 + sample] = 5 } }
        let frame = try BModeFrame(
            lines: 128, samplesPerLine: 320, depthMm: 30, linePitchMm: 0.25, samples: samples)
        guard case .notAssessable = ContourSearch(frame).contour(around: PicturePoint(acrossMm: 0, depthMm: 15)) else {
            Issue.record("a shadow was measured")
            return
        }
    }

    @Test("a lumen that leaflets or a septum divide is not measured as if its part were the whole", arguments: 0..<2)
    func divided(seed: UInt64) throws {
        var scene = PictureScene.still(LumenShape(areaMm2: 120, centreDepthMm: 15))
        if seed % 2 == 0 {
            scene.leaflets = ValveLeaflets(fixedOpening: 0.15)
        } else {
            scene.septumShare = 0.1
        }
        let search = ContourSearch(try Self.frame(scene, seed: seed))
        for across in [-2.5, 0.0] {
            guard case .measured(let contour) = search.contour(around: PicturePoint(acrossMm: across, depthMm: 15))
            else { continue }
            #expect(!contour.confidence.isHigh || abs(contour.area.areaMm2 / 120 - 1) < 0.1)
        }
    }

    @Test("a slit thinner than what is resolved is not assessable, and no number is invented", arguments: 0..<2)
    func slit(seed: UInt64) throws {
        let answer = try Self.search(LumenShape(areaMm2: 1.5, axisRatio: 12, centreDepthMm: 15), seed: seed)
        if case .measured(let contour) = answer { #expect(!contour.confidence.isHigh) }
    }

    @Test("a collapsed vein is measured with doubts or not at all, or rightly", arguments: 0..<3)
    func collapsed(seed: UInt64) throws {
        let shape = LumenShape(areaMm2: 6.5, centreDepthMm: 15)
        guard case .measured(let contour) = try Self.search(shape, seed: seed) else { return }
        #expect(!contour.confidence.isHigh || abs(contour.area.areaMm2 / 6.5 - 1) < 0.2)
    }

    @Test("whatever bytes a frame holds, the search ends with an answer", arguments: 0..<12)
    func anything(seed: UInt64) throws {
        var draw = SeededGenerator(seed: seed)
        let lines = Int.random(in: 1...40, using: &draw)
        let samples = Int.random(in: 1...60, using: &draw)
        let coarse = Bool.random(using: &draw)
        let bytes = (0..<lines * samples).map { _ in
            coarse ? (Bool.random(using: &draw) ? UInt8.max : 0) : UInt8.random(in: 0...255, using: &draw)
        }
        let frame = try BModeFrame(
            lines: lines, samplesPerLine: samples, depthMm: Double.random(in: 0.1...200, using: &draw),
            linePitchMm: Double.random(in: 0.01...5, using: &draw),
            samples: seed % 4 == 0 ? bytes.map { _ in 0 } : bytes)
        let search = ContourSearch(frame)
        for _ in 0..<3 {
            let edges = frame.edgesMm
            let point = PicturePoint(
                acrossMm: Double.random(in: edges.across, using: &draw),
                depthMm: Double.random(in: edges.depth, using: &draw))
            if case .measured(let contour) = search.contour(around: point) {
                #expect(contour.area.areaMm2.isFinite && contour.area.areaMm2 > 0)
                #expect(contour.area.uncertaintyMm2.isFinite)
            }
        }
    }
}
