public import ProbeLink

/// How I and Q stand in a file, little-endian, and how they become what frames hold.
public enum IQNumberForm: Sendable, Hashable {
    case int16
    case int32
    case float32

    /// Bytes of I, and of Q.
    public var bytesPerNumber: Int { self == .int16 ? 2 : 4 }

    /// How frames hold the samples: floating-point ones fill 32 bits.
    public var sampleFormat: SampleFormat { self == .int16 ? .iqInt16 : .iqInt32 }

    /// Samples as frames hold them.
    ///
    /// - Parameter scaleExponent: the power of two that floating-point samples are divided by before they fill 32 bits.
    func payload(of bytes: [UInt8], scaleExponent: Int) -> [UInt8] {
        guard self == .float32 else { return bytes }
        var payload: [UInt8] = []
        payload.reserveCapacity(bytes.count)
        let factor = Double(sign: .plus, exponent: 31 - scaleExponent, significand: 1)
        for index in stride(from: 0, to: bytes.count, by: 4) {
            let value = Double(Float(bitPattern: bytes.uint32(at: index) ?? 0)) * factor
            let whole = Int32(max(Double(Int32.min), min(Double(Int32.max), value.rounded())))
            withUnsafeBytes(of: whole.littleEndian) { payload.append(contentsOf: $0) }
        }
        return payload
    }

    /// Whether a whole number stands at either end of its range.
    func isClipped(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .int16:
            stride(from: 0, to: bytes.count, by: 2).contains {
                bytes.uint16(at: $0) == 0x7FFF || bytes.uint16(at: $0) == 0x8000
            }
        case .int32:
            stride(from: 0, to: bytes.count, by: 4).contains {
                bytes.uint32(at: $0) == 0x7FFF_FFFF || bytes.uint32(at: $0) == 0x8000_0000
            }
        case .float32: false
        }
    }

    /// The largest size of a finite floating-point sample; 0 without any.
    static func largestFloat(in bytes: [UInt8]) -> Float {
        var largest: Float = 0
        for index in stride(from: 0, to: bytes.count - 3, by: 4) {
            guard let bits = bytes.uint32(at: index) else { break }
            let size = abs(Float(bitPattern: bits))
            if size.isFinite, size > largest { largest = size }
        }
        return largest
    }

    /// The least power of two that no sample up to a size goes beyond.
    static func scaleExponent(largest: Float) -> Int {
        guard largest > 0 else { return 0 }
        return Int(largest.exponent) + (largest.significand > 1 ? 1 : 0)
    }

    /// The pulses of some bytes in which a floating-point sample is no finite number.
    static func pulsesWithoutNumber(in bytes: [UInt8], bytesPerPulse: Int) -> [Int] {
        (0..<bytes.count / bytesPerPulse).filter { pulse in
            !stride(from: pulse * bytesPerPulse, to: (pulse + 1) * bytesPerPulse, by: 4).allSatisfy { offset in
                bytes.uint32(at: offset).map { Float(bitPattern: $0).isFinite } ?? false
            }
        }
    }
}
