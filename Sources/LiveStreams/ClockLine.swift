/// A straight line from pulse indices to seconds of one monotonic clock.
public struct ClockLine: Sendable, Hashable {
    /// A pulse on the line, counted from the start of the run.
    public var pulse: Double
    /// When that pulse was sent, seconds of the clock.
    public var seconds: Double
    /// What one pulse more takes, seconds, above 0.
    public var secondsPerPulse: Double

    /// A line through one pulse.
    public init(pulse: Double, seconds: Double, secondsPerPulse: Double) {
        self.pulse = pulse
        self.seconds = seconds
        self.secondsPerPulse = secondsPerPulse
    }

    /// When a pulse was sent, seconds of the clock; a fraction is a time between two pulses.
    public func seconds(atPulse wanted: Double) -> Double { seconds + (wanted - pulse) * secondsPerPulse }

    /// Which pulse was sent at a time, seconds of the clock; before the start it is below 0.
    public func pulse(atSeconds wanted: Double) -> Double { pulse + (wanted - seconds) / secondsPerPulse }
}
