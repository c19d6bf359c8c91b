public import ProbeLink

extension DeviceProfile {
    /// What a probe of this kind cannot do of what settings ask for, each with the value and what is possible.
    ///
    /// Depths are those of the gates' edges. Values are compared to half of the unit that settings are kept in.
    ///
    /// - Returns: one sentence for each problem; empty when all can be set.
    public func problems(with settings: AcquisitionSettings) -> [String] {
        SettingsCheck(self, settings).problems
    }
}

/// Compares settings with a profile; problems are collected in the order of the settings.
private struct SettingsCheck {
    // Half of the units of AcquisitionSettings: what lies within came about by rounding.
    private static let halfMicrometreInMm = 0.0005
    private static let halfHz = 0.5
    private static let halfMilliHzInHz = 0.0005

    private let profile: DeviceProfile
    private let settings: AcquisitionSettings
    private(set) var problems: [String] = []

    init(_ profile: DeviceProfile, _ settings: AcquisitionSettings) {
        self.profile = profile
        self.settings = settings
        checkFrequency()
        checkRange("prfHz", settings.prfHz, profile.limits.prfHz, within: Self.halfMilliHzInHz)
        checkRange("gateLengthMm", gateLengthMm, profile.limits.gateLengthMm, within: Self.halfMicrometreInMm)
        checkGates()
        checkDepths()
        checkPeriod()
        checkTransmission()
        if !profile.probeProtocol.isSettable { checkStart() }
    }

    private var gateLengthMm: Double { Double(settings.gateLengthUm) / 1000 }
    private var nearEdgeMm: Double { (Double(settings.firstGateDepthUm) - Double(settings.gateLengthUm) / 2) / 1000 }
    private var farEdgeMm: Double {
        let between = Double(settings.gateSpacingUm) * Double(max(Int(settings.gates), 1) - 1)
        return (Double(settings.firstGateDepthUm) + between + Double(settings.gateLengthUm) / 2) / 1000
    }

    private mutating func checkRange(
        _ name: String, _ value: Double, _ range: ClosedRange<Double>, within tolerance: Double
    ) {
        guard value < range.lowerBound - tolerance || value > range.upperBound + tolerance else { return }
        problems.append("\(name) \(value) is not possible: \(words(range))")
    }

    private mutating func checkFrequency() {
        let asked = Double(settings.centreFrequencyHz)
        switch profile.centreFrequencies {
        case .range(let range): checkRange("centreFrequencyHz", asked, range, within: Self.halfHz)
        case .values(let values):
            guard !values.contains(where: { abs($0 - asked) <= Self.halfHz }) else { return }
            let possible = values.map { "\($0)" }.joined(separator: ", ")
            problems.append("centreFrequencyHz \(asked) is not possible: \(possible)")
        }
    }

    private mutating func checkGates() {
        let possible = profile.probeProtocol.gates
        if !possible.contains(Int(settings.gates)) {
            problems.append(
                "gates \(settings.gates) is not possible: \(possible.lowerBound) to \(possible.upperBound)")
        }
        if settings.gates > 1, settings.gateSpacingUm == 0 {
            problems.append("gateSpacingMm 0.0 is not possible with \(settings.gates) gates: more than 0")
        }
    }

    private mutating func checkDepths() {
        let possible = profile.limits.depthMm
        checkRange("near edge of the first gate, mm,", nearEdgeMm, possible, within: Self.halfMicrometreInMm)
        guard settings.gates > 0 else { return }
        checkRange("far edge of the last gate, mm,", farEdgeMm, possible, within: Self.halfMicrometreInMm)
        guard profile.probeProtocol.samplesArePulses, farEdgeMm > 0 else { return }
        let greatest = LimitsReading.greatestPRFHz(
            farEdgeMm: farEdgeMm, speedOfSoundMPerS: profile.limits.speedOfSoundMPerS)
        guard settings.prfHz > greatest + Self.halfMilliHzInHz else { return }
        problems.append(
            "prfHz \(settings.prfHz) is not possible with a gate that ends at \(farEdgeMm) mm: at most "
                + "\(hundredths(greatest)), one echo at a time")
    }

    private mutating func checkPeriod() {
        let clock =
            profile.usd3.map { ($0.clockHz, USD3Stream.greatestTicks) }
            ?? profile.digidop.map { ($0.clockHz, DigiDopStream.greatestTicks) }
        guard let (clockHz, greatestTicks) = clock, settings.prfMilliHz > 0 else { return }
        let ticks = Double(clockHz) / settings.prfHz
        guard ticks > Double(greatestTicks) else { return }
        problems.append(
            "prfHz \(settings.prfHz) is not possible: its period is \(hundredths(ticks)) ticks of the probe's clock, "
                + "which counts to \(greatestTicks)")
    }

    private mutating func checkTransmission() {
        if settings.burstCycles == 0 { problems.append("burstCycles 0 is not possible: 1 to 255") }
        if settings.transmitLevelPerMille > DeviceProfile.fullTransmitLevelPerMille {
            problems.append(
                "transmitLevelPerMille \(settings.transmitLevelPerMille) is not possible: 0 to "
                    + "\(DeviceProfile.fullTransmitLevelPerMille)")
        }
        let isIQAlone = settings.streams == .iq
        if settings.streams.isEmpty || (!isIQAlone && profile.probeProtocol != .odp1) {
            problems.append(
                "streams \(settings.streams.rawValue) is not possible: "
                    + (profile.probeProtocol == .odp1 ? "at least one" : "\(StreamMask.iq.rawValue), I and Q alone"))
        }
    }

    /// Notes what differs from the only settings that the probe has.
    private mutating func checkStart() {
        let start = profile.limits.start
        func check(_ name: String, _ value: Double, _ only: Double, within tolerance: Double) {
            guard abs(value - only) > tolerance else { return }
            problems.append("\(name) \(value) is not possible: the probe cannot be set, and has \(only)")
        }
        check(
            "centreFrequencyHz", Double(settings.centreFrequencyHz), start.centreFrequencyHz, within: Self.halfHz)
        check("prfHz", settings.prfHz, start.prfHz, within: Self.halfMilliHzInHz)
        check(
            "gateDepthMm", Double(settings.firstGateDepthUm) / 1000, start.gateDepthMm,
            within: Self.halfMicrometreInMm)
        check("gateLengthMm", gateLengthMm, start.gateLengthMm, within: Self.halfMicrometreInMm)
        check("burstCycles", Double(settings.burstCycles), Double(start.burstCycles), within: 0)
    }

    private func words(_ range: ClosedRange<Double>) -> String {
        range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
