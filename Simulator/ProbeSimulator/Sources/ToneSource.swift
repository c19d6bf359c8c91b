import Foundation

/// A body that gives one complex tone in every gate, over noise: for tests and for trying out a link.
///
/// Every sample follows from the seed and its own place, so that it is the same however the run is cut up.
public struct ToneSource: SignalSource {
    /// Frequency of the tone, Hz; positive = towards the transducer.
    public let frequencyHz: Double
    /// Amplitude of the tone while transmitting, full scale 32,767.
    public let amplitude: Double
    /// Largest value of the noise, which is even between its negative and it.
    public let noiseAmplitude: Int16
    /// The noise's seed.
    public let seed: UInt64

    private var prfHz = 1.0
    private var gates = 1

    /// One beat a second (project choice: 60 a minute).
    private static let heartRateHz = 1.0
    /// Part of a beat that the R wave takes (project choice: 40 ms).
    private static let rWavePart = 0.04
    private static let rWaveMicroV: Int16 = 1000
    /// Fifteen breaths a minute (project choice).
    private static let breathRateHz = 0.25

    /// A tone of `frequencyHz` with noise of its own seed.
    public init(frequencyHz: Double, amplitude: Double = 8000, noiseAmplitude: Int16 = 100, seed: UInt64) {
        self.frequencyHz = frequencyHz
        self.amplitude = amplitude
        self.noiseAmplitude = max(0, noiseAmplitude)
        self.seed = seed
    }

    /// A probe held at nothing: every sample is 0, with the ECG and breathing of the tone.
    public static let silence = ToneSource(frequencyHz: 0, amplitude: 0, noiseAmplitude: 0, seed: 0)

    /// Takes PRF and gates of the run.
    public mutating func begin(_ settings: DeviceSettings) {
        prfHz = max(settings.prfHz, 1e-3)
        gates = Int(settings.gates)
    }

    /// Appends the tone and its noise, or the noise alone.
    public mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]) {
        for offset in 0..<max(0, count) {
            let pulse = firstPulse &+ UInt64(offset)
            let turns = (Double(pulse) * frequencyHz / prfHz).truncatingRemainder(dividingBy: 1)
            let level = transmitting ? amplitude : 0
            let inPhase = level * cos(2 * .pi * turns)
            let quadrature = level * sin(2 * .pi * turns)
            for gate in 0..<gates {
                let place = pulse &* UInt64(gates) &+ UInt64(gate)
                samples.append(sample(inPhase, noise: noise(2 &* place)))
                samples.append(sample(quadrature, noise: noise(2 &* place &+ 1)))
            }
        }
    }

    /// A square R wave at every full second, and a sine of breathing.
    public mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) {
        let beat = (seconds * Self.heartRateHz).truncatingRemainder(dividingBy: 1)
        let breath = sin(2 * .pi * Self.breathRateHz * seconds)
        return (beat < Self.rWavePart ? Self.rWaveMicroV : 0, Int16(breath * Double(Int16.max)))
    }

    private func sample(_ signal: Double, noise: Int16) -> Int16 {
        let sum = (signal + Double(noise)).rounded()
        guard sum.isFinite else { return 0 }
        return Int16(max(Double(Int16.min), min(Double(Int16.max), sum)))
    }

    /// The noise at a place: the SplitMix64 output function (Steele, Lea and Flood 2014) of seed and place.
    private func noise(_ place: UInt64) -> Int16 {
        var mixed = seed &+ (place &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        let span = UInt64(noiseAmplitude) * 2 + 1
        return Int16(truncatingIfNeeded: Int64(mixed % span) - Int64(noiseAmplitude))
    }
}
