internal import CVector

/// Sixteen values side by side, the width of all vector loops: one, two or four registers, by the processor.
typealias Lanes = SIMD16<Float>

/// The sixteen values from `index` on.
@inline(__always)
func lanes(_ values: UnsafePointer<Float>, _ index: Int) -> Lanes { vector_load16(values + index) }

/// Writes sixteen values from `index` on.
@inline(__always)
func store(_ vector: Lanes, _ values: UnsafeMutablePointer<Float>, _ index: Int) {
    vector_store16(vector, values + index)
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
    static func + (a: Self, b: Self) -> Self {
        Self(vector_add16(a.real, b.real), vector_add16(a.imaginary, b.imaginary))
    }

    @inline(__always)
    static func - (a: Self, b: Self) -> Self {
        Self(vector_sub16(a.real, b.real), vector_sub16(a.imaginary, b.imaginary))
    }

    @inline(__always)
    static func * (a: Self, b: Self) -> Self {
        Self(
            vector_sub16(vector_mul16(a.real, b.real), vector_mul16(a.imaginary, b.imaginary)),
            vector_mad16(a.real, b.imaginary, vector_mul16(a.imaginary, b.real)))
    }

    /// This number times -i.
    @inline(__always)
    var quarterTurnBack: Self { Self(imaginary, vector_sub16(vector_all16(-0), real)) }
}
