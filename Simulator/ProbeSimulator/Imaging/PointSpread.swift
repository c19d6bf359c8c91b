/// How the echo of a point spreads in the picture: a Gaussian along the beam and one across.
public struct PointSpread: Sendable, Hashable, Codable {
    /// Standard deviation of the amplitude along the beam, mm.
    public var axialMm = PointSpread.usualAxialMm
    /// Standard deviation of the amplitude across the beam, mm.
    public var lateralMm = PointSpread.usualLateralMm

    /// Along the beam, mm: 0.3 mm at half height (project choice: two cycles at 7.5 MHz).
    public static let usualAxialMm = 0.13
    /// Across the beam, mm: 0.7 mm at half height (project choice: a linear array near its focus).
    public static let usualLateralMm = 0.3

    /// The usual spread.
    public init() {}

    /// How many standard deviations are kept.
    static let reach = 3.0

    /// The weights of a Gaussian on a grid, from -n to n, whose squares add up to 1.
    static func kernel(deviationMm: Double, pitchMm: Double) -> [Float] {
        let most = 64.0
        let deviation = pitchMm > 0 ? deviationMm / pitchMm : 0
        let half = Int(min((reach * deviation).rounded(.up), most))
        guard half > 0, deviation > 0 else { return [1] }
        // 10 log10(e): a Gaussian's exponent in dB of amplitude is twice that.
        let decibelPerNeper = 8.685889638065037
        let weights = (-half...half).map { place in
            let share = Double(place) / deviation
            return PortableMath.amplitude(ofDb: -decibelPerNeper * share * share / 2)
        }
        let energy = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return weights.map { Float($0 / energy) }
    }
}
