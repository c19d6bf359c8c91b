/// The memory of a Cypress FX2LP that vendor request 0xA0 reaches (EZ-USB Technical Reference Manual, chapter 3).
struct FX2Memory: Sendable {
    /// Program and data memory of the FX2LP: 16 KiB.
    private static let mainBytes = 0x4000
    /// Scratch memory: 512 bytes.
    private static let scratch = 0xE000..<0xE200
    /// Register CPUCS, whose bit 0 holds the processor in reset.
    private static let resetRegister = 0xE600

    /// Jumps of the 8051, with the bytes that each takes.
    private enum Jump {
        static let long: UInt8 = 0x02
        static let short: UInt8 = 0x80
        /// AJMP: the low five bits; the upper three are part of the address.
        static let absoluteMask: UInt8 = 0x1F
        static let absolute: UInt8 = 0x01
    }

    private var bytes = [UInt8](repeating: 0, count: FX2Memory.mainBytes)
    private var isWritten = [Bool](repeating: false, count: FX2Memory.mainBytes)
    private var scratchBytes = [UInt8](repeating: 0, count: FX2Memory.scratch.count)
    /// Whether the processor is held in reset.
    private(set) var isHeldInReset = false

    /// Writes memory or the reset register; `false` = there is nothing to write at the address.
    mutating func write(_ data: [UInt8], at address: Int) -> Bool {
        if address == Self.resetRegister, data.count == 1 {
            isHeldInReset = data[0] & 1 == 1
            return true
        }
        let end = address + data.count
        if end <= Self.mainBytes {
            for (offset, byte) in data.enumerated() {
                bytes[address + offset] = byte
                isWritten[address + offset] = true
            }
            return true
        }
        guard address >= Self.scratch.lowerBound, end <= Self.scratch.upperBound else { return false }
        for (offset, byte) in data.enumerated() { scratchBytes[address - Self.scratch.lowerBound + offset] = byte }
        return true
    }

    /// Reads memory or the reset register; `nil` = there is nothing to read at the address.
    func read(_ count: Int, at address: Int) -> [UInt8]? {
        if address == Self.resetRegister, count == 1 { return [isHeldInReset ? 1 : 0] }
        let end = address + count
        if end <= Self.mainBytes { return Array(bytes[address..<end]) }
        guard address >= Self.scratch.lowerBound, end <= Self.scratch.upperBound else { return nil }
        return Array(scratchBytes[(address - Self.scratch.lowerBound)..<(end - Self.scratch.lowerBound)])
    }

    /// Whether memory holds exactly these bytes from address 0 on, all of them written.
    func holds(_ image: [UInt8]) -> Bool {
        !image.isEmpty && image.count <= Self.mainBytes && Array(bytes.prefix(image.count)) == image
            && isWritten.prefix(image.count).allSatisfy { $0 }
    }

    /// Whether the processor would find its way: a whole jump at address 0 to a place that was written too.
    var beginsWithJump: Bool {
        guard let target = jumpTarget, isWritten.indices.contains(target) else { return false }
        return isWritten[target]
    }

    private var jumpTarget: Int? {
        switch bytes[0] {
        case Jump.long where isWritten[0..<3].allSatisfy { $0 }: Int(bytes[1]) << 8 | Int(bytes[2])
        case Jump.short where isWritten[0..<2].allSatisfy { $0 }: 2 + Int(Int8(bitPattern: bytes[1]))
        case let code where code & Jump.absoluteMask == Jump.absolute && isWritten[0..<2].allSatisfy { $0 }:
            Int(code >> 5) << 8 | Int(bytes[1])
        default: nil
        }
    }
}
