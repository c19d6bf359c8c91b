internal import Acquisition
internal import DopplerDSP
internal import ProbeLink

/// Depth against velocity, many times a second: the multigate view of a recording with several gates.
///
/// `null` is "no flow stands out of the noise", everywhere.
public struct MultigateDocument: Sendable, Codable {
    /// Profiles a second.
    public var profilesPerSecond: Double
    /// Depth of each gate's centre, mm.
    public var depthMm: [Double]
    /// Time of each profile's middle since the start, s.
    public var timeSeconds: [Double]
    /// Mean velocity, cm/s, positive towards the transducer: for each profile, for each gate.
    public var meanVelocityCmPerS: [[Double?]]
    /// Its standard error, cm/s.
    public var standardErrorCmPerS: [[Double?]]
    /// Maximum velocity towards the transducer, cm/s, 0 or above.
    public var envelopeTowardsCmPerS: [[Double?]]
    /// Maximum velocity away from the transducer, cm/s, 0 or below.
    public var envelopeAwayCmPerS: [[Double?]]
    /// Length of the window that was needed, s; 0 where nothing was measured.
    public var windowSeconds: [[Float]]

    /// A document of the gates of one recording; `nil` where their courses are not of the same pulses.
    init?(
        _ spectrograms: [Spectrogram], profilesPerSecond: Double, settings: AcquisitionSettings, scale: DopplerScale,
        baseline: BaselineShift
    ) {
        guard
            let profile = MultigateProfile(spectrograms, profilesPerSecond: profilesPerSecond, baseline: baseline)
        else { return nil }
        let umPerMm = 1000.0
        self.profilesPerSecond = profilesPerSecond
        depthMm = (0..<profile.gates).map { gate in
            (Double(settings.firstGateDepthUm) + Double(gate) * Double(settings.gateSpacingUm)) / umPerMm
        }
        timeSeconds = profile.centreSeconds
        func rows<Value>(_ value: (MultigateProfile.Cell) -> Value) -> [[Value]] {
            profile.centreSeconds.indices.map { profile.profile($0).map(value) }
        }
        func velocity(_ hz: Float?) -> Double? { hz.map { scale.velocityCmPerS(ofShiftHz: Double($0)) } }
        meanVelocityCmPerS = rows { velocity($0.meanShiftHz) }
        standardErrorCmPerS = rows { velocity($0.standardErrorHz).map(abs) }
        envelopeTowardsCmPerS = rows { velocity($0.envelopeTowardsHz) }
        envelopeAwayCmPerS = rows { velocity($0.envelopeAwayHz) }
        windowSeconds = rows(\.windowSeconds)
    }

    /// The mean over time of each gate, with the standard deviation over time, cm/s; `nil` where fewer than half of the
    /// profiles show flow.
    public var meanOverTime: [(velocityCmPerS: Double, deviationCmPerS: Double)?] {
        depthMm.indices.map { gate in
            let values = meanVelocityCmPerS.compactMap { $0[gate] }
            guard values.count > 1, 2 * values.count >= meanVelocityCmPerS.count else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (mean, (squares / Double(values.count - 1)).squareRoot())
        }
    }
}
