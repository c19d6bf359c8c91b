import CCSVIAnalysis
import DopplerDSP
import Foundation

/// Why a spectrogram cannot be drawn.
enum PictureFault: Error {
    case malformed, noColumns, noVelocityScale

    /// The fault in words.
    var words: String {
        switch self {
        case .malformed: "its power does not fit its columns and settings"
        case .noColumns: "it has no columns"
        case .noVelocityScale: "its recording's frequency, angle or speed of sound give no velocities"
        }
    }
}

/// The part of a spectrogram that a picture shows, as pixels with the scales of its axes.
struct SpectrogramPicture {
    /// The pixels: time to the right, velocity towards the transducer upwards.
    let image: RGBImage
    /// The time that is shown, seconds since the start of the recording.
    let seconds: ClosedRange<Double>
    /// The velocities that are shown, cm/s.
    let velocitiesCmPerS: ClosedRange<Double>
    /// Velocity of a shift of 1 Hz, cm/s.
    let cmPerSPerHz: Double
    /// What full brightness stands for, dB over noise.
    let rangeDb: Double
    /// The figures of the columns that are shown, in the order of time.
    let columns: [SpectralColumn]
    /// Distance of neighbouring columns, seconds.
    let hopSeconds: Double
    /// End of the last column of the recording, seconds.
    let endSeconds: Double

    /// Pixels of a picture: about 150 an inch in print (project choice).
    static let pixelsWide = 520, pixelsHigh = 160
    /// Beyond this range nothing is a pulse repetition frequency of ultrasound, Hz (project choice).
    private static let possiblePrfHz = 1.0...10e6
    /// The longest time in one picture, seconds: reflux of 0.88 s then spans over 30 pixels (project choice).
    static let longestSeconds = 12.0

    /// The picture of a recording's spectrogram, about its longest reflux where it does not fit as a whole.
    init(_ spectrogram: Spectrogram, of recording: VeinRecording, refluxes: [RefluxEpisode]) throws(PictureFault) {
        let settings = spectrogram.settings
        let hop = Double(settings.hopPulses) / settings.prfHz
        guard settings.fftLength > 1, settings.hopPulses > 0, Self.possiblePrfHz.contains(settings.prfHz),
            hop < Self.longestSeconds
        else { throw .malformed }
        let (size, overflow) = spectrogram.columns.count.multipliedReportingOverflow(by: settings.fftLength)
        guard !overflow, size == spectrogram.power.count else { throw .malformed }
        guard let scale = Self.cmPerSPerHz(recording.scale), (settings.prfHz * scale).isFinite else {
            throw .noVelocityScale
        }
        let placed = spectrogram.columns.indices.filter { spectrogram.columns[$0].centreSeconds.isFinite }
            .sorted { spectrogram.columns[$0].centreSeconds < spectrogram.columns[$1].centreSeconds }
        guard let first = placed.first, let last = placed.last else { throw .noColumns }
        let start = spectrogram.columns[first].centreSeconds - hop / 2
        let end = spectrogram.columns[last].centreSeconds + hop / 2
        let window = Self.window(from: start, to: end, about: refluxes)
        let shown = placed.filter { window.contains(spectrogram.columns[$0].centreSeconds) }
        guard !shown.isEmpty, window.upperBound > window.lowerBound else { throw .noColumns }

        seconds = window
        endSeconds = end
        hopSeconds = hop
        cmPerSPerHz = scale
        columns = shown.map { spectrogram.columns[$0] }
        let nyquist = settings.prfHz / 2 * scale
        velocitiesCmPerS = Self.velocities(columns, cmPerSPerHz: scale, nyquistCmPerS: nyquist)
        let levels = SpectrogramLevels(spectrogram, columns: shown)
        rangeDb = levels.rangeDb
        image = levels.image(
            seconds: window, shiftsHz: velocitiesCmPerS.lowerBound / scale...velocitiesCmPerS.upperBound / scale)
    }

    /// v = fd c / (2 f0 cos(angle)), in cm/s for 1 Hz; `nil` when the figures give none.
    static func cmPerSPerHz(_ scale: DopplerScale) -> Double? {
        let cosine = cos(scale.insonationAngleDegrees * .pi / 180)
        let factor = 100 * scale.speedOfSoundMPerS / (2 * scale.centreFrequencyHz * cosine)
        // At 90 degrees the cosine is not quite 0 in floating point; 1 % is beyond any usable angle.
        guard factor.isFinite, factor > 0, cosine > 0.01 else { return nil }
        return factor
    }

    // MARK: What is shown

    private static func window(
        from start: Double, to end: Double, about refluxes: [RefluxEpisode]
    ) -> ClosedRange<Double> {
        guard end - start > longestSeconds else { return start...max(end, start) }
        let placed = refluxes.filter { $0.onsetSeconds?.isFinite == true && $0.durationSeconds.isFinite }
        guard let longest = placed.max(by: { $0.durationSeconds < $1.durationSeconds }),
            let onset = longest.onsetSeconds
        else { return start...start + longestSeconds }
        let middle = onset + longest.durationSeconds / 2
        let from = min(max(middle - longestSeconds / 2, start), end - longestSeconds)
        return from...from + longestSeconds
    }

    /// The share of columns whose fastest values set no scale: hits in noise (project choice: 60 ms of 12 s).
    private static let chanceShare = 0.005

    /// Room above the fastest envelope, and the least share of the picture on either side of zero (project choices).
    private static let headroom = 1.25, leastShare = 0.35

    /// Below this share of columns with flow these are chance hits in noise, which set no scale (project choice).
    private static let leastFlowShare = 0.02

    /// The velocities to show: what the envelopes reach with some room, never beyond the Nyquist velocity.
    private static func velocities(
        _ columns: [SpectralColumn], cmPerSPerHz: Double, nyquistCmPerS: Double
    ) -> ClosedRange<Double> {
        let usable = columns.filter { !$0.flags.contains(.noFlowDetected) }
        guard Double(usable.count) >= leastFlowShare * Double(columns.count) else {
            return -nyquistCmPerS...nyquistCmPerS
        }
        func reach(_ shifts: [Float]) -> Double {
            let speeds = shifts.filter(\.isFinite).map { abs(Double($0)) * cmPerSPerHz * headroom }.sorted()
            return speeds.dropLast(Int(Double(columns.count) * chanceShare)).last ?? 0
        }
        let means = usable.compactMap(\.meanShiftHz)
        let up = reach(usable.compactMap(\.envelopeTowardsHz) + means.filter { $0 > 0 })
        let down = reach(usable.compactMap(\.envelopeAwayHz) + means.filter { $0 < 0 })
        guard max(up, down) > 0 else { return -nyquistCmPerS...nyquistCmPerS }
        let least = max(up, down) * leastShare
        return -min(max(down, least), nyquistCmPerS)...min(max(up, least), nyquistCmPerS)
    }
}
