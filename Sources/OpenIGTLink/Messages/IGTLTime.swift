/// Seconds since 1970-01-01 UTC as the protocol counts them: 32 bits of seconds, 32 bits of fractions (0.23 ns).
public struct IGTLTime: Sendable, Hashable {
    /// Seconds in the upper half, fractions of 2⁻³² s in the lower.
    public var rawValue: UInt64

    /// The time that says "no time".
    public static let unused = IGTLTime(rawValue: 0)

    private static let nanosecondsOfSecond: UInt64 = 1_000_000_000

    /// The time as the wire has it.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The nearest time to a count of nanoseconds since 1970.
    ///
    /// - Parameter nanosecondsSince1970: what lies after the year 2106 stays at the last time that the wire can say.
    public init(nanosecondsSince1970: UInt64) {
        let seconds = nanosecondsSince1970 / Self.nanosecondsOfSecond
        let rest = nanosecondsSince1970 % Self.nanosecondsOfSecond
        guard seconds <= UInt32.max else {
            rawValue = .max
            return
        }
        rawValue = seconds << 32 | ((rest << 32) + Self.nanosecondsOfSecond / 2) / Self.nanosecondsOfSecond
    }

    /// The nearest count of nanoseconds since 1970.
    public var nanosecondsSince1970: UInt64 {
        let fractions = (rawValue & 0xFFFF_FFFF) * Self.nanosecondsOfSecond
        return (rawValue >> 32) * Self.nanosecondsOfSecond + ((fractions + (1 << 31)) >> 32)
    }
}
