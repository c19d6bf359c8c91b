/// How I/Q samples are stored, little-endian: for each pulse, for each gate, I and then Q.
public enum IQFormat: Sendable, Hashable, CaseIterable {
    /// 16 bits each.
    case int16
    /// 32 bits each.
    case int32

    /// Bytes of one I/Q pair.
    public var bytesPerPair: Int {
        switch self {
        case .int16: 4
        case .int32: 8
        }
    }
}

/// What is known about all pulses of one chunk of samples.
public struct FrameConditions: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// Conditions from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The analogue-to-digital converter clipped.
    public static let clipped = FrameConditions(rawValue: 1)
    /// The transmitter was on during every pulse.
    public static let transmitting = FrameConditions(rawValue: 2)
}
