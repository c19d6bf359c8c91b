public import CCSVIAnalysis

/// Everything that a screen shows of the exam that is open, as plain values.
///
/// As JSON, a value that is not known or not measured is left out.
public struct ExamState: Sendable, Hashable, Codable {
    /// The exam's id.
    public var examID: String
    /// The subject's code.
    public var subjectCode: String
    /// The patient's name where it is known and may be shown.
    public var name: String?
    /// The protocol.
    public var `protocol`: ProtocolName
    /// Whether anything in the exam is simulated; no screen may hide it.
    public var isSimulated: Bool
    /// Where the samples come from.
    public var origin: Origin
    /// What the exam is doing.
    public var phase: ExamPhase
    /// Whether the probe transmits, or would if the level were above 0: in a live scan and a recording.
    public var isTransmitting = false
    /// Which run of the source the live pieces belong to, counted from 1; 0 before the first one.
    public var run: UInt32 = 0
    /// The steps of the protocol, in order.
    public var steps: [Step]
    /// Number of the step that is on, from 1; `nil` between steps.
    public var step: Int?
    /// The recording that is made, was made last in this step, or would be made next.
    public var recordingID: String?
    /// Whether the recording is the step's low-flow check.
    public var isLowFlowCheck = false
    /// The posture that the patient is to have.
    public var posture: Posture?
    /// What the patient does in the step that is on.
    public var manoeuvre: Manoeuvre?
    /// What the protocol tells the operator of the step.
    public var guidance: String?
    /// How much of the step is recorded, seconds.
    public var recordedSeconds = 0.0
    /// How long the step is to be recorded, seconds.
    public var plannedSeconds = 0.0
    /// How long the probe has transmitted for this step, live scans included, seconds.
    public var transmitSeconds = 0.0
    /// The rest that goes on.
    public var rest: Rest?
    /// The area that is asked for.
    public var area: Area?
    /// The lumen that is asked for.
    public var lumen: Lumen?
    /// What is asked for beside recordings and areas.
    public var asks: [AskedFinding]
    /// The settings in force, or those that the next live scan or recording asks for.
    public var settings: SettingsInForce?
    /// What turns the scale into velocities.
    public var scale: Scale?
    /// What is missing, by place, in the run that goes on or went on last, pulses.
    public var losses = Losses()
    /// What the probe declares of its output.
    public var acoustic: Acoustic
    /// What was recorded of the step, while it is reviewed.
    public var takes: [Take] = []
    /// What the last whole take of the step measured; empty before one is there.
    public var measurements: [Measurement] = []
    /// Moments that the operator marked in the recording that is made or was made last.
    public var marks: [MarkedMoment] = []
    /// What is wrong and what to do, where something is; the exam goes on.
    public var trouble: Trouble?
    /// What the exam came to, at its end.
    public var outcome: Outcome?
    /// Why the exam ended early, where it failed.
    public var failure: Trouble?
}

extension ExamState {
    /// The protocol.
    public struct ProtocolName: Sendable, Hashable, Codable {
        /// Its id.
        public var id: String
        /// Its title.
        public var title: String
    }

    /// Where the samples come from.
    public struct Origin: Sendable, Hashable, Codable {
        /// The word that picked the source.
        public var specifier: String
        /// The device.
        public var device: String
    }

    /// One step of the protocol.
    public struct Step: Sendable, Hashable, Codable {
        /// How far a step is.
        public enum State: String, Sendable, Hashable, Codable, CaseIterable {
            case done, now, missing, skipped, notVisualised, notAssessable
        }

        /// Place in the protocol, from 1.
        public var number: Int
        /// The site's id.
        public var siteID: String
        /// The site in words.
        public var name: String
        /// The posture.
        public var posture: Posture
        /// The side.
        public var side: Side
        /// The vein.
        public var vein: Vein
        /// The level of the internal jugular vein.
        public var level: JugularLevel?
        /// What the patient does.
        public var manoeuvre: Manoeuvre
        /// How long it is recorded, seconds.
        public var seconds: Double
        /// How far it is.
        public var state: State
        /// Takes that were made.
        public var takes: Int
        /// What was found, in words; `nil` while nothing is.
        public var finding: String?
    }

    /// A rest that goes on.
    public struct Rest: Sendable, Hashable, Codable {
        /// The posture.
        public var posture: Posture
        /// What is left of it, seconds.
        public var secondsLeft: Double
        /// What the protocol asks for, seconds.
        public var plannedSeconds: Double
    }

    /// An area that is asked for.
    public struct Area: Sendable, Hashable, Codable {
        /// The side.
        public var side: Side
        /// The level.
        public var level: JugularLevel
        /// The posture.
        public var posture: Posture
        /// The place in words.
        public var name: String
        /// Whether a picture is there that can be measured in.
        public var hasPicture = false
        /// Why the area that was last entered could not be taken; `nil` = it could, or none was entered.
        public var refusal: String?
    }

    /// A lumen that is asked for.
    public struct Lumen: Sendable, Hashable, Codable {
        /// The side.
        public var side: Side
        /// The level.
        public var level: JugularLevel
        /// The place in words.
        public var name: String
        /// Whether the movement of the valve's leaflets is asked for too.
        public var asksLeaflets: Bool
    }
}
