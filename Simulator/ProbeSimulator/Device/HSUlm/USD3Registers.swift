/// What the vendor requests of the USD3.0 have set, in ticks of 64 MHz.
struct USD3Registers: Sendable {
    /// `bRequest` of the OUT requests (published firmware).
    enum Code {
        static let frequency: UInt8 = 5
        static let prf: UInt8 = 6
        static let burst: UInt8 = 7
        static let gateStart: UInt8 = 8
        static let gateStop: UInt8 = 9
        static let gateLength: UInt8 = 10
        static let mode: UInt8 = 11
        static let transmitter: UInt8 = 12
        static let receiver: UInt8 = 13
        static let reset: UInt8 = 14
    }

    /// Centre frequencies by code, Hz.
    private static let centreFrequenciesHz: [UInt16: UInt32] = [1: 2_000_000, 2: 4_000_000, 3: 8_000_000]

    private var centreFrequencyHz: UInt32?
    private var period: UInt16 = 0
    private var burst: UInt16 = 0
    private var gateStart: UInt16 = 0
    private var gateStop: UInt16 = 0
    private var gateLength: UInt16 = 0
    /// Whether the transmitter is on.
    private(set) var transmits = false
    /// Whether the receiver is on.
    private(set) var receives = false

    /// Sets a value; `false` = the probe has no such request or value.
    mutating func set(_ code: UInt8, to value: UInt16) -> Bool {
        switch code {
        case Code.frequency:
            guard let frequency = Self.centreFrequenciesHz[value] else { return false }
            centreFrequencyHz = frequency
        case Code.prf:
            guard value > 0 else { return false }
            period = value
        case Code.burst: burst = value
        case Code.gateStart: gateStart = value
        case Code.gateStop: gateStop = value
        case Code.gateLength: gateLength = value
        case Code.transmitter where value <= 1: transmits = value == 1
        case Code.receiver where value <= 1: receives = value == 1
        default: return false
        }
        return true
    }

    /// The settings as the body in front of the probe sees them; `nil` while something is missing.
    var settings: DeviceSettings? {
        guard let centreFrequencyHz, let prf = GateTicks.prfMilliHz(period: period), gateStop > gateStart else {
            return nil
        }
        let middle = (Double(gateStart) + Double(gateStop)) / 2
        return DeviceSettings(
            centreFrequencyHz: centreFrequencyHz, prfMilliHz: prf, firstGateDepthUm: GateTicks.depthUm(middle),
            gateLengthUm: GateTicks.depthUm(Double(gateStop - gateStart)),
            burstCycles: GateTicks.cycles(ticks: burst, centreFrequencyHz: centreFrequencyHz), streamMask: 1)
    }
}
