internal import CVector

/// A vector of samples that a filter can be run on.
private protocol FilterLanes {
    init(all value: Float)
    static func load(_ from: UnsafePointer<Float>) -> Self
    func save(_ to: UnsafeMutablePointer<Float>)
    static func subtract(_ a: Self, _ b: Self) -> Self
    static func multiply(_ a: Self, _ b: Self) -> Self
    /// `a * b + c`, fused where the processor can.
    static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self
}

extension Kernels {
    /// Runs two second-order sections over some pulses of neighbouring lanes, in place.
    ///
    /// - Parameters:
    ///   - values: the first pulse's first lane; pulses are `rowLength` values apart.
    ///   - lanes: 16, 8, 4 or 2.
    ///   - states: two integrators of each section, `rowLength` values apart.
    ///   - coefficients: five of each section: output from difference, output from first integrator, first from first,
    ///     cross gain, second from difference.
    public static func filterRows(
        _ values: UnsafeMutablePointer<Float>, lanes: Int, pulses: Int, rowLength: Int,
        states: UnsafeMutablePointer<Float>, coefficients: UnsafePointer<Float>
    ) {
        let run = FilterRun(
            values: values, pulses: pulses, rowLength: rowLength, states: states, coefficients: coefficients)
        switch lanes {
        case 16: run.run(SIMD16<Float>.self)
        case 8: run.run(SIMD8<Float>.self)
        case 4: run.run(SIMD4<Float>.self)
        default: run.run(SIMD2<Float>.self)
        }
    }
}

/// Both sections over some pulses of one group of lanes.
private struct FilterRun {
    let values: UnsafeMutablePointer<Float>
    let pulses: Int
    let rowLength: Int
    let states: UnsafeMutablePointer<Float>
    let coefficients: UnsafePointer<Float>

    @inline(__always)
    func run<Vector: FilterLanes>(_: Vector.Type) {
        let a = SectionLanes<Vector>(coefficients)
        let b = SectionLanes<Vector>(coefficients + 5)
        var a1 = Vector.load(states)
        var a2 = Vector.load(states + rowLength)
        var b1 = Vector.load(states + 2 * rowLength)
        var b2 = Vector.load(states + 3 * rowLength)
        var row = values
        for _ in 0..<pulses {
            let middle = a.step(Vector.load(row), &a1, &a2)
            b.step(middle, &b1, &b2).save(row)
            row += rowLength
        }
        a1.save(states)
        a2.save(states + rowLength)
        b1.save(states + 2 * rowLength)
        b2.save(states + 3 * rowLength)
    }
}

/// A section's coefficients, each in all lanes.
private struct SectionLanes<Vector: FilterLanes> {
    let outputFromDifference: Vector
    let outputFromFirst: Vector
    let firstFromFirst: Vector
    let crossGain: Vector
    let secondFromDifference: Vector

    @inline(__always)
    init(_ coefficients: UnsafePointer<Float>) {
        outputFromDifference = Vector(all: coefficients[0])
        outputFromFirst = Vector(all: coefficients[1])
        firstFromFirst = Vector(all: coefficients[2])
        crossGain = Vector(all: coefficients[3])
        secondFromDifference = Vector(all: coefficients[4])
    }

    /// One sample: the high-pass output, with both integrators carried on.
    @inline(__always)
    func step(_ input: Vector, _ first: inout Vector, _ second: inout Vector) -> Vector {
        let difference = Vector.subtract(input, second)
        let output = Vector.multiplyAdd(difference, outputFromDifference, Vector.multiply(first, outputFromFirst))
        second = Vector.multiplyAdd(
            difference, secondFromDifference, Vector.multiplyAdd(first, crossGain, second))
        first = Vector.multiplyAdd(difference, crossGain, Vector.multiply(first, firstFromFirst))
        return output
    }
}

extension SIMD16<Float>: FilterLanes {
    @inline(__always)
    fileprivate init(all value: Float) { self = vector_all16(value) }
    @inline(__always)
    fileprivate static func load(_ from: UnsafePointer<Float>) -> Self { vector_load16(from) }
    @inline(__always)
    fileprivate func save(_ to: UnsafeMutablePointer<Float>) { vector_store16(self, to) }
    @inline(__always)
    fileprivate static func subtract(_ a: Self, _ b: Self) -> Self { vector_sub16(a, b) }
    @inline(__always)
    fileprivate static func multiply(_ a: Self, _ b: Self) -> Self { vector_mul16(a, b) }
    @inline(__always)
    fileprivate static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { vector_mad16(a, b, c) }
}

extension SIMD8<Float>: FilterLanes {
    @inline(__always)
    fileprivate init(all value: Float) { self = vector_all8(value) }
    @inline(__always)
    fileprivate static func load(_ from: UnsafePointer<Float>) -> Self { vector_load8(from) }
    @inline(__always)
    fileprivate func save(_ to: UnsafeMutablePointer<Float>) { vector_store8(self, to) }
    @inline(__always)
    fileprivate static func subtract(_ a: Self, _ b: Self) -> Self { vector_sub8(a, b) }
    @inline(__always)
    fileprivate static func multiply(_ a: Self, _ b: Self) -> Self { vector_mul8(a, b) }
    @inline(__always)
    fileprivate static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { vector_mad8(a, b, c) }
}

extension SIMD4<Float>: FilterLanes {
    @inline(__always)
    fileprivate init(all value: Float) { self = vector_all4(value) }
    @inline(__always)
    fileprivate static func load(_ from: UnsafePointer<Float>) -> Self { vector_load4(from) }
    @inline(__always)
    fileprivate func save(_ to: UnsafeMutablePointer<Float>) { vector_store4(self, to) }
    @inline(__always)
    fileprivate static func subtract(_ a: Self, _ b: Self) -> Self { vector_sub4(a, b) }
    @inline(__always)
    fileprivate static func multiply(_ a: Self, _ b: Self) -> Self { vector_mul4(a, b) }
    @inline(__always)
    fileprivate static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { vector_mad4(a, b, c) }
}

extension SIMD2<Float>: FilterLanes {
    @inline(__always)
    fileprivate init(all value: Float) { self = vector_all2(value) }
    @inline(__always)
    fileprivate static func load(_ from: UnsafePointer<Float>) -> Self { vector_load2(from) }
    @inline(__always)
    fileprivate func save(_ to: UnsafeMutablePointer<Float>) { vector_store2(self, to) }
    @inline(__always)
    fileprivate static func subtract(_ a: Self, _ b: Self) -> Self { vector_sub2(a, b) }
    @inline(__always)
    fileprivate static func multiply(_ a: Self, _ b: Self) -> Self { vector_mul2(a, b) }
    @inline(__always)
    fileprivate static func multiplyAdd(_ a: Self, _ b: Self, _ c: Self) -> Self { vector_mad2(a, b, c) }
}
