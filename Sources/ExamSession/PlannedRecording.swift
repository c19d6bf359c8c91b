internal import Acquisition
public import CCSVIAnalysis
internal import DopplerDSP
public import ProbeLink

/// One recording that is to be made: a step of the protocol, or its low-flow check.
public struct PlannedRecording: Sendable, Hashable {
    /// Place in the exam, from 1.
    public var number: Int
    /// The step of the protocol.
    public var step: ProtocolStep
    /// The settings, the low-flow check's where it is one.
    public var preset: SettingsPreset
    /// What the patient does.
    public var manoeuvre: Manoeuvre
    /// How long, seconds.
    public var seconds: Double
    /// Counted from 1 when a site is recorded again.
    public var take: Int
    /// Counted from 1 when the probe was lost during the step and the step is recorded anew.
    public var segment = 1
    /// Whether it is the step's low-flow check.
    public var isLowFlowCheck = false
    /// The session of the exam, counted from 1.
    public var session = 1

    /// A recording from its parts.
    public init(
        number: Int, step: ProtocolStep, preset: SettingsPreset, manoeuvre: Manoeuvre, seconds: Double, take: Int
    ) {
        self.number = number
        self.step = step
        self.preset = preset
        self.manoeuvre = manoeuvre
        self.seconds = seconds
        self.take = take
    }

    /// Where.
    public var site: ExamSite { step.site }

    /// The recording's id within its exam: `07-ijv.left.j2.supine`.
    ///
    /// From the second take on with `-take2`, from the second segment on with `-segment2`.
    public var recordingID: String {
        let digits = number < 10 ? "0\(number)" : "\(number)"
        return "\(digits)-\(site.id)" + (take > 1 ? "-take\(take)" : "")
            + (segment > 1 ? "-segment\(segment)" : "")
    }

    /// What to ask the probe for.
    public var wantedSettings: AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: UInt32(preset.centreFrequencyHz.rounded()),
            prfMilliHz: UInt32((preset.prfHz * 1000).rounded()),
            firstGateDepthUm: UInt32((preset.gateDepthMm * 1000).rounded()),
            gateLengthUm: UInt32((preset.gateLengthMm * 1000).rounded()),
            burstCycles: UInt8(clamping: preset.burstCycles), streams: [.iq, .physiology],
            transmitLevelPerMille: UInt16(clamping: preset.transmitLevelPerMille),
            receiveGainCentiDb: Int16(clamping: Int((preset.receiveGainDb * 100).rounded())))
    }

    /// The same recording with the settings that an operator chose, where one did.
    public func with(_ preset: SettingsPreset?) -> PlannedRecording {
        guard let preset else { return self }
        var planned = self
        planned.preset = preset
        return planned
    }

    /// How spectra are computed from what the probe really does, or as they were where a recording says so.
    func spectralSettings(
        inForce settings: AcquisitionSettings, correctsIQ: Bool, recorded: RecordingContext?
    ) -> SpectralSettings {
        var spectral = preset.spectralSettings.atRate(prfHz: settings.prfHz)
        spectral.gates = Int(settings.gates)
        spectral.correctsIQ = correctsIQ
        if let wallFilterHz = recorded?.wallFilterHz { spectral.wallFilterCutoffHz = wallFilterHz }
        if let fftLength = recorded?.fftLength { spectral.fftLength = fftLength }
        if let hopPulses = recorded?.hopPulses { spectral.hopPulses = hopPulses }
        return spectral
    }

    /// What turns shifts into velocities with what the probe really does, or did when it was recorded.
    func scale(inForce settings: AcquisitionSettings, recorded: RecordingContext?) -> DopplerScale {
        var scale = preset.scale
        scale.centreFrequencyHz = Double(settings.centreFrequencyHz)
        if let angle = recorded?.insonationAngleDegrees { scale.insonationAngleDegrees = angle }
        if let speed = recorded?.speedOfSoundMPerS { scale.speedOfSoundMPerS = speed }
        return scale
    }
}
