/// Settings as the Hochschule Ulm USD3.0 counts them: 16-bit numbers of 64 MHz ticks.
struct USD3Ticks: Sendable, Equatable {
    /// The three centre frequencies, with their codes on the wire.
    enum FrequencyCode: UInt16, Sendable, CaseIterable {
        case twoMHz = 1
        case fourMHz = 2
        case eightMHz = 3

        /// The frequency, Hz.
        var hz: UInt32 { 1_000_000 << UInt32(rawValue) }
    }

    /// The probe's clock, Hz (published firmware).
    static let clockHz = 64_000_000.0
    /// The range of the pulse repetition frequency, mHz (published design: 2 to 12 kHz).
    static let prfMilliHz: ClosedRange<UInt32> = 2_000_000...12_000_000
    /// What "transmit" is for a probe that only switches: the probe's maximum.
    static let fullLevelPerMille: UInt16 = 1000

    var frequencyCode: FrequencyCode
    var prfPeriod: UInt16
    var burst: UInt16
    var gateStart: UInt16
    var gateStop: UInt16

    /// The ticks for settings.
    ///
    /// - Throws: `settingNotPossible` for the first value that the probe cannot do.
    init(_ wanted: AcquisitionSettings, speedOfSoundMPerS: Double) throws(TransportError) {
        try Self.checkSwitches(wanted)
        let codes = FrequencyCode.allCases
        guard let code = codes.first(where: { $0.hz == wanted.centreFrequencyHz }) else {
            throw Self.impossible("a centre frequency of", "\(wanted.centreFrequencyHz) Hz", "2, 4 or 8 MHz")
        }
        guard Self.prfMilliHz.contains(wanted.prfMilliHz) else {
            throw Self.impossible("a pulse repetition frequency of", "\(wanted.prfHz) Hz", "2 to 12 kHz")
        }
        frequencyCode = code
        prfPeriod = try Self.ticks(Self.clockHz * 1000 / Double(wanted.prfMilliHz), of: "a pulse period of")
        burst = try Self.ticks(
            Double(wanted.burstCycles) * Self.clockHz / Double(code.hz), of: "a burst of")
        let ticksPerUm = 2e-6 / speedOfSoundMPerS * Self.clockHz
        let centre = Double(wanted.firstGateDepthUm)
        let half = Double(wanted.gateLengthUm) / 2
        gateStart = try Self.ticks((centre - half) * ticksPerUm, of: "a gate that begins at")
        gateStop = try Self.ticks((centre + half) * ticksPerUm, of: "a gate that ends at")
        try checkTimes(wanted)
    }

    /// What the ticks mean, with all the rest as the probe has it.
    func settingsInForce(isTransmitting: Bool, speedOfSoundMPerS: Double) -> AcquisitionSettings {
        let umPerTick = speedOfSoundMPerS * 1e6 / (2 * Self.clockHz)
        let middle = (Double(gateStart) + Double(gateStop)) / 2
        return AcquisitionSettings(
            centreFrequencyHz: frequencyCode.hz,
            prfMilliHz: UInt32((Self.clockHz * 1000 / Double(prfPeriod)).rounded()),
            firstGateDepthUm: UInt32((middle * umPerTick).rounded()),
            gateLengthUm: UInt32((Double(gateStop - gateStart) * umPerTick).rounded()),
            burstCycles: UInt8(clamping: Int((Double(burst) * Double(frequencyCode.hz) / Self.clockHz).rounded())),
            streams: .iq, transmitLevelPerMille: isTransmitting ? Self.fullLevelPerMille : 0)
    }

    /// Checks what the probe has just one of, or can only switch.
    private static func checkSwitches(_ wanted: AcquisitionSettings) throws(TransportError) {
        guard wanted.streams == .iq else {
            throw impossible("the streams of mask", "\(wanted.streams.rawValue)", "I/Q alone (mask 1)")
        }
        guard wanted.gates == 1 else { throw impossible("gates:", "\(wanted.gates)", "1 gate") }
        guard wanted.receiveGainCentiDb == 0 else {
            throw impossible("a receive gain of", "\(wanted.receiveGainCentiDb) hundredths of dB", "0")
        }
        guard [0, fullLevelPerMille].contains(wanted.transmitLevelPerMille) else {
            throw impossible(
                "a transmit level of", "\(wanted.transmitLevelPerMille) thousandths", "0 (off) or 1000 (on)")
        }
    }

    /// Checks that burst and gate follow each other within one pulse period.
    private func checkTimes(_ wanted: AcquisitionSettings) throws(TransportError) {
        guard burst > 0 else { throw Self.impossible("a burst of", "0 cycles", "1 cycle or more") }
        guard gateStop > gateStart else {
            throw Self.impossible("a gate length of", "\(wanted.gateLengthUm) um", "one tick (about 12 um) or more")
        }
        guard gateStart >= burst else {
            throw Self.impossible(
                "a gate at", "\(wanted.firstGateDepthUm) um", "one that begins after the burst has ended")
        }
        guard gateStop <= prfPeriod else {
            throw Self.impossible(
                "a gate at", "\(wanted.firstGateDepthUm) um",
                "a smaller depth or a lower pulse repetition frequency: the echo must be back before the next pulse")
        }
    }

    /// A time as 16-bit ticks.
    private static func ticks(_ ticks: Double, of what: String) throws(TransportError) -> UInt16 {
        guard let rounded = UInt16(exactly: ticks.rounded()) else {
            throw impossible(what, "\(ticks) ticks of 64 MHz", "0 to \(UInt16.max)")
        }
        return rounded
    }

    private static func impossible(_ setting: String, _ wanted: String, _ possible: String) -> TransportError {
        .settingNotPossible(setting: setting, wanted: wanted, possible: possible)
    }
}
