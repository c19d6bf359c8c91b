public import ProbeLink

extension DeviceProfile {
    /// The settings nearest to those that are wanted which lie within this probe's limits.
    ///
    /// It does for a probe that cannot negotiate what an ODP probe does itself: each value moves to the nearest
    /// possible one, and the PRF down until the deepest echo is back before the next pulse. A probe that cannot be set
    /// keeps its start. What is then in force is recorded, so nothing is hidden by it. `problems(with:)` finds nothing
    /// in the result.
    public func nearestPossible(to wanted: AcquisitionSettings) -> AcquisitionSettings {
        guard probeProtocol.isSettable else {
            let level = min(wanted.transmitLevelPerMille, Self.fullTransmitLevelPerMille)
            return startingSettings(transmitLevelPerMille: level)
        }
        var settings = wanted
        settings.centreFrequencyHz = UInt32(
            clampingRounded: centreFrequencies.nearest(to: Double(wanted.centreFrequencyHz)))
        settings.gateLengthUm = UInt32(
            clampingRounded: (Double(wanted.gateLengthUm) / 1000).moved(into: limits.gateLengthMm) * 1000)
        let farEdgeMm = placeGates(&settings, wanted)
        var prfHz = wanted.prfHz.moved(into: limits.prfHz)
        if probeProtocol.samplesArePulses {
            let echoHz = LimitsReading.greatestPRFHz(farEdgeMm: farEdgeMm, speedOfSoundMPerS: limits.speedOfSoundMPerS)
            prfHz = min(prfHz, echoHz.rounded(.down))
        }
        settings.prfMilliHz = UInt32(clampingRounded: prfHz * 1000)
        settings.burstCycles = max(1, wanted.burstCycles)
        settings.transmitLevelPerMille = min(wanted.transmitLevelPerMille, Self.fullTransmitLevelPerMille)
        if probeProtocol.transmitterIsSwitch, wanted.transmitLevelPerMille > 0 {
            settings.transmitLevelPerMille = Self.fullTransmitLevelPerMille
        }
        if probeProtocol != .odp1 || wanted.streams.isEmpty { settings.streams = .iq }
        return settings
    }

    /// All of the transmit level, thousandths (ODP 1.0, ACQUISITION).
    static let fullTransmitLevelPerMille: UInt16 = 1000

    /// Moves the gates between the depths, the first one first, and returns the far edge of the last, mm.
    private func placeGates(_ settings: inout AcquisitionSettings, _ wanted: AcquisitionSettings) -> Double {
        let halfMm = Double(settings.gateLengthUm) / 2000
        let shallowestMm = limits.depthMm.lowerBound + halfMm
        let deepestMm = max(shallowestMm, limits.depthMm.upperBound - halfMm)
        let gates = min(max(Int(wanted.gates), probeProtocol.gates.lowerBound), probeProtocol.gates.upperBound)
        let firstMm = (Double(wanted.firstGateDepthUm) / 1000).moved(into: shallowestMm...deepestMm)
        settings.firstGateDepthUm = UInt32(clampingRounded: firstMm * 1000)
        // Gates that reach beyond the greatest depth: fewer gates (ODP 1.0, "Settled small print").
        let spacingUm = Double(max(1, wanted.gateSpacingUm))
        let fitting = 1 + ((deepestMm * 1000 - Double(settings.firstGateDepthUm)) / spacingUm).rounded(.down)
        settings.gates = UInt16(clamping: Int(Swift.min(Double(gates), max(1, fitting))))
        guard settings.gates > 1 else { return firstMm + halfMm }
        settings.gateSpacingUm = max(1, wanted.gateSpacingUm)
        return firstMm + spacingUm / 1000 * Double(settings.gates - 1) + halfMm
    }
}

extension CentreFrequencies {
    /// The frequency nearest to a wanted one, Hz; of two equally near ones the lower, which reaches deeper.
    func nearest(to wantedHz: Double) -> Double {
        switch self {
        case .range(let range): wantedHz.moved(into: range)
        case .values(let values): values.min { abs($0 - wantedHz) < abs($1 - wantedHz) } ?? wantedHz
        }
    }
}

extension Double {
    /// The nearest value in a range.
    fileprivate func moved(into range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
