/// Times in ticks of the 64 MHz clock of the Hochschule Ulm probes, and what they mean in tissue.
enum GateTicks {
    /// The clock, Hz (published firmware of the USD3.0).
    static let clockHz = 64_000_000.0
    /// Micrometres of depth that the echo passes in one tick.
    static let umPerTick = VesselPhantom.speedOfSoundMPerS * 1_000_000 / (2 * clockHz)

    /// The depth of a tick, micrometres.
    static func depthUm(_ ticks: Double) -> UInt32 { UInt32(max(0, (ticks * umPerTick).rounded())) }

    /// The pulse repetition frequency of a period, thousandths of Hz; `nil` for no period.
    static func prfMilliHz(period: UInt16) -> UInt32? {
        period == 0 ? nil : UInt32((clockHz * 1000 / Double(period)).rounded())
    }

    /// The cycles of a burst.
    static func cycles(ticks: UInt16, centreFrequencyHz: UInt32) -> UInt8 {
        UInt8(clamping: Int((Double(ticks) * Double(centreFrequencyHz) / clockHz).rounded()))
    }
}
