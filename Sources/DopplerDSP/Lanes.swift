internal import CVector

/// Sixteen values side by side, the width of all vector loops of this module.
typealias Lanes = SIMD16<Float>

/// A vector of samples that a filter can be run on.
protocol FilterLanes: SIMD where Scalar == Float {
    /// `a * b + c`, fused where the processor can.
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self
}

extension SIMD16<Float>: FilterLanes {
    @inline(__always)
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { vector_mad16(a, b, c) }
}

extension SIMD8<Float>: FilterLanes {
    @inline(__always)
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { vector_mad8(a, b, c) }
}

extension SIMD4<Float>: FilterLanes {
    @inline(__always)
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { a * b + c }
}

extension SIMD2<Float>: FilterLanes {
    @inline(__always)
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { a * b + c }
}

/// The sixteen values from `index` on.
@inline(__always)
func lanes(_ values: UnsafePointer<Float>, _ index: Int) -> Lanes {
    UnsafeRawPointer(values + index).loadUnaligned(as: Lanes.self)
}

/// Writes sixteen values from `index` on.
@inline(__always)
func store(_ vector: Lanes, _ values: UnsafeMutablePointer<Float>, _ index: Int) {
    UnsafeMutableRawPointer(values + index).storeBytes(of: vector, as: Lanes.self)
}

/// Sixteen complex numbers side by side.
struct ComplexLanes {
    var real: Lanes
    var imaginary: Lanes

    @inline(__always)
    init(_ real: Lanes, _ imaginary: Lanes) {
        self.real = real
        self.imaginary = imaginary
    }

    @inline(__always)
    static func + (a: Self, b: Self) -> Self { Self(a.real + b.real, a.imaginary + b.imaginary) }

    @inline(__always)
    static func - (a: Self, b: Self) -> Self { Self(a.real - b.real, a.imaginary - b.imaginary) }

    @inline(__always)
    static func * (a: Self, b: Self) -> Self {
        Self(
            vector_mad16(a.real, b.real, -(a.imaginary * b.imaginary)),
            vector_mad16(a.real, b.imaginary, a.imaginary * b.real))
    }

    /// This number times -i.
    @inline(__always)
    var quarterTurnBack: Self { Self(imaginary, -real) }
}
