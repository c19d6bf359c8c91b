internal import DopplerDSP
internal import ProbeLink

extension AcquisitionSettings {
    /// Where the gates lie; `nil` where the source does not say.
    var gateRange: GateRange? {
        let umPerMm = 1000.0
        guard firstGateDepthUm > 0 else { return nil }
        return GateRange(
            firstGateDepthMm: Double(firstGateDepthUm) / umPerMm, gateSpacingMm: Double(gateSpacingUm) / umPerMm,
            gateLengthMm: Double(gateLengthUm) / umPerMm, gates: Int(gates))
    }
}
