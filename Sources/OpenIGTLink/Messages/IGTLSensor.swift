/// Readings of one moment in one unit, as `SENSOR` carries them.
public struct IGTLSensor: Sendable, Hashable {
    /// At most 255 of them.
    public var values: [Double]
    /// What they are measured in.
    public var unit: IGTLUnit

    /// Readings with their unit.
    public init(_ values: [Double], unit: IGTLUnit) {
        self.values = values
        self.unit = unit
    }
}

/// A unit as the protocol packs it: a prefix of 4 bits, then six times a unit of 6 bits and its exponent of 4 bits.
public struct IGTLUnit: Sendable, Hashable, RawRepresentable {
    /// The packed 64 bits.
    public var rawValue: UInt64

    /// Takes 64 bits as they are.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The prefixes of the protocol that are used here.
    public enum Prefix: UInt64, Sendable {
        /// 1.
        case none = 0x0
        /// 10³.
        case kilo = 0x3
        /// 10⁶.
        case mega = 0x4
        /// 10⁻².
        case centi = 0xA
        /// 10⁻³.
        case milli = 0xB
        /// 10⁻⁶.
        case micro = 0xC
    }

    /// The units of the protocol that are used here.
    public enum Base: UInt64, Sendable {
        /// m.
        case metre = 0x01
        /// s.
        case second = 0x03
        /// rad.
        case radian = 0x08
        /// Hz.
        case hertz = 0x0A
        /// W.
        case watt = 0x0E
        /// V.
        case volt = 0x10
    }

    /// A prefix and a product of powers, for example centi, metre, second⁻¹.
    ///
    /// - Parameters:
    ///   - factors: six at most; what is beyond is not a unit that the wire can say, and the result is `nil`.
    ///   - prefix: of the whole.
    public init?(_ prefix: Prefix, _ factors: [(unit: Base, exponent: Int)]) {
        guard factors.count <= 6, factors.allSatisfy({ (-7...7).contains($0.exponent) }) else { return nil }
        rawValue = Self.packed(prefix, factors)
    }

    private static func packed(_ prefix: Prefix, _ factors: [(unit: Base, exponent: Int)]) -> UInt64 {
        var bits = prefix.rawValue << 60
        for (index, factor) in factors.enumerated() {
            let exponent = UInt64(truncatingIfNeeded: factor.exponent) & 0xF
            bits |= (factor.unit.rawValue << 4 | exponent) << UInt64(50 - 10 * index)
        }
        return bits
    }

    /// No unit.
    public static let none = IGTLUnit(rawValue: 0)
    /// cm/s.
    public static let centimetrePerSecond = IGTLUnit(rawValue: packed(.centi, [(.metre, 1), (.second, -1)]))
    /// Hz.
    public static let hertz = IGTLUnit(rawValue: packed(.none, [(.hertz, 1)]))
    /// mm.
    public static let millimetre = IGTLUnit(rawValue: packed(.milli, [(.metre, 1)]))
    /// s.
    public static let second = IGTLUnit(rawValue: packed(.none, [(.second, 1)]))
}
