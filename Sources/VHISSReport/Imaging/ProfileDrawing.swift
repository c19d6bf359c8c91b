/// Draws depth against velocity: a map over time, and the mean over time with its spread, as one PNG file.
public struct ProfileDrawing: Sendable {
    /// The line above the picture.
    public var title: String
    /// Lines under the picture.
    public var notes: [String]
    /// Whether anything in it is simulated, which the picture then says.
    public var isSimulated: Bool

    /// A drawing from its words.
    public init(title: String, notes: [String], isSimulated: Bool) {
        self.title = title
        self.notes = notes
        self.isSimulated = isSimulated
    }

    /// What is drawn: for each time, for each depth.
    public struct Profile: Sendable {
        /// Depths of the gates' centres, mm, rising.
        public var depthMm: [Double]
        /// Times of the profiles, s, rising.
        public var timeSeconds: [Double]
        /// Velocities, cm/s, positive towards the transducer; `nil` = no flow stands out of the noise.
        public var velocityCmPerS: [[Double?]]
        /// Mean and standard deviation over time of each gate, cm/s; `nil` where flow is seldom seen.
        public var overTime: [(velocityCmPerS: Double, deviationCmPerS: Double)?]
        /// The scale's end, cm/s, above 0.
        public var fastestCmPerS: Double

        /// A profile from its parts.
        public init(
            depthMm: [Double], timeSeconds: [Double], velocityCmPerS: [[Double?]],
            overTime: [(velocityCmPerS: Double, deviationCmPerS: Double)?], fastestCmPerS: Double
        ) {
            self.depthMm = depthMm
            self.timeSeconds = timeSeconds
            self.velocityCmPerS = velocityCmPerS
            self.overTime = overTime
            self.fastestCmPerS = fastestCmPerS
        }

        /// Share of the velocities that the scale shows without reaching its end (project choice).
        private static let shownShare = 0.99

        /// The fastest velocity that is told from still faster ones, cm/s, rounded up to a step of the axis.
        var reachCmPerS: Double {
            let spreads = overTime.compactMap { $0.map { abs($0.velocityCmPerS) + $0.deviationCmPerS } }
            let spread = spreads.filter(\.isFinite).max() ?? 0
            let speeds = velocityCmPerS.joined().compactMap { $0.map(abs) }.filter(\.isFinite).sorted()
            // Noise that was taken for flow, seldom, must not set the scale.
            let most = speeds.isEmpty ? 0 : speeds[Int(Self.shownShare * Double(speeds.count - 1))]
            let step = ProfileDrawing.velocityStep
            return max(step, (min(max(most, spread), fastestCmPerS) / step).rounded(.up) * step)
        }
    }

    // Sizes in pixels (project choices: legible on a screen).
    private static let mapWidth = 640.0
    private static let curveWidth = 260.0
    private static let height = 360.0
    private static let left = 64.0
    private static let gap = 46.0
    private static let titleHeight = 34.0
    private static let bandHeight = 30.0
    private static let axisHeight = 46.0
    private static let noteHeight = 22.0
    private static let textSize = 14.0
    private static let velocityStep = 10.0
    private static let mostColumns = 4000

    private static let ground = Ink(0.07, 0.08, 0.10)
    private static let words = Ink(0.92, 0.93, 0.95)
    private static let faint = Ink(0.40, 0.42, 0.46)
    private static let curve = Ink(1.0, 0.85, 0.25)
    private static let spread = Ink(0.55, 0.48, 0.22)
    /// Where no flow stands out of the noise: the ground of the map.
    private static let silence: UInt32 = 0x26_282C

    /// The picture.
    ///
    /// - Throws: `drawingFailed` with cairo's words, or because there are no two gates and profiles.
    public func png(_ profile: Profile) throws(ReportError) -> [UInt8] {
        guard profile.depthMm.count > 1, profile.timeSeconds.count > 1,
            profile.velocityCmPerS.count == profile.timeSeconds.count,
            profile.velocityCmPerS.allSatisfy({ $0.count == profile.depthMm.count }),
            profile.overTime.count == profile.depthMm.count
        else { throw .drawingFailed("the profile has fewer than two gates or two times") }
        let band = isSimulated ? Self.bandHeight : 0
        let width = Self.left + Self.mapWidth + Self.gap + Self.curveWidth + 24
        let top = band + Self.titleHeight
        let bottom = top + Self.height
        let canvas = try RasterCanvas(
            width: Int(width), height: Int(bottom + Self.axisHeight + Self.noteHeight * Double(notes.count) + 8),
            Self.ground)
        if isSimulated {
            canvas.fill(x: 0, y: 0, width: width, height: band, .warning)
            canvas.text("SIMULATED: not from a patient", x: Self.left, y: 5, size: 15, .black, isBold: true)
        }
        canvas.text(title, x: Self.left, y: band + 8, size: 15, Self.words, isBold: true)
        canvas.image(
            Self.map(profile), x: Self.left, y: top, width: Self.mapWidth, height: Self.height, isSmooth: false)
        axes(canvas, profile, top: top)
        curve(canvas, profile, top: top)
        for (index, note) in notes.enumerated() {
            canvas.text(
                note, x: Self.left, y: bottom + Self.axisHeight + Double(index) * Self.noteHeight, size: Self.textSize,
                Self.words)
        }
        return try canvas.png()
    }

    /// Towards the transducer red, away from it blue, as in colour Doppler; lighter is faster.
    private static func map(_ profile: Profile) -> RGBImage {
        let columns = min(profile.timeSeconds.count, mostColumns)
        let gates = profile.depthMm.count
        var image = RGBImage(width: columns, height: gates, filledWith: silence)
        let reach = profile.reachCmPerS
        for column in 0..<columns {
            let time = column * profile.timeSeconds.count / columns
            for gate in 0..<gates {
                guard let velocity = profile.velocityCmPerS[time][gate], velocity.isFinite else { continue }
                image.pixels[gate * columns + column] = pixel(velocity / reach)
            }
        }
        return image
    }

    private static func pixel(_ share: Double) -> UInt32 {
        let size = min(1, abs(share))
        let strong = UInt32(90 + 165 * size)
        let weak = UInt32(40 + 150 * size * size)
        return share > 0 ? strong << 16 | weak << 8 | weak / 2 : weak / 2 << 16 | weak << 8 | strong
    }

    private func axes(_ canvas: RasterCanvas, _ profile: Profile, top: Double) {
        guard let first = profile.depthMm.first, let last = profile.depthMm.last, last > first else { return }
        let count = 6
        for tick in 0...count {
            let share = Double(tick) / Double(count)
            let depth = first + share * (last - first)
            let y = top + share * Self.height
            canvas.stroke([(Self.left - 6, y), (Self.left, y)], Self.words, width: 1)
            let unit = tick == 0 ? " mm" : ""
            canvas.text(
                "\(Figures.fixed(depth, 1))\(unit)", x: Self.left - 9, y: y - 9, size: Self.textSize - 1, Self.words,
                align: 1)
        }
        guard let begin = profile.timeSeconds.first, let end = profile.timeSeconds.last, end > begin else { return }
        let bottom = top + Self.height
        let step = max(1, ((end - begin) / 10).rounded(.up))
        var second = begin.rounded(.up)
        while second <= end {
            let x = Self.left + (second - begin) / (end - begin) * Self.mapWidth
            canvas.stroke([(x, bottom), (x, bottom + 6)], Self.words, width: 1)
            canvas.text("\(Int(second)) s", x: x - 8, y: bottom + 8, size: Self.textSize - 1, Self.words)
            second += step
        }
    }

    private func curve(_ canvas: RasterCanvas, _ profile: Profile, top: Double) {
        let left = Self.left + Self.mapWidth + Self.gap
        let reach = profile.reachCmPerS
        func x(_ velocity: Double) -> Double {
            left + (max(-reach, min(reach, velocity)) / reach + 1) / 2 * Self.curveWidth
        }
        let gates = Double(max(1, profile.depthMm.count - 1))
        let bottom = top + Self.height
        for (velocity, align) in [(-reach, 0.0), (0, 0.5), (reach, 1.0)] {
            canvas.stroke([(x(velocity), top), (x(velocity), bottom)], Self.faint, width: 1)
            canvas.text(
                Figures.fixed(velocity, 0), x: x(velocity), y: bottom + 8, size: Self.textSize - 1, Self.words,
                align: align)
        }
        canvas.text("cm/s, mean and SD over time", x: left, y: bottom + 24, size: Self.textSize - 1, Self.words)
        var run: [(x: Double, y: Double)] = []
        for (gate, value) in profile.overTime.enumerated() {
            guard let value, value.velocityCmPerS.isFinite, value.deviationCmPerS.isFinite else {
                canvas.stroke(run, Self.curve, width: 2)
                run = []
                continue
            }
            let y = top + Double(gate) / gates * Self.height
            canvas.stroke(
                [
                    (x(value.velocityCmPerS - value.deviationCmPerS), y),
                    (x(value.velocityCmPerS + value.deviationCmPerS), y),
                ], Self.spread, width: 2)
            run.append((x(value.velocityCmPerS), y))
        }
        canvas.stroke(run, Self.curve, width: 2)
    }
}
