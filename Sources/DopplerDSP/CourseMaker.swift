internal import CVector

/// Makes a gate's course from its filtered samples, sixteen pulses at a time.
struct CourseMaker: Sendable {
    /// The blocks so far.
    var course: FlowCourse
    private var sums = SIMD4<Float>.zero
    private var pulses = 0

    /// A maker without samples.
    init(prfHz: Double) { course = FlowCourse(prfHz: prfHz) }

    /// Begins a stretch whose first block begins with a pulse.
    mutating func begin(at pulse: UInt64) {
        sums = .zero
        pulses = 0
        course.begin(at: pulse)
    }

    /// Takes sixteen pulses from `index` on; the two before them must be there too.
    @inline(__always)
    mutating func add(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, _ index: Int, _ iq: IQCorrection
    ) {
        let now = pair(real, imaginary, index, iq)
        let before = pair(real, imaginary, index - 1, iq)
        let earlier = pair(real, imaginary, index - 2, iq)
        course.real.append(now.real)
        course.imaginary.append(now.imaginary)
        let power = vector_mad16(now.real, now.real, now.imaginary * now.imaginary)
        let oneReal = vector_mad16(now.real, before.real, now.imaginary * before.imaginary)
        let oneImaginary = vector_mad16(now.imaginary, before.real, -(now.real * before.imaginary))
        let twoImaginary = vector_mad16(now.imaginary, earlier.real, -(now.real * earlier.imaginary))
        // Two rounds of adding neighbours leave the sums of four pulses, quantity by quantity.
        let quads = added(added(power, oneReal), added(oneImaginary, twoImaginary))
        let four = SIMD4<Int>(0, 4, 8, 12)
        for quad in 0..<4 {
            sums += SIMD4(quads[four.x + quad], quads[four.y + quad], quads[four.z + quad], quads[four.w + quad])
            pulses += FlowCourse.leastPulses
            if pulses == course.blockPulses { finishBlock() }
        }
    }

    private mutating func finishBlock() {
        course.blocks.append(
            FlowCourse.Block(
                power: sums.x, lagOneReal: sums.y, lagOneImaginary: sums.z, lagTwoImaginary: sums.w))
        sums = .zero
        pulses = 0
    }

    @inline(__always)
    private func added(_ a: Lanes, _ b: Lanes) -> Lanes { vector_even16(a, b) + vector_odd16(a, b) }

    @inline(__always)
    private func pair(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, _ index: Int, _ iq: IQCorrection
    ) -> ComplexLanes {
        let i = lanes(real, index)
        let q = lanes(imaginary, index)
        return ComplexLanes(i, vector_mad16(q, Lanes(repeating: iq.shareOfQ), i * Lanes(repeating: iq.shareOfI)))
    }
}
