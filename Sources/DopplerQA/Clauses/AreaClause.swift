internal import DopplerDSP
internal import ProbeSimulator
public import VesselImaging

extension Clause {
    /// The area of the lumen in a B-mode frame.
    static let area = area { ContourSearch($0).contour(around: $1) }

    /// The same clause with another search for the contour.
    public static func area(
        automatic: @escaping @Sendable (_ frame: BModeFrame, _ seed: PicturePoint) -> ContourAnswer
    ) -> Clause {
        Clause(
            name: "area", heading: "IEC 61391-1 measurement of area",
            limit: "ellipse 2 %, automatic contour 5 %; no lumen where there is none"
        ) { (run) throws(QAError) in try AreaTrials(run: run, automatic: automatic).outcome() }
    }
}

/// Ellipses of known area in speckle: calipers read off the grid, a contour found from a seed point, and frames that hold
/// no lumen, or a collapsed one.
private struct AreaTrials {
    let run: ClauseRun
    let automatic: @Sendable (BModeFrame, PicturePoint) -> ContourAnswer

    // How many scenes, and what they hold (project choices; 30 mm2 is the threshold of criterion 3).
    private static let lumens = 200
    private static let others = 60
    private static let areasMm2 = 30.0...200.0
    private static let axisRatios = 1.0...2.5
    private static let tiltsDegrees = -45.0...45.0
    private static let contrastsDb = 22.0...34.0
    private static let tissueDb = -26.0...(-18.0)
    private static let depthsMm = 14.0...22.0
    private static let acrossMm = -3.0...3.0
    /// The operator's seed point lies so far from the centre, share of the shorter semi-axis.
    private static let seedShare = -0.5...0.5
    /// A collapsed vein: 6.5 +/- 5.1 mm2 (Holmlund 2017).
    private static let collapsedMm2 = 1.4...11.6
    /// An error that makes a certain answer wrong, share of the area.
    private static let wrongShare = 0.2

    private var grid: PictureGrid { run.pictureGrid }

    private struct Trial: Sendable {
        /// Errors, share of the area; `nil` = not measured.
        var ellipse: Double?
        var automatic: Double?
    }

    private enum Collapsed: Sendable { case notMeasured, doubtful, certain, certainlyWrong }

    func outcome() throws(QAError) -> ClauseOutcome {
        let count = run.counts.of(Self.lumens)
        let others = run.counts.of(Self.others)
        let trials = try Trials.run(count) { index throws(DSPError) in trial(index) }
        let inventions = try Trials.run(others) { index throws(DSPError) in findsLumenInTissue(index) }
        let slits = try Trials.run(others) { index throws(DSPError) in collapsed(index) }
        return .measured(
            lumenFigures(trials) + tissueFigures(inventions, slits), scenes: count + 2 * others)
    }

    private func lumenFigures(_ trials: [Trial]) -> [ClauseFigure] {
        let ellipse = trials.compactMap(\.ellipse)
        let automatic = trials.compactMap(\.automatic)
        let spread = Spread.of(automatic)
        let notMeasured = Double(2 * trials.count - ellipse.count - automatic.count)
        return [
            .atMost(2, "ellipse from calipers on the grid, worst", Self.percent(Spread.farthest(ellipse)), "%"),
            .atMost(
                5, "automatic contour, worst", Self.percent(Spread.farthest(automatic)), "%",
                note: "30 to 200 mm2, blood 22 to 34 dB under the tissue"),
            .shown("automatic contour, mean", spread.map { $0.mean * 100 }, "%"),
            .shown("automatic contour, SD", spread.map { $0.deviation * 100 }, "%"),
            .atMost(0, "lumens not measured", notMeasured),
        ]
    }

    private func tissueFigures(_ inventions: [Bool], _ slits: [Collapsed]) -> [ClauseFigure] {
        let measured = Double(slits.count { $0 != .notMeasured })
        let wrong = Double(slits.count { $0 == .certainlyWrong })
        return [
            .atMost(0, "lumens found where there is none", Double(inventions.count { $0 })),
            .atMost(0, "collapsed, certain and over 20 % off", wrong),
            .shown("collapsed, measured at all", measured / Double(max(1, slits.count)) * 100, "%"),
        ]
    }

    private static func percent(_ share: Double?) -> Double? { share.map { abs($0) * 100 } }

    private func trial(_ index: Int) -> Trial {
        var draw = SceneDraw(seed: run.seed(50, index))
        let shape = LumenShape(
            areaMm2: draw.number(Self.areasMm2), axisRatio: draw.number(Self.axisRatios),
            centreAcrossMm: draw.number(Self.acrossMm), centreDepthMm: draw.number(Self.depthsMm),
            tiltDegrees: draw.number(Self.tiltsDegrees))
        guard let frame = frame(shape, &draw) else { return Trial() }
        var trial = Trial()
        trial.ellipse = Self.calipers(shape, frame).map { $0 / shape.areaMm2 - 1 }
        if case .measured(let contour) = automatic(frame, Self.seed(shape, &draw)) {
            trial.automatic = contour.area.areaMm2 / shape.areaMm2 - 1
        }
        return trial
    }

    private func findsLumenInTissue(_ index: Int) -> Bool {
        var draw = SceneDraw(seed: run.seed(51, index))
        guard let frame = frame(nil, &draw) else { return false }
        let seed = PicturePoint(acrossMm: draw.number(Self.acrossMm), depthMm: draw.number(Self.depthsMm))
        if case .measured = automatic(frame, seed) { return true }
        return false
    }

    private func collapsed(_ index: Int) -> Collapsed {
        var draw = SceneDraw(seed: run.seed(52, index))
        let shape = LumenShape(
            areaMm2: draw.number(Self.collapsedMm2), centreAcrossMm: draw.number(Self.acrossMm),
            centreDepthMm: draw.number(Self.depthsMm), tiltDegrees: draw.number(-15...15))
        guard let frame = frame(shape, &draw),
            case .measured(let contour) = automatic(frame, Self.seed(shape, &draw))
        else { return .notMeasured }
        guard contour.confidence.isHigh else { return .doubtful }
        return abs(contour.area.areaMm2 / shape.areaMm2 - 1) > Self.wrongShare ? .certainlyWrong : .certain
    }

    private func frame(_ shape: LumenShape?, _ draw: inout SceneDraw) -> BModeFrame? {
        var scene = PictureScene.still(shape)
        scene.tissueDb = draw.number(Self.tissueDb)
        scene.bloodDb = scene.tissueDb - draw.number(Self.contrastsDb)
        var phantom = NeckPhantom(scene, seed: draw.next())
        phantom.begin(grid)
        let samples = phantom.frame(0, atSeconds: 0)
        do throws(ImagingError) {
            return try BModeFrame(
                lines: grid.lines, samplesPerLine: grid.samplesPerLine, depthMm: grid.depthMm,
                linePitchMm: grid.linePitchMm, samples: samples)
        } catch {
            return nil
        }
    }

    /// The area by both axes, whose ends are read at the nearest place of the grid.
    private static func calipers(_ shape: LumenShape, _ frame: BModeFrame) -> Double? {
        func end(_ axis: LumenShape.Axis, _ sign: Double) -> PicturePoint {
            let place = shape.axisEnd(axis, sign: sign)
            return PicturePoint(
                acrossMm: frame.acrossMm(ofLine: frame.line(atAcrossMm: place.acrossMm).rounded()),
                depthMm: frame.depthMm(ofSample: frame.sample(atDepthMm: place.depthMm).rounded()))
        }
        do throws(ImagingError) {
            return try CaliperEllipse(
                (end(.across, -1), end(.across, 1)), (end(.deep, -1), end(.deep, 1)), in: frame
            ).area.areaMm2
        } catch {
            return nil
        }
    }

    private static func seed(_ shape: LumenShape, _ draw: inout SceneDraw) -> PicturePoint {
        let shorter = min(shape.semiAxisAcrossMm, shape.semiAxisDeepMm)
        return PicturePoint(
            acrossMm: shape.centreAcrossMm + draw.number(seedShare) * shorter,
            depthMm: shape.centreDepthMm + draw.number(seedShare) * shorter)
    }
}
