/// Real and imaginary parts in two places.
struct Planes {
    let real: UnsafeMutablePointer<Float>
    let imaginary: UnsafeMutablePointer<Float>

    @inline(__always)
    init(_ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>) {
        self.real = real
        self.imaginary = imaginary
    }

    /// The sixteen values from `index` on.
    subscript(index: Int) -> ComplexLanes {
        @inline(__always)
        get { ComplexLanes(lanes(real, index), lanes(imaginary, index)) }
        @inline(__always)
        nonmutating set {
            store(newValue.real, real, index)
            store(newValue.imaginary, imaginary, index)
        }
    }
}
