internal import Glibc

/// The dark stretch of a picture around a seed point: a first guess of a lumen.
struct DarkRegion {
    /// What was found.
    enum Finding {
        /// An ellipse that stands for the stretch.
        case region(Ellipse)
        /// The seed is not darker than what is around it.
        case notDark(contrastDb: Double)
        /// The dark stretch has no end near the seed.
        case endless(areaMm2: Double)
        /// It reaches the edge of the picture or a missing line.
        case atEdge
    }

    /// Smoothing before the search, mm (project choice: one to two speckles, less than a collapsed vein is wide).
    private static let smoothingAcrossMm = 0.6
    private static let smoothingDepthMm = 0.4
    /// How far around the seed tissue is looked at, mm (project choice: beyond any jugular vein).
    private static let surroundingsMm = 11.0
    /// The share of the surroundings that is taken as darker than tissue: lumens and muscle (project choice).
    private static let tissueQuantile = 0.65
    /// A lumen is at least so much darker than tissue, dB (project choice: beyond what smoothed speckle reaches often).
    static let leastContrastDb = 8.0
    /// The largest lumen, mm2 (project's references, plausible jugular area: up to 400 mm2).
    static let mostAreaMm2 = 450.0
    /// The smallest stretch that may be a lumen, mm2 (project choice: some speckles).
    private static let leastAreaMm2 = 0.8

    /// Looks around a seed within the picture.
    static func around(_ seed: PicturePoint, in picture: PowerPicture) -> Finding {
        let frame = picture.frame
        let smooth = picture.smoothed(acrossMm: smoothingAcrossMm, depthMm: smoothingDepthMm)
        let levels = smooth.map { 10 * log10f(max($0, 1e-7)) }
        let line = Int(frame.line(atAcrossMm: seed.acrossMm).rounded())
        let sample = Int(frame.sample(atDepthMm: seed.depthMm).rounded())
        let start = line * frame.samplesPerLine + sample
        guard levels.indices.contains(start) else { return .atEdge }
        let dark = levels[start]
        let tissue = tissueLevel(levels, around: seed, in: frame)
        let contrast = Double(tissue - dark)
        guard contrast >= leastContrastDb else { return .notDark(contrastDb: contrast) }
        return flood(levels, from: start, below: (dark + tissue) / 2, in: frame, contrastDb: contrast)
    }

    private static func tissueLevel(_ levels: [Float], around seed: PicturePoint, in frame: BModeFrame) -> Float {
        var near: [Float] = []
        for line in 0..<frame.lines {
            let across = frame.acrossMm(ofLine: Double(line)) - seed.acrossMm
            guard abs(across) < surroundingsMm else { continue }
            for sample in 0..<frame.samplesPerLine {
                let deep = frame.depthMm(ofSample: Double(sample)) - seed.depthMm
                guard across * across + deep * deep < surroundingsMm * surroundingsMm else { continue }
                near.append(levels[line * frame.samplesPerLine + sample])
            }
        }
        guard !near.isEmpty else { return -.infinity }
        near.sort()
        return near[min(near.count - 1, Int(Double(near.count) * tissueQuantile))]
    }

    private static func flood(
        _ levels: [Float], from start: Int, below limit: Float, in frame: BModeFrame, contrastDb: Double
    ) -> Finding {
        let depth = frame.samplesPerLine
        let cellMm2 = frame.linePitchMm * frame.samplePitchMm
        var isTaken = [Bool](repeating: false, count: levels.count)
        var waiting = [start]
        isTaken[start] = true
        var sums = Sums()
        while let place = waiting.popLast() {
            let (line, sample) = (place / depth, place % depth)
            guard line > 0, sample > 0, line < frame.lines - 1, sample < depth - 1,
                !frame.missingLines.contains(where: { $0.contains(line) })
            else { return .atEdge }
            sums.add(frame.acrossMm(ofLine: Double(line)), frame.depthMm(ofSample: Double(sample)))
            guard sums.count * cellMm2 <= mostAreaMm2 else { return .endless(areaMm2: sums.count * cellMm2) }
            for next in [place - 1, place + 1, place - depth, place + depth]
            where !isTaken[next] && levels[next] < limit {
                isTaken[next] = true
                waiting.append(next)
            }
        }
        guard sums.count * cellMm2 >= leastAreaMm2, let ellipse = sums.ellipse(cellMm2: cellMm2) else {
            return .notDark(contrastDb: contrastDb)
        }
        return .region(ellipse)
    }

    /// Moments of a region.
    private struct Sums {
        var count = 0.0
        private var x = 0.0, y = 0.0, xx = 0.0, xy = 0.0, yy = 0.0

        mutating func add(_ across: Double, _ deep: Double) {
            count += 1
            x += across
            y += deep
            xx += across * across
            xy += across * deep
            yy += deep * deep
        }

        func ellipse(cellMm2: Double) -> Ellipse? {
            guard count > 0 else { return nil }
            let (meanX, meanY) = (x / count, y / count)
            return Ellipse(
                centre: PicturePoint(acrossMm: meanX, depthMm: meanY), areaMm2: count * cellMm2,
                xx: xx / count - meanX * meanX, xy: xy / count - meanX * meanY, yy: yy / count - meanY * meanY)
        }
    }
}
