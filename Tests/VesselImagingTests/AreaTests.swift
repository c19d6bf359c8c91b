import TestSupport
import Testing
import VesselImaging

@Suite("Areas from calipers and traced outlines")
struct AreaTests {
    private func frame() throws -> BModeFrame { try BModeFrameTests.frame(lines: 201, samples: 400, pitchMm: 0.2) }

    private func point(_ across: Double, _ depth: Double) -> PicturePoint {
        PicturePoint(acrossMm: across, depthMm: depth)
    }

    @Test("diameters of 8 and 6 mm give 37.7 mm2, wherever they stand")
    func ellipse() throws {
        let straight = try CaliperEllipse((point(-4, 20), point(4, 20)), (point(0, 17), point(0, 23)), in: frame())
        #expect(abs(straight.area.areaMm2 - 37.699) < 0.001)
        #expect(straight.area.method == .ellipse)
        // The same, turned by 30 degrees.
        let turned = try CaliperEllipse(
            (point(-3.4641, 18), point(3.4641, 22)), (point(1.5, 17.4019), point(-1.5, 22.5981)), in: frame())
        #expect(abs(turned.area.areaMm2 - 37.699) < 0.01)
        #expect(try TracedOutline(turned.outline(), in: frame()).area.areaMm2 > 37.6)
    }

    @Test("a diameter's uncertainty is that of reading the grid: 0.2 mm on 8 and 6 mm is 1 mm2")
    func uncertainty() throws {
        let ellipse = try CaliperEllipse((point(-4, 20), point(4, 20)), (point(0, 17), point(0, 23)), in: frame())
        // Each diameter 0.2 mm x sqrt(2 / 12) = 0.0816 mm: 1.02 % and 1.36 %, together 1.70 %.
        #expect(abs(ellipse.area.uncertaintyMm2 - 0.641) < 0.005)
    }

    @Test("diameters that are no axes of one ellipse are refused")
    func noEllipse() throws {
        let frame = try frame()
        #expect(throws: ImagingError.notTwoDiameters(reason: "are not perpendicular")) {
            try CaliperEllipse((point(-4, 20), point(4, 20)), (point(-4, 18), point(4, 22)), in: frame)
        }
        #expect(throws: ImagingError.notTwoDiameters(reason: "do not cross in their middles")) {
            try CaliperEllipse((point(-4, 20), point(4, 20)), (point(4, 17), point(4, 23)), in: frame)
        }
        #expect(throws: ImagingError.notTwoDiameters(reason: "have no length")) {
            try CaliperEllipse((point(-4, 20), point(4, 20)), (point(0, 20), point(0, 20)), in: frame)
        }
        #expect(throws: ImagingError.pointOutside(point(30, 20))) {
            try CaliperEllipse((point(-4, 20), point(30, 20)), (point(0, 17), point(0, 23)), in: frame)
        }
        #expect(throws: ImagingError.self) {
            try CaliperEllipse((point(.nan, 20), point(4, 20)), (point(0, 17), point(0, 23)), in: frame)
        }
    }

    @Test("a traced square of 5 mm has 25 mm2, whichever way round")
    func traced() throws {
        let corners = [point(0, 10), point(5, 10), point(5, 15), point(0, 15)]
        #expect(try TracedOutline(corners, in: frame()).area.areaMm2 == 25)
        #expect(try TracedOutline(corners.reversed(), in: frame()).area.areaMm2 == 25)
    }

    @Test("an outline that crosses itself, has no area or too few points is refused")
    func noOutline() throws {
        let frame = try frame()
        let bow = [point(0, 10), point(5, 15), point(5, 10), point(0, 15)]
        #expect(throws: ImagingError.notAnOutline(reason: "crosses itself")) { try TracedOutline(bow, in: frame) }
        #expect(throws: ImagingError.notAnOutline(reason: "has 2 points")) {
            try TracedOutline(Array(bow.prefix(2)), in: frame)
        }
        #expect(throws: ImagingError.notAnOutline(reason: "has no area")) {
            try TracedOutline([point(0, 10), point(1, 11), point(2, 12)], in: frame)
        }
        #expect(throws: ImagingError.pointOutside(point(0, 41))) {
            try TracedOutline([point(0, 10), point(1, 11), point(0, 41)], in: frame)
        }
        #expect(throws: ImagingError.self) {
            try TracedOutline([PicturePoint](repeating: point(0, 10), count: 2001), in: frame)
        }
    }

    @Test("any points give an area of the picture at most, or an error", arguments: 0..<50)
    func anything(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let frame = try frame()
        let points = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
            point(Double.random(in: -20.5...20.5, using: &generator), Double.random(in: -1...40, using: &generator))
        }
        do throws(ImagingError) {
            let area = try TracedOutline(points, in: frame).area
            #expect(area.areaMm2 > 0 && area.areaMm2 <= 40 * 40 && area.uncertaintyMm2 > 0)
        } catch {
            #expect(!error.description.isEmpty)
        }
    }
}
