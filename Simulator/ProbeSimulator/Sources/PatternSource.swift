/// A body that repeats one stretch of a tone with noise for ever: for streams at the highest rates.
///
/// The stretch is made once at the start of a run, so that a sample costs no more than a copy. Pulse p has the samples
/// of pulse p modulo `periodPulses`.
public struct PatternSource: SignalSource {
    /// Most values of the stretch, 4 MiB (project choice: 512 gates of 2048 pulses); more gates make it shorter.
    private static let mostValues = 2_097_152

    /// Pulses after which everything repeats, 1 or more.
    public let periodPulses: Int
    /// Turns of the tone's phase in that time; negative = away from the transducer.
    public let turnsPerPeriod: Int
    private var tone: ToneSource
    private var values = 2
    private var pulses = 1
    private var echo: [Int16] = []
    private var receiver: [Int16] = []

    /// A stretch of `periodPulses` with a whole number of turns, so that the tone has no seam.
    public init(
        periodPulses: Int = 256, turnsPerPeriod: Int = 16, amplitude: Double = 8000, noiseAmplitude: Int16 = 100,
        seed: UInt64
    ) {
        self.periodPulses = max(1, periodPulses)
        self.turnsPerPeriod = turnsPerPeriod
        tone = ToneSource(
            frequencyHz: Double(turnsPerPeriod) / Double(max(1, periodPulses)), amplitude: amplitude,
            noiseAmplitude: noiseAmplitude, seed: seed)
    }

    /// Makes the stretch.
    public mutating func begin(_ settings: DeviceSettings) {
        values = 2 * max(1, Int(settings.gates))
        pulses = max(1, min(periodPulses, Self.mostValues / values))
        // One pulse a second: the tone's frequency is then in turns of a pulse.
        var eachSecond = settings
        eachSecond.prfMilliHz = 1000
        tone.begin(eachSecond)
        echo = []
        receiver = []
        tone.appendIQ(firstPulse: 0, count: pulses, transmitting: true, to: &echo)
        tone.appendIQ(firstPulse: 0, count: pulses, transmitting: false, to: &receiver)
    }

    /// Appends from the stretch.
    public mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]) {
        var place = Int(firstPulse % UInt64(pulses))
        var left = max(0, count)
        while left > 0 {
            let taken = min(left, pulses - place)
            let range = (place * values)..<((place + taken) * values)
            samples.append(contentsOf: transmitting ? echo[range] : receiver[range])
            left -= taken
            place = 0
        }
    }

    /// The ECG and breathing of the tone.
    public mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) {
        tone.physiology(atSeconds: seconds)
    }
}
