public import CCSVIAnalysis

extension ExamState {
    /// Pulses that are missing, by place.
    public struct Losses: Sendable, Hashable, Codable {
        /// In the probe, which said so.
        public var probe: UInt64 = 0
        /// On the way from the probe.
        public var link: UInt64 = 0
        /// At the ring of the acquisition; `nil` until the exam is written, which alone knows.
        public var ring: UInt64?
        /// On the way to the screens alone: the recording has them.
        public var screen: UInt64 = 0
    }

    /// What the probe declares of its output; a value that it does not declare is left out and never computed.
    public struct Acoustic: Sendable, Hashable, Codable {
        /// Highest mechanical index.
        public var mechanicalIndex: Double?
        /// Highest thermal index.
        public var thermalIndex: Double?
    }

    /// Settings with the limits that an operator has.
    public struct SettingsInForce: Sendable, Hashable, Codable {
        /// Transmitted centre frequency, Hz.
        public var centreFrequencyHz: Double
        /// Pulse repetition frequency, Hz.
        public var prfHz: Double
        /// Gates that a live scan has.
        public var gates: Int
        /// Which of them is looked at, from 0.
        public var gate: Int
        /// Depth of the centre of the gate that is looked at and recorded, mm.
        public var gateDepthMm: Double
        /// Depth of the first gate's centre, mm.
        public var firstGateDepthMm: Double
        /// Distance of neighbouring gates, mm; 0 with one gate.
        public var gateSpacingMm: Double
        /// Length of each gate, mm.
        public var gateLengthMm: Double
        /// Receive gain, dB.
        public var receiveGainDb: Double
        /// Transmit level, thousandths of the probe's maximum.
        public var transmitLevelPerMille: Int
        /// Angle between beam and flow, degrees.
        public var insonationAngleDegrees: Double
        /// The largest angle that the protocol accepts, degrees: above it velocities are not those of the protocol.
        public var largestAngleDegrees: Double
        /// Cut-off of the wall filter, Hz.
        public var wallFilterHz: Double
        /// Speed of sound, m/s.
        public var speedOfSoundMPerS: Double
        /// Length of window and transform, pulses.
        public var fftLength: Int
        /// Distance of neighbouring columns, pulses.
        public var hopPulses: Int
        /// B-mode pictures a second; 0 = none.
        public var bModeFramesPerSecond: Double
        /// Whether a probe has them in force; else they are what it will be asked for.
        public var isInForce: Bool
        /// Whether the operator changed any of them for this step.
        public var isChanged: Bool
        /// Between what each may be set: lowest and highest.
        public var limits: SettingsLimits
    }

    /// What turns the scale into velocities.
    public struct Scale: Sendable, Hashable, Codable {
        /// Velocity at half the PRF, cm/s.
        public var nyquistCmPerS: Double
        /// The wall filter's cut-off as a velocity, cm/s.
        public var wallFilterCmPerS: Double
        /// How much larger the true velocity is when the true angle is 3 degrees larger, percent; `nil` where it may be 90.
        public var angleErrorPercentPer3Degrees: Double?
        /// Whether the angle is above what the protocol accepts.
        public var isAngleBeyondProtocol: Bool
    }

    /// One take of the step.
    public struct Take: Sendable, Hashable, Codable {
        /// Its number.
        public var take: Int
        /// Its recordings.
        public var recordingIDs: [String]
        /// The recording that shows it, for its columns and marks; `nil` where none can be read.
        public var recordingID: String?
        /// Whether it can be judged.
        public var isComplete: Bool
        /// What it shows, in words.
        public var words: String
        /// Signal over noise, dB.
        public var signalDb: Double?
        /// Whether the signal reaches what the protocol asks for; `nil` where no flow was found.
        public var reachesLeastSignal: Bool?
        /// Reflux as the analyser proposes it.
        public var refluxes: [Reflux]
    }

    /// A reflux that the analyser proposes.
    public struct Reflux: Sendable, Hashable, Codable {
        /// Start since the start of the recording, seconds.
        public var startSeconds: Double
        /// End, seconds.
        public var endSeconds: Double
        /// Fastest mean velocity against the normal direction, cm/s.
        public var peakCmPerS: Double?
        /// What the patient did.
        public var manoeuvre: Manoeuvre
        /// The detector's confidence, 0 to 1.
        public var confidence: Double?
    }

    /// One figure of the step.
    public struct Measurement: Sendable, Hashable, Codable {
        /// What became of it: none of these is ever another.
        public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
            case measured, notMeasured, notAssessable, nothingFound
        }

        /// Which: `meanVelocity`, `direction`, `reflux`, `breaths` or `signal`.
        public var id: String
        /// The figure; `nil` unless it was measured and is a number.
        public var value: Double?
        /// Its unit; empty for words.
        public var unit: String
        /// What became of it.
        public var status: Status
        /// What there is to say of it.
        public var words: String?
    }

    /// A moment that the operator marked.
    public struct MarkedMoment: Sendable, Hashable, Codable {
        /// When, seconds since the start of the recording.
        public var seconds: Double
        /// What, in the operator's words; `valsalva` for the start of the manoeuvre.
        public var label: String
    }

    /// What is wrong and what to do.
    public struct Trouble: Sendable, Hashable, Codable {
        /// What is wrong.
        public var what: String
        /// What to do.
        public var next: String
    }

    /// What the exam came to.
    public struct Outcome: Sendable, Hashable, Codable {
        /// The verdict.
        public var verdict: Verdict
        /// The verdict with its counts, in words.
        public var words: String
        /// Lowest VHISS that fits.
        public var vhissLow: Int
        /// Highest VHISS that fits.
        public var vhissHigh: Int
        /// Whether the protocol came to its end.
        public var isCompleted: Bool
    }
}
