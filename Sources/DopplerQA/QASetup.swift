public import CCSVIAnalysis
public import DopplerDSP
public import ProbeSimulator

/// The settings under which the test object is measured: those of a site of the standard protocol.
public struct QASetup: Sendable {
    /// How spectra are computed.
    public var spectral: SpectralSettings
    /// What turns shifts into velocities.
    public var scale: DopplerScale
    /// The direction that is normal.
    public var normalDirection: FlowDirection
    /// Where the signal would come from.
    public var site: ExamSite

    /// The setup of a protocol's first step with a preset of this name; `nil` when there is none.
    public init?(preset name: String, of examProtocol: ExamProtocol) {
        guard let step = examProtocol.steps.first(where: { $0.preset == name }),
            let preset = examProtocol.preset(for: step)
        else { return nil }
        spectral = preset.spectralSettings
        scale = preset.scale
        normalDirection = step.normalDirection
        site = step.site
    }

    /// The beam of a scene with this scale and direction.
    public var beam: TestBeam {
        TestBeam(
            centreFrequencyHz: scale.centreFrequencyHz, insonationAngleDegrees: scale.insonationAngleDegrees,
            speedOfSoundMPerS: scale.speedOfSoundMPerS, normalIsTowards: normalDirection == .towards)
    }

    /// Half the pulse repetition frequency, Hz.
    var nyquistHz: Double { spectral.prfHz / 2 }

    /// Speed of a shift's size, cm/s.
    func speedCmPerS(_ shiftHz: Double) -> Double { abs(shiftHz / beam.shiftHzPerCmPerS) }

    /// 1 where positive shifts are flow in the normal direction, else -1.
    var normalSign: Double { normalDirection == .towards ? 1 : -1 }

    /// The same setup with I and Q corrected, or not.
    func correcting(_ corrects: Bool) -> QASetup {
        var setup = self
        setup.spectral.correctsIQ = corrects
        return setup
    }
}

/// The setups of all clauses.
public struct QASetups: Sendable {
    /// The neck: 7.5 MHz.
    public var jugular: QASetup
    /// Through the temporal bone: 2 MHz.
    public var transtemporal: QASetup

    /// The setups of the standard protocol.
    ///
    /// - Throws: `QAError.unknownPreset` when the protocol has other presets.
    public init(_ examProtocol: ExamProtocol) throws(QAError) {
        guard let jugular = QASetup(preset: "jugular", of: examProtocol) else { throw .unknownPreset("jugular") }
        guard let transtemporal = QASetup(preset: "transtemporal", of: examProtocol) else {
            throw .unknownPreset("transtemporal")
        }
        self.jugular = jugular
        self.transtemporal = transtemporal
    }
}
