internal import ProbeLink

/// Gives every pulse of a run its time on one monotonic clock, from its index.
///
/// The offset is fixed at the beginning, by one frame. From then on the time of a pulse is a straight line of its index; when a frame
/// arrived moves no stamp. Where the probe has a clock of its own, the line is bent by the drift that is measured over all
/// of the run: slowly, without a step, and only where it has become worth more than `leastSeconds`. Before it is known, in
/// the first half minute, a probe whose crystal is 100 millionths off is up to 3 ms away from the host's clock.
public struct StreamClock: Sendable {
    /// Drift is followed from so many seconds on (project choice: the measurement is then good to some millionths).
    static let followsFromSeconds = 30.0
    /// The line is looked at so often, and has come to where the measured drift puts it when it is looked at again, seconds
    /// (project choice).
    static let lookEverySeconds = 10.0
    /// A line that is so near to where the measured drift puts it stays as it is, seconds (project choice: half of what a
    /// stamp may be off, and more than the measurement is uncertain by).
    static let leastSeconds = 0.0005
    /// The greatest drift that is followed, millionths (project choice: crystals drift by less than 200; what measures more
    /// is a delay or a loss that nobody noticed, not a clock).
    static let mostDriftPpm = 500.0

    /// The line that holds now.
    public private(set) var line: ClockLine
    /// The drift that is followed, millionths: how much faster the probe's clock runs than the host's; `nil` = the line is
    /// that of the nominal rate.
    public private(set) var driftPpm: Double?

    private let nominalSecondsPerPulse: Double
    private let startSeconds: Double
    private let follows: Bool
    private var drift: ClockDrift
    private var lastEndPulse: UInt64?
    private var nextLookSeconds: Double

    /// The clock of a run, once a frame has come.
    ///
    /// - Parameters:
    ///   - prfHz: pulses a second by the probe's account, above 0.
    ///   - endPulse: the end of the frame that fixes the offset: its last pulse's index and one.
    ///   - arrivalNanoseconds: the host's monotonic clock when that frame came.
    ///   - follows: whether the probe has a clock of its own that may drift.
    public init(prfHz: Double, endPulse: UInt64, arrivalNanoseconds: UInt64, follows: Bool) {
        nominalSecondsPerPulse = 1 / prfHz
        startSeconds = Double(arrivalNanoseconds) / 1e9 - Double(endPulse) / prfHz
        line = ClockLine(pulse: 0, seconds: startSeconds, secondsPerPulse: 1 / prfHz)
        drift = ClockDrift(nominalHz: prfHz)
        self.follows = follows
        nextLookSeconds = startSeconds + Self.followsFromSeconds
    }

    /// Takes when a frame arrived.
    ///
    /// - Parameters:
    ///   - endPulse: the frame's last pulse's index and one.
    ///   - arrivalNanoseconds: the host's monotonic clock then.
    /// - Returns: whether the line has been bent.
    @discardableResult
    public mutating func observe(endPulse: UInt64, arrivalNanoseconds: UInt64) -> Bool {
        guard follows, endPulse > (lastEndPulse ?? 0) else { return false }
        // What the measurement calls the samples before a transfer is the end of the one that was observed before.
        drift.transferArrives(hostNanoseconds: arrivalNanoseconds, samplesBefore: Double(lastEndPulse ?? 0))
        lastEndPulse = endPulse
        let nowSeconds = Double(arrivalNanoseconds) / 1e9
        guard nowSeconds >= nextLookSeconds else { return false }
        nextLookSeconds = nowSeconds + Self.lookEverySeconds
        guard let measured = drift.partsPerMillion, abs(measured) <= Self.mostDriftPpm else { return false }
        return bend(at: Double(endPulse), driftPpm: measured)
    }

    /// Turns the line about a pulse, so that it is where the measured drift puts it when it is looked at next.
    private mutating func bend(at pulse: Double, driftPpm measured: Double) -> Bool {
        let here = line.seconds(atPulse: pulse)
        let truePerPulse = nominalSecondsPerPulse / (1 + measured * 1e-6)
        let ahead = Self.lookEverySeconds / nominalSecondsPerPulse
        let goal = startSeconds + (pulse + ahead) * truePerPulse
        guard abs(goal - line.seconds(atPulse: pulse + ahead)) > Self.leastSeconds else { return false }
        // A stamp never goes back, and a line that is far off comes back over several looks.
        let most = nominalSecondsPerPulse * (1 + 4 * Self.mostDriftPpm * 1e-6)
        let least = nominalSecondsPerPulse * (1 - 4 * Self.mostDriftPpm * 1e-6)
        let perPulse = Swift.min(Swift.max((goal - here) / ahead, least), most)
        line = ClockLine(pulse: pulse, seconds: here, secondsPerPulse: perPulse)
        driftPpm = measured
        return true
    }
}
