internal import CVector

/// Makes a gate's course from its filtered samples, sixteen pulses at a time.
struct CourseMaker: Sendable {
    /// The blocks so far.
    var course: FlowCourse
    private var sums = SIMD4<Float>.zero
    /// Pulses of a step.
    static let step = SIMD16<Float>.scalarCount
    private var pulses = 0

    /// A maker without samples.
    init(prfHz: Double) { course = FlowCourse(prfHz: prfHz) }

    /// Begins a stretch whose first block begins with a pulse.
    mutating func begin(at pulse: UInt64) {
        sums = .zero
        pulses = 0
        course.begin(at: pulse)
    }

    /// Makes room for some pulses more, so that long recordings do not move again and again.
    mutating func reserve(pulses: Int) {
        course.real.makeRoom(for: pulses / Self.step)
        course.imaginary.makeRoom(for: pulses / Self.step)
        course.blocks.makeRoom(for: pulses / course.blockPulses)
    }

    /// Takes sixteen pulses a step from the beginning of both planes on; the two before them must be there too.
    ///
    /// - Parameter sums: room for sixteen values a step.
    mutating func add(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, steps: Int, _ iq: IQCorrection,
        sums room: UnsafeMutablePointer<Float>
    ) {
        let first = course.real.count
        let empty = repeatElement(SIMD16<Float>.zero, count: steps)
        course.real.append(contentsOf: empty)
        course.imaginary.append(contentsOf: empty)
        Self.run(real, imaginary, steps, iq, &course.real, &course.imaginary, from: first, room)
        var at = room
        for _ in 0..<steps * Self.step / FlowCourse.leastPulses {
            sums = vector_add4(sums, vector_load4(at))
            at += 4
            pulses += FlowCourse.leastPulses
            if pulses == course.blockPulses { finishBlock() }
        }
    }

    private static func run(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, _ steps: Int, _ iq: IQCorrection,
        _ keptReal: UnsafeMutableRawPointer, _ keptImaginary: UnsafeMutableRawPointer, from first: Int,
        _ sums: UnsafeMutablePointer<Float>
    ) {
        SIMDLevel.kernels.lagProducts(
            real, imaginary, steps: steps, isCorrected: iq != .none, shareOfQ: iq.shareOfQ, shareOfI: iq.shareOfI,
            keptReal.assumingMemoryBound(to: Float.self) + step * first,
            keptImaginary.assumingMemoryBound(to: Float.self) + step * first, sums: sums)
    }

    private mutating func finishBlock() {
        course.blocks.append(
            FlowCourse.Block(
                power: sums.x, lagOneReal: sums.y, lagOneImaginary: sums.z, lagTwoImaginary: sums.w))
        sums = .zero
        pulses = 0
    }
}

extension Array {
    /// Makes room for some elements more, twice as much as is filled when there is not enough.
    mutating func makeRoom(for more: Int) {
        guard capacity < count + more else { return }
        reserveCapacity(Swift.max(count + more, 2 * count))
    }
}
