/// The fault bits of STATUS; each stays until RESET.
struct FaultBits: Sendable {
    /// One fault, by its bit number.
    enum Fault: UInt8 {
        case overTemperature = 0
        case keepAliveLost = 1
        case supply = 2
        case fifoOverrun = 3
    }

    private(set) var rawValue: UInt32 = 0

    /// Sets a bit.
    ///
    /// - Returns: whether it was 0 before.
    mutating func set(_ fault: Fault) -> Bool {
        let bit: UInt32 = 1 << UInt32(fault.rawValue)
        defer { rawValue |= bit }
        return rawValue & bit == 0
    }
}
