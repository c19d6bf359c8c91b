/// What can be set on a probe, and where it starts.
public struct AcquisitionLimits: Sendable, Hashable {
    /// The settings that an examination starts from.
    public struct Start: Sendable, Hashable {
        /// Transmitted centre frequency, Hz.
        public var centreFrequencyHz: Double
        /// Pulse repetition frequency, Hz.
        public var prfHz: Double
        /// Depth of the gate's centre, mm.
        public var gateDepthMm: Double
        /// Length of the gate, mm.
        public var gateLengthMm: Double
        /// Length of the transmitted burst, cycles.
        public var burstCycles: UInt8

        /// Settings from their fields.
        public init(
            centreFrequencyHz: Double, prfHz: Double, gateDepthMm: Double, gateLengthMm: Double, burstCycles: UInt8
        ) {
            self.centreFrequencyHz = centreFrequencyHz
            self.prfHz = prfHz
            self.gateDepthMm = gateDepthMm
            self.gateLengthMm = gateLengthMm
            self.burstCycles = burstCycles
        }
    }

    /// The speed of sound that depths and velocities are reckoned with, m/s.
    public var speedOfSoundMPerS: Double
    /// The pulse repetition frequencies that can be set, Hz.
    public var prfHz: ClosedRange<Double>
    /// The depths between which every gate lies, from its near edge to its far edge, mm.
    public var depthMm: ClosedRange<Double>
    /// The lengths that a gate may have, mm.
    public var gateLengthMm: ClosedRange<Double>
    /// The Nyquist velocities as the profile states them, checked against frequencies and PRF, cm/s at 0 degrees.
    public var nyquistVelocityCmPerS: ClosedRange<Double>
    /// Where an examination starts.
    public var start: Start

    /// Limits from their fields.
    public init(
        speedOfSoundMPerS: Double, prfHz: ClosedRange<Double>, depthMm: ClosedRange<Double>,
        gateLengthMm: ClosedRange<Double>, nyquistVelocityCmPerS: ClosedRange<Double>, start: Start
    ) {
        self.speedOfSoundMPerS = speedOfSoundMPerS
        self.prfHz = prfHz
        self.depthMm = depthMm
        self.gateLengthMm = gateLengthMm
        self.nyquistVelocityCmPerS = nyquistVelocityCmPerS
        self.start = start
    }
}
