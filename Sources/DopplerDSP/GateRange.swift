/// Where the gates of an acquisition lie, and whether its pulses can look there without ambiguity.
public struct GateRange: Sendable, Hashable {
    /// Depth of the first gate's middle, mm, above 0.
    public var firstGateDepthMm: Double
    /// Distance of neighbouring gates' middles, mm, 0 or above.
    public var gateSpacingMm: Double
    /// Length of each gate, mm, 0 or above.
    public var gateLengthMm: Double
    /// Number of gates, 1 or more.
    public var gates: Int

    /// A range from its fields.
    public init(firstGateDepthMm: Double, gateSpacingMm: Double = 0, gateLengthMm: Double, gates: Int = 1) {
        self.firstGateDepthMm = firstGateDepthMm
        self.gateSpacingMm = gateSpacingMm
        self.gateLengthMm = gateLengthMm
        self.gates = gates
    }

    /// Far edge of the last gate, mm.
    public var farEdgeMm: Double { firstGateDepthMm + Double(gates - 1) * gateSpacingMm + gateLengthMm / 2 }

    /// Checks that the echo of each pulse is back from the farthest gate before the next pulse leaves: c / (2 PRF).
    ///
    /// - Throws: `DSPError.gateDepth` for gates whose place is no depth, `DSPError.gateBeyondPulse` for gates too deep.
    public func validate(prfHz: Double, speedOfSoundMPerS: Double) throws(DSPError) {
        guard prfHz.isFinite, prfHz > 0 else { throw .prf(prfHz) }
        guard speedOfSoundMPerS.isFinite, speedOfSoundMPerS > 0 else { throw .speedOfSound(speedOfSoundMPerS) }
        guard gates > 0 else { throw .gates(gates) }
        for depthMm in [firstGateDepthMm, farEdgeMm] where !(depthMm.isFinite && depthMm > 0) {
            throw .gateDepth(depthMm)
        }
        let mmPerM = 1000.0
        let greatestMm = mmPerM * speedOfSoundMPerS / (2 * prfHz)
        guard farEdgeMm <= greatestMm else {
            throw .gateBeyondPulse(farEdgeMm: farEdgeMm, prfHz: prfHz, greatestMm: greatestMm)
        }
    }
}
