internal import CCSVIAnalysis
internal import DopplerDSP
internal import Glibc

/// How far a measured value may be off by the chain's own error, either way.
///
/// The shares are the limits of the quality assurance of the Doppler chain (`dopplerbridge qa`), which every clause
/// keeps. Placement, breathing and the subject's own change come on top: Leone 2013 found an ICC of 0.05 to 0.25 for
/// areas of different readers.
enum ErrorBand {
    /// Bias of the mean velocity: clause `mean-velocity`, 3 %.
    static let velocityBias = 0.03
    /// Standard deviation of the mean velocity: clause `mean-velocity`, 5 %.
    static let velocityDeviation = 0.05
    /// Reflux duration, s: clause `reflux-duration`, 15 ms.
    static let refluxSeconds = 0.015
    /// Area by two diameters: clause `area`, 2 %.
    static let ellipseShare = 0.02
    /// Area by the automatic contour: clause `area`, 5 %.
    static let automaticShare = 0.05
    /// How far an angle that is set by hand is off, degrees (the project's references, clinical facts 4.6).
    static let angleDegrees = 5.0
    /// Standard deviations of a 95 % band.
    private static let coverage = 1.96
    /// The steepest angle at which 5 degrees more are still an angle (project choice).
    private static let steepestDegrees = 80.0

    /// The band of a mean velocity, cm/s; `nil` when the angle is not known or too steep.
    ///
    /// Bias, spread and the angle's error are taken as independent (project choice). At 60 degrees an angle that is 5
    /// degrees larger alone makes 18 %.
    static func velocity(_ velocityCmPerS: Double, angleDegrees angle: Double?) -> Double? {
        guard let angle, angle.isFinite, (0...steepestDegrees).contains(angle) else { return nil }
        let byAngle = cos(angle * .pi / 180) / cos((angle + angleDegrees) * .pi / 180) - 1
        let spread = coverage * velocityDeviation
        return abs(velocityCmPerS) * (velocityBias * velocityBias + spread * spread + byAngle * byAngle).squareRoot()
    }

    /// The band of a reflux's duration, s: the detector's own or the chain's, the larger; `nil` for an entered one
    /// without it.
    static func reflux(_ episode: RefluxEpisode, isRecorded: Bool) -> Double? {
        guard isRecorded || episode.durationUncertaintySeconds != nil else { return nil }
        return max(refluxSeconds, episode.durationUncertaintySeconds ?? 0)
    }

    /// The band of an area, mm2; `nil` for an area that a person entered or traced, whose error is not known.
    static func area(_ areaMm2: Double, _ method: AreaMethod?) -> Double? {
        switch method {
        case .ellipse: abs(areaMm2) * ellipseShare
        case .automatic: abs(areaMm2) * automaticShare
        case .entered, .trace, nil: nil
        }
    }

    /// The band of a difference of two values whose errors are independent; `nil` when one is not known.
    static func difference(_ one: Double?, _ other: Double?) -> Double? {
        guard let one, let other else { return nil }
        return (one * one + other * other).squareRoot()
    }
}
