/// Settings as the Hochschule Ulm DigiDop counts them: eight 16-bit numbers, the times in ticks of its clock.
struct DigiDopTicks: Sendable, Equatable {
    /// Bytes of the configuration (published host program).
    static let byteCount = 16
    /// What echoes are late by in the probe's converter, ticks (published host program).
    static let converterTicks = 8.0
    /// The least distance of the burst's end from the first gate, mm (published host program).
    static let leastDistanceMm = 3.0
    /// The centre frequencies that are believed, MHz (project choice: what vessels are examined with).
    static let frequenciesMHz: ClosedRange<UInt32> = 1...16
    /// What "transmit" is for a probe that transmits whenever it runs: its maximum.
    static let fullLevelPerMille: UInt16 = 1000
    /// The frame always carries two gates.
    static let gates: UInt16 = 2

    var frequencyMHz: UInt16
    var prfPeriod: UInt16
    var burstStart: UInt16 = 0
    var burstEnd: UInt16
    var firstGate: ClosedRange<UInt16>
    var secondGate: ClosedRange<UInt16>

    /// The ticks for settings.
    ///
    /// - Throws: `settingNotPossible` for the first value that the probe cannot do.
    init(_ wanted: AcquisitionSettings, speedOfSoundMPerS: Double, clockHz: Double) throws(TransportError) {
        try Self.checkSwitches(wanted)
        let (megahertz, rest) = wanted.centreFrequencyHz.quotientAndRemainder(dividingBy: 1_000_000)
        guard rest == 0, Self.frequenciesMHz.contains(megahertz) else {
            throw Self.impossible("a centre frequency of", "\(wanted.centreFrequencyHz) Hz", "1 to 16 whole MHz")
        }
        frequencyMHz = UInt16(megahertz)
        prfPeriod = try Self.ticks(clockHz * 1000 / Double(wanted.prfMilliHz), of: "a pulse period of")
        let burst = Double(wanted.burstCycles) * clockHz / Double(wanted.centreFrequencyHz)
        burstEnd = try Self.ticks(burst, of: "a burst of")
        firstGate = try Self.gate(0, of: wanted, speedOfSoundMPerS, clockHz)
        secondGate = try Self.gate(wanted.gates == 2 ? 1 : 0, of: wanted, speedOfSoundMPerS, clockHz)
        guard burstEnd > 0 else { throw Self.impossible("a burst of", "0 cycles", "1 cycle or more") }
        // The probe's program compares the burst's length in the tissue with the gate's depth.
        let burstMm = Double(burstEnd) / clockHz * speedOfSoundMPerS * 1000
        let nearMm = (Double(wanted.firstGateDepthUm) - Double(wanted.gateLengthUm) / 2) / 1000
        guard burstMm + Self.leastDistanceMm <= nearMm else {
            throw Self.impossible(
                "a first gate that begins at", "\(nearMm) mm",
                "a gate from \(burstMm + Self.leastDistanceMm) mm on, or fewer burst cycles: the burst must end 3 mm "
                    + "before the gate")
        }
        guard max(firstGate.upperBound, secondGate.upperBound) <= prfPeriod else {
            throw Self.impossible(
                "a last gate at", "\(Self.centreUm(wanted.gates == 2 ? 1 : 0, of: wanted)) um",
                "a smaller depth or a lower pulse repetition frequency: the echo must be back before the next pulse")
        }
    }

    /// The configuration as it is sent, little-endian as the published host program leaves it.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for number in [
            frequencyMHz, prfPeriod, burstStart, burstEnd, firstGate.lowerBound, firstGate.upperBound,
            secondGate.lowerBound, secondGate.upperBound,
        ] {
            bytes.appendLittleEndian(number)
        }
        return bytes
    }

    /// What the ticks mean, with all the rest as the probe has it.
    func settingsInForce(speedOfSoundMPerS: Double, clockHz: Double) -> AcquisitionSettings {
        let umPerTick = speedOfSoundMPerS * 1e6 / (2 * clockHz)
        func centreUm(_ gate: ClosedRange<UInt16>) -> Double {
            max(0, (Double(gate.lowerBound) + Double(gate.upperBound)) / 2 - Self.converterTicks) * umPerTick
        }
        let frequencyHz = UInt32(frequencyMHz) * 1_000_000
        return AcquisitionSettings(
            centreFrequencyHz: frequencyHz,
            prfMilliHz: UInt32((clockHz * 1000 / Double(max(1, prfPeriod))).rounded()),
            firstGateDepthUm: UInt32(centreUm(firstGate).rounded()),
            gateSpacingUm: UInt32(max(0, centreUm(secondGate) - centreUm(firstGate)).rounded()),
            gateLengthUm: UInt32((Double(firstGate.upperBound - firstGate.lowerBound) * umPerTick).rounded()),
            gates: Self.gates,
            burstCycles: UInt8(clamping: Int((Double(burstEnd) * Double(frequencyHz) / clockHz).rounded())),
            streams: .iq, transmitLevelPerMille: Self.fullLevelPerMille)
    }

    /// Checks what the probe cannot vary.
    ///
    /// Streams other than I/Q are left out, as ODP does it.
    private static func checkSwitches(_ wanted: AcquisitionSettings) throws(TransportError) {
        guard wanted.streams.contains(.iq) else {
            throw impossible("the streams of mask", "\(wanted.streams.rawValue)", "I/Q (mask 1)")
        }
        guard (1...2).contains(wanted.gates) else { throw impossible("gates:", "\(wanted.gates)", "1 or 2 gates") }
        guard wanted.receiveGainCentiDb == 0 else {
            throw impossible("a receive gain of", "\(wanted.receiveGainCentiDb) hundredths of dB", "0")
        }
        guard wanted.transmitLevelPerMille == fullLevelPerMille else {
            throw impossible(
                "a transmit level of", "\(wanted.transmitLevelPerMille) thousandths",
                "1000: it transmits with all its power whenever it runs")
        }
    }

    private static func centreUm(_ number: Int, of wanted: AcquisitionSettings) -> Double {
        Double(wanted.firstGateDepthUm) + Double(number) * Double(wanted.gateSpacingUm)
    }

    /// Begin and end of a gate.
    private static func gate(
        _ number: Int, of wanted: AcquisitionSettings, _ speedOfSoundMPerS: Double, _ clockHz: Double
    ) throws(TransportError) -> ClosedRange<UInt16> {
        let ticksPerUm = 2e-6 / speedOfSoundMPerS * clockHz
        let centre = centreUm(number, of: wanted)
        let half = Double(wanted.gateLengthUm) / 2
        let start = try ticks((centre - half) * ticksPerUm + converterTicks, of: "a gate that begins at")
        let end = try ticks((centre + half) * ticksPerUm + converterTicks, of: "a gate that ends at")
        guard start < end else {
            throw impossible("a gate length of", "\(wanted.gateLengthUm) um", "one tick (about 12 um) or more")
        }
        return start...end
    }

    /// A time as 16-bit ticks.
    private static func ticks(_ ticks: Double, of what: String) throws(TransportError) -> UInt16 {
        guard let rounded = UInt16(exactly: ticks.rounded()) else {
            throw impossible(what, "\(ticks) ticks of the probe's clock", "0 to \(UInt16.max)")
        }
        return rounded
    }

    private static func impossible(_ setting: String, _ wanted: String, _ possible: String) -> TransportError {
        .settingNotPossible(setting: setting, wanted: wanted, possible: possible)
    }
}
