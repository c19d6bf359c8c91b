internal import Glibc
public import DopplerDSP

/// Volume flow of a vein: area times the mean velocity over the lumen and over time.
///
/// The mean, not the maximum, belongs in it (project's references, clinical, 8.3: 94.5 mm2 and 12.6 cm/s are 715 mL/min).
public struct FlowVolume: Sendable, Hashable, Codable {
    /// A quantity with its standard error, in the unit of its name.
    public struct Measured: Sendable, Hashable, Codable {
        /// The value.
        public var value: Double
        /// Its standard error, 0 or above.
        public var standardError: Double

        /// A quantity from its parts.
        public init(_ value: Double, standardError: Double) {
            self.value = value
            self.standardError = standardError
        }
    }

    /// Flow, mL/min, positive in the normal direction.
    public let millilitresPerMinute: Measured
    /// Share of the relative error that comes from the area, the velocity and the angle, squared: they add up to 1; `nil`
    /// without any error.
    public let varianceShares: [Double]?

    /// Flow of a lumen.
    ///
    /// The relative errors add in squares, since they are independent; that of the angle is tan(angle) times its error
    /// in radians (the derivative of 1 / cos).
    ///
    /// - Parameters:
    ///   - areaMm2: area of the lumen, mm2, 0 or above.
    ///   - velocityCmPerS: mean over lumen and time, cm/s, positive in the normal direction.
    ///   - angleDegrees: angle between beam and flow, 0 up to but not including 90.
    ///   - angleErrorDegrees: its standard error, 0 or above.
    /// - Returns: `nil` when a figure is out of its range or not a number.
    public init?(
        areaMm2: Measured, velocityCmPerS: Measured, angleDegrees: Double, angleErrorDegrees: Double
    ) {
        let figures = [areaMm2.value, areaMm2.standardError, velocityCmPerS.standardError, angleErrorDegrees]
        guard figures.allSatisfy({ $0.isFinite && $0 >= 0 }), velocityCmPerS.value.isFinite, angleDegrees >= 0,
            angleDegrees < 90
        else { return nil }
        let flow = areaMm2.value * velocityCmPerS.value * Self.perMm2CmPerS
        let radians = Double.pi / 180
        let parts = [
            areaMm2.standardError * abs(velocityCmPerS.value) * Self.perMm2CmPerS,
            areaMm2.value * velocityCmPerS.standardError * Self.perMm2CmPerS,
            abs(flow) * tan(angleDegrees * radians) * angleErrorDegrees * radians,
        ]
        let variance = parts.reduce(0) { $0 + $1 * $1 }
        millilitresPerMinute = Measured(flow, standardError: variance.squareRoot())
        varianceShares = variance > 0 ? parts.map { $0 * $0 / variance } : nil
    }

    /// mL/min of 1 mm2 and 1 cm/s: 0.01 cm2 times 1 cm/s times 60 s.
    private static let perMm2CmPerS = 0.6
}

extension FlowVolume {
    /// Time-averaged mean velocity of a recording, cm/s in the normal direction, with the standard error of the mean.
    ///
    /// Columns that overlap are not independent: the error counts one for each window's length.
    ///
    /// - Returns: `nil` when fewer than half of the usable columns show flow.
    public static func meanVelocity(
        _ spectrogram: Spectrogram, scale: DopplerScale, normalDirection: FlowDirection
    ) -> Measured? {
        let power = DirectionalPower(spectrogram, scale: scale, normalDirection: normalDirection)
        let usable = power.columns.filter(\.isUsable)
        let velocities = usable.compactMap(\.velocityCmPerS)
        guard velocities.count > 1, 2 * velocities.count >= usable.count else { return nil }
        let mean = velocities.reduce(0, +) / Double(velocities.count)
        let variance =
            velocities.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(velocities.count - 1)
        let independent = max(1, Double(velocities.count) * min(1, power.hopSeconds / power.windowSeconds))
        return Measured(mean, standardError: (variance / independent).squareRoot())
    }
}
