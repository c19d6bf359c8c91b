internal import Foundation

/// What is true of a simulated patient: the yardstick for what an exam finds.
public struct ScenarioTruth: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-scenario-truth-2"

    /// What can be heard at a site.
    public enum Flow: String, Sendable, Hashable, Codable, CaseIterable {
        /// Blood stands out of the noise.
        case present
        /// The vein carries no flow.
        case absent
        /// There is flow, but its echo lies below the receiver's noise.
        case belowNoise
    }

    /// What is true at one site.
    public struct Site: Sendable, Hashable, Codable {
        /// The exam's site id.
        public var id: String
        /// What can be heard.
        public var flow: Flow
        /// Direction of the normal flow with regard to the transducer.
        public var normalDirection: VesselSite.Direction
        /// Angle between beam and flow, degrees.
        public var insonationAngleDegrees: Double
        /// Depth of the vessel's axis, mm.
        public var depthMm: Double
        /// Radius of the lumen, mm.
        public var radiusMm: Double
        /// Velocity in the normal direction outside reversals, mean over the lumen and over time, cm/s.
        public var lumenVelocityCmPerS: Double
        /// The same in a gate of `gateLengthMm` on the vessel's axis: what a measurement there should give.
        public var gateVelocityCmPerS: Double
        /// Length of that gate, mm.
        public var gateLengthMm: Double
        /// Stretches of reverse flow, in the order of time, complete within the recording.
        public var reversals: [FlowWaveform.Reversal]
        /// Whether the examiner gets to the site at all.
        public var isExamined: Bool
        /// Velocity over the lumen.
        public var profile: VelocityProfile.Shape
        /// Fastest velocity of the lumen outside reversals, mean over time, cm/s.
        public var fastestVelocityCmPerS: Double
        /// Change of the velocity with the heart and with breathing, shares of its mean.
        public var cardiacModulation: Double
        /// Change of the velocity with breathing, share of its mean; negative: expiration raises it.
        public var respiratoryModulation: Double
        /// Area of the lumen, mean over time outside a strain, mm2.
        public var lumenAreaMm2: Double
        /// Change of the area with the heart, share of its mean: opposite to the velocity's.
        public var areaPulse: Double
        /// Change of the area with breathing, share of its mean: smaller in inspiration.
        public var areaBreathing: Double
        /// Flow in the normal direction outside reversals and strains, mean over time, mL/min: area times velocity.
        public var flowMlPerMin: Double
        /// The strain of the recording; `nil` = none.
        public var strain: ValsalvaStrain?
        /// Where a septum stands in the picture, share of the first semi-axis to the right; left out where there is none.
        public var septumShare: Double?
        /// What the front end does.
        public var faults: [Fault]
        /// Stretches without samples that show anything.
        public var losses: [Stretch]
    }

    /// One fault of the front end.
    public struct Fault: Sendable, Hashable, Codable {
        /// What happens.
        public var kind: FrontEndFault.Kind
        /// Begin since the start, seconds of the device's clock.
        public var startSeconds: Double
        /// Length, seconds; `nil` = to the end of the recording.
        public var lengthSeconds: Double?
        /// How much, in `unit`; `nil` for a kind that has no size.
        public var size: Double?
        /// `overBloodDb`, `counts`, `share`, `radians` or `ppm`, as in the scenario; `nil` for a kind that has no size.
        public var unit: String?
        /// What chance in it depends on.
        public var seed: UInt64
    }

    /// A stretch of a recording.
    public struct Stretch: Sendable, Hashable, Codable {
        /// Begin since the start, seconds.
        public var startSeconds: Double
        /// Length, seconds.
        public var lengthSeconds: Double
    }

    /// What flows through the neck in one posture.
    public struct Outflow: Sendable, Hashable, Codable {
        /// `supine` or `sitting`.
        public var posture: String
        /// Both internal jugular veins at J2, mL/min.
        public var jugularMlPerMin: Double
        /// Both vertebral veins, mL/min.
        public var vertebralMlPerMin: Double
        /// The jugular share of the two, 0 to 1; `nil` where nothing flows.
        public var jugularShare: Double?
    }

    /// The area of one jugular lumen; places that are not measured are left out.
    public struct Area: Sendable, Hashable, Codable {
        /// `left` or `right`.
        public var side: String
        /// `j1`, `j2` or `j3`.
        public var level: String
        /// `supine` or `sitting`.
        public var posture: String
        /// Area, mm2.
        public var areaMm2: Double
    }

    /// `dopplerbridge-scenario-truth-2`.
    public var schema: String
    /// The scenario's name.
    public var scenario: String
    /// The seed.
    public var seed: UInt64
    /// Always true: nothing here comes from a person.
    public var isSimulated: Bool
    /// The take that the reversals belong to.
    public var take: Int
    /// Length of the recordings that the reversals are listed for, seconds.
    public var recordingSeconds: Double
    /// What the patient does in them.
    public var breathing: SimulatedPatient.Breathing
    /// Heart rate, 1/min.
    public var heartRatePerMinute: Double
    /// Breathing rate, 1/min.
    public var breathsPerMinute: Double
    /// What an exam should come to.
    public var expected: ExpectedOutcome
    /// Every site.
    public var sites: [Site]
    /// Every area that is measured.
    public var areas: [Area]
    /// What flows through the neck by posture.
    public var outflow: [Outflow]

    /// The truth as JSON with sorted keys: the same bytes for the same truth.
    ///
    /// - Throws: what the encoder refuses; no truth of a loaded scenario does.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}
