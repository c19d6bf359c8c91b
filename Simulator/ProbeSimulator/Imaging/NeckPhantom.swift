/// Makes B-mode frames of a scene: the same scene, grid and key give the same frames for ever.
///
/// Resting tissue keeps its scatterers through a run; blood has new ones in every frame. Only the part of a frame in
/// which something moves is made anew.
public struct NeckPhantom: Sendable {
    /// What lies in the plane.
    public let scene: PictureScene
    /// How points spread.
    public let pointSpread: PointSpread
    private let key: [String]

    // One run.
    private var grid: PictureGrid?
    private var resting: [Float] = []
    private var scatterersRe: [Float] = []
    private var scatterersIm: [Float] = []
    private var restingFrame: [UInt8] = []

    /// A phantom of a scene.
    ///
    /// - Parameter key: names patient, seed, site and take; another key gives other speckle.
    public init(_ scene: PictureScene, pointSpread: PointSpread = PointSpread(), key: [String]) {
        self.scene = scene
        self.pointSpread = pointSpread
        self.key = key
    }

    /// A phantom of a scene with a number in place of names.
    public init(_ scene: PictureScene, pointSpread: PointSpread = PointSpread(), seed: UInt64) {
        self.init(scene, pointSpread: pointSpread, key: ["picture", String(seed)])
    }

    /// The lumen at a time: the truth.
    public func truth(atSeconds seconds: Double) -> LumenShape? { scene.lumen(seconds) }

    /// Begins a run with a grid.
    public mutating func begin(_ grid: PictureGrid) {
        self.grid = grid
        restingFrame = []
    }

    /// One frame, line by line from the left, 0 = -60 dB or less, 255 = 0 dB; empty before `begin`.
    ///
    /// - Parameters:
    ///   - index: the frame's number, on which its noise depends.
    ///   - seconds: when it is taken, since the start.
    public mutating func frame(_ index: UInt32, atSeconds seconds: Double) -> [UInt8] {
        guard let grid else { return [] }
        if restingFrame.isEmpty { makeRest(grid) }
        let map = TissueMap(scene: scene, grid: grid)
        let moment = map.moment(atSeconds: seconds)
        var frame = restingFrame
        let margin = PointSpread.reach * max(pointSpread.axialMm, pointSpread.lateralMm)
        guard let part = map.reach(moment, marginMm: margin) else { return frame }
        let axial = PointSpread.kernel(deviationMm: pointSpread.axialMm, pitchMm: grid.samplePitchMm)
        let lateral = PointSpread.kernel(deviationMm: pointSpread.lateralMm, pitchMm: grid.linePitchMm)
        let around = (
            lines: max(
                0, part.lines.lowerBound - lateral.count / 2)..<min(
                    grid.lines, part.lines.upperBound + lateral.count / 2),
            samples: max(
                0, part.samples.lowerBound - axial.count / 2)..<min(
                    grid.samplesPerLine, part.samples.upperBound + axial.count / 2)
        )
        var blood = SignalNoise(key + ["blood", String(index)])
        let echoes = scatter(map, moment, around, &blood)
        let shown = echoes.spread(axial: axial, lateral: lateral, keeping: part)
        for line in part.lines {
            let source = (line - part.lines.lowerBound) * part.samples.count
            let target = line * grid.samplesPerLine + part.samples.lowerBound
            for sample in 0..<part.samples.count { frame[target + sample] = shown.byte(at: source + sample) }
        }
        return frame
    }

    /// Scatterers of a stretch with their amplitudes at a moment.
    private func scatter(
        _ map: TissueMap, _ moment: TissueMap.Moment, _ part: (lines: Range<Int>, samples: Range<Int>),
        _ noise: inout SignalNoise
    ) -> SpecklePicture {
        var picture = SpecklePicture(lines: part.lines, samples: part.samples)
        let half = Float(0.5.squareRoot())
        var target = 0
        for line in part.lines {
            let acrossMm = map.grid.acrossMm(ofLine: line)
            for sample in part.samples {
                let place = line * map.grid.samplesPerLine + sample
                let echo = map.echo(
                    moment, acrossMm: acrossMm, depthMm: map.grid.depthMm(ofSample: sample), resting: resting[place])
                picture.re[target] = echo.tissue * scatterersRe[place]
                picture.im[target] = echo.tissue * scatterersIm[place]
                if echo.blood > 0 {
                    let (first, second) = noise.gaussianPair()
                    picture.re[target] += echo.blood * half * Float(first)
                    picture.im[target] += echo.blood * half * Float(second)
                }
                target += 1
            }
        }
        return picture
    }

    /// Makes the tissue and its picture without vessels.
    private mutating func makeRest(_ grid: PictureGrid) {
        let map = TissueMap(scene: scene, grid: grid)
        var noise = SignalNoise(key + ["tissue"])
        var picture = SpecklePicture(lines: 0..<grid.lines, samples: 0..<grid.samplesPerLine)
        picture.fill(&noise)
        scatterersRe = picture.re
        scatterersIm = picture.im
        resting = []
        resting.reserveCapacity(grid.count)
        let floor = Float(PortableMath.amplitude(ofDb: TissueMap.noiseDb))
        for line in 0..<grid.lines {
            let acrossMm = grid.acrossMm(ofLine: line)
            for sample in 0..<grid.samplesPerLine {
                let level = map.restingAmplitude(acrossMm: acrossMm, depthMm: grid.depthMm(ofSample: sample))
                resting.append(max(level, floor))
            }
        }
        for place in resting.indices {
            picture.re[place] *= resting[place]
            picture.im[place] *= resting[place]
        }
        let axial = PointSpread.kernel(deviationMm: pointSpread.axialMm, pitchMm: grid.samplePitchMm)
        let lateral = PointSpread.kernel(deviationMm: pointSpread.lateralMm, pitchMm: grid.linePitchMm)
        let shown = picture.spread(
            axial: axial, lateral: lateral, keeping: (lines: 0..<grid.lines, samples: 0..<grid.samplesPerLine))
        restingFrame = shown.re.indices.map { shown.byte(at: $0) }
    }
}
