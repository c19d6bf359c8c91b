extension DeviceSettings {
    /// Twice the PRF limit's numerator: 1540 m/s in half micrometres and thousandths of Hz (ODP 1.0, "Arithmetic").
    private static let soundHalfUmMilliHz: UInt64 = 1_540_000_000_000
    /// The highest transmit level, thousandths.
    private static let fullLevelPerMille: UInt16 = 1000

    /// These settings with every value moved to the nearest one that the probe can do.
    ///
    /// `nil` where the probe refuses: no gates, PRF, frequency or stream that it knows.
    func inForce(on probe: DeviceIdentity) -> DeviceSettings? {
        var settings = self
        settings.streamMask &= probe.knownStreams
        guard gates > 0, prfMilliHz > 0, centreFrequencyHz > 0, settings.streamMask != 0 else { return nil }
        settings.centreFrequencyHz = centreFrequencyHz.moved(into: probe.centreFrequencyHz)
        settings.burstCycles = burstCycles.moved(into: probe.burstCycles)
        settings.transmitLevelPerMille = min(transmitLevelPerMille, Self.fullLevelPerMille)
        settings.receiveGainCentiDb = receiveGainCentiDb.moved(into: probe.receiveGainCentiDb)
        settings.placeGates(on: probe)
        settings.limitPrf(on: probe)
        settings.placePicture(on: probe)
        return settings
    }

    /// Moves the picture into the probe's range; without B-mode in the mask there is none.
    private mutating func placePicture(on probe: DeviceIdentity) {
        guard streamMask & DeviceIdentity.StreamBit.bMode != 0 else {
            bModeFrameRateMilliHz = 0
            bModeLines = 0
            bModeSamplesPerLine = 0
            bModeDepthUm = 0
            bModeLinePitchNm = 0
            return
        }
        bModeFrameRateMilliHz = bModeFrameRateMilliHz.moved(into: probe.bModeFrameRateMilliHz)
        bModeLines = bModeLines.moved(into: probe.bModeLines)
        bModeSamplesPerLine = bModeSamplesPerLine.moved(into: probe.bModeSamplesPerLine)
        bModeDepthUm = min(bModeDepthUm.moved(into: probe.bModeDepthUm), probe.greatestDepthUm)
        bModeLinePitchNm = bModeLinePitchNm.moved(into: probe.bModeLinePitchNm)
    }

    /// Keeps the first gate between the transducer and the greatest depth, and as many of the others as reach no
    /// deeper.
    private mutating func placeGates(on probe: DeviceIdentity) {
        gateLengthUm = min(gateLengthUm.moved(into: probe.gateLengthUm), probe.greatestDepthUm)
        let shallowestUm = gateLengthUm / 2 + gateLengthUm % 2
        let deepestUm = max(shallowestUm, probe.greatestDepthUm - shallowestUm)
        firstGateDepthUm = firstGateDepthUm.moved(into: shallowestUm...deepestUm)
        gateSpacingUm = max(gateSpacingUm, UInt32(probe.leastGateSpacingUm))
        let others = (deepestUm - firstGateDepthUm) / max(1, gateSpacingUm)
        gates = min(gates, probe.mostGates, UInt16(clamping: UInt64(others) + 1))
    }

    /// Moves the PRF into the probe's range, then down until the deepest gate's echo is back before the next pulse.
    private mutating func limitPrf(on probe: DeviceIdentity) {
        let deepestCentreUm = UInt64(firstGateDepthUm) + UInt64(gates - 1) * UInt64(gateSpacingUm)
        let farEdgeHalfUm = 2 * deepestCentreUm + UInt64(gateLengthUm)
        let highestMilliHz = UInt32(clamping: Self.soundHalfUmMilliHz / max(1, farEdgeHalfUm))
        prfMilliHz = max(1, min(prfMilliHz.moved(into: probe.prfMilliHz), highestMilliHz))
    }
}

extension Comparable {
    /// The nearest value in a range.
    fileprivate func moved(into range: ClosedRange<Self>) -> Self {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
