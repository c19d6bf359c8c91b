internal import CVector

extension Kernels {
    /// The weighted sum of `length` values, a multiple of 16.
    public static func weightedSum(
        _ values: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, length: Int
    ) -> Float {
        var total = vector_all16(0)
        var at = 0
        while at < length {
            total = vector_mad16(lanes(values, at), lanes(weights, at), total)
            at += 16
        }
        return vector_sum16(total)
    }

    /// Takes means from I and Q, mends Q by shares of both, and weights them: `length` values, a multiple of 16.
    public static func loadWindow(
        _ planeReal: UnsafePointer<Float>, _ planeImaginary: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        length: Int, meanOfI: Float, meanOfQ: Float, shareOfQ: Float, shareOfI: Float,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>
    ) {
        let meanI = vector_all16(meanOfI)
        let meanQ = vector_all16(meanOfQ)
        let fromQ = vector_all16(shareOfQ)
        let fromI = vector_all16(shareOfI)
        var at = 0
        while at < length {
            let weight = lanes(weights, at)
            let i = vector_sub16(lanes(planeReal, at), meanI)
            let q = vector_sub16(lanes(planeImaginary, at), meanQ)
            store(vector_mul16(i, weight), real, at)
            store(vector_mul16(vector_mad16(q, fromQ, vector_mul16(i, fromI)), weight), imaginary, at)
            at += 16
        }
    }

    /// Turns little-endian integers of 2 or 4 bytes, at any address, into as many numbers.
    public static func convert(
        _ bytes: UnsafeRawPointer, bytesEach: Int, count: Int, _ values: UnsafeMutablePointer<Float>
    ) {
        var at = 0
        #if _endian(little)
            let whole = count & ~15
            if bytesEach == 2 {
                while at < whole {
                    store(vector_from_short16(bytes + 2 &* at), values, at)
                    at &+= 16
                }
            } else {
                while at < whole {
                    store(vector_from_int16(bytes + 4 &* at), values, at)
                    at &+= 16
                }
            }
        #endif
        while at < count {
            values[at] =
                bytesEach == 2
                ? Float(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 &* at, as: Int16.self)))
                : Float(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* at, as: Int32.self)))
            at &+= 1
        }
    }

    /// The greatest size of `length` values, a multiple of 16.
    public static func greatestSize(_ values: UnsafePointer<Float>, length: Int) -> Float {
        var greatest = vector_all16(0)
        var at = 0
        while at < length {
            greatest = vector_max16(greatest, vector_abs16(lanes(values, at)))
            at += 16
        }
        return vector_greatest16(greatest)
    }

    /// How many of `length` values, a multiple of 16, have exactly a size.
    public static func count(_ values: UnsafePointer<Float>, ofSize size: Float, length: Int) -> Int {
        let sizes = vector_all16(size)
        var found = vector_all16(0)
        var at = 0
        while at < length {
            found = vector_count_equal16(vector_abs16(lanes(values, at)), sizes, found)
            at += 16
        }
        return Int(vector_sum16(found))
    }
}
