extension AcquisitionSettings {
    /// Largest difference that comes of a probe's clock and makes none in what is measured, share (project choice).
    private static let clockShare = 0.02

    /// How these settings, in force, differ from those that were wanted, in sentences; empty where they do not.
    ///
    /// Steps of a probe's clock are no difference, nor is a gate that moved by less than half its length.
    public func changes(fromWanted wanted: AcquisitionSettings) -> [String] {
        let umPerMm = 1000.0
        var changes: [String] = []
        func note(_ name: String, _ asked: Double, _ inForce: Double, _ unit: String, within: Double) {
            guard abs(inForce - asked) > within else { return }
            changes.append("\(name): \(Self.text(asked)) \(unit) asked, \(Self.text(inForce)) \(unit) in force")
        }
        func noteClock(_ name: String, _ asked: Double, _ inForce: Double, _ unit: String) {
            note(name, asked, inForce, unit, within: Self.clockShare * asked)
        }
        noteClock("frequency", Double(wanted.centreFrequencyHz), Double(centreFrequencyHz), "Hz")
        noteClock("PRF", wanted.prfHz, prfHz, "Hz")
        note(
            "depth of the first gate", Double(wanted.firstGateDepthUm) / umPerMm, Double(firstGateDepthUm) / umPerMm,
            "mm", within: Double(min(gateLengthUm, wanted.gateLengthUm)) / umPerMm / 2)
        noteClock(
            "length of a gate", Double(wanted.gateLengthUm) / umPerMm, Double(gateLengthUm) / umPerMm, "mm")
        if wanted.gates != gates { changes.append("gates: \(wanted.gates) asked, \(gates) in force") }
        if wanted.gates > 1, gates > 1 {
            noteClock(
                "distance of gates", Double(wanted.gateSpacingUm) / umPerMm, Double(gateSpacingUm) / umPerMm, "mm")
        }
        return changes
    }

    /// A figure without needless decimals.
    private static func text(_ value: Double) -> String {
        let thousandths = (value * 1000).rounded() / 1000
        let isWhole = thousandths == thousandths.rounded() && abs(thousandths) < Double(Int64.max)
        return isWhole ? "\(Int64(thousandths))" : "\(thousandths)"
    }
}
