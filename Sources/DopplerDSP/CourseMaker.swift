/// Makes a gate's course from its filtered samples, sixteen pulses at a time.
struct CourseMaker: Sendable {
    /// The blocks so far.
    var course: FlowCourse
    /// Pulses of a step.
    static let step = SIMD16<Float>.scalarCount

    /// A maker without samples.
    init(prfHz: Double) { course = FlowCourse(prfHz: prfHz) }

    /// Begins a stretch whose first block begins with a pulse.
    mutating func begin(at pulse: UInt64) {
        course.begin(at: pulse)
    }

    /// Makes room for some pulses more, so that long recordings do not move again and again.
    mutating func reserve(pulses: Int) {
        course.real.makeRoom(for: pulses / Self.step)
        course.imaginary.makeRoom(for: pulses / Self.step)
        course.blocks.makeRoom(for: pulses / course.blockPulses)
    }

    /// Takes sixteen pulses a step from the beginning of both planes on; the two before them must be there too.
    mutating func add(
        _ real: UnsafePointer<Float>, _ imaginary: UnsafePointer<Float>, steps: Int, _ iq: IQCorrection
    ) {
        let blocks = steps * Self.step / course.blockPulses
        let blockPulses = course.blockPulses
        course.real.appendFloats(steps) { keptReal in
            course.imaginary.appendFloats(steps) { keptImaginary in
                course.blocks.appendFloats(blocks) { keptBlocks in
                    SIMDLevel.kernels.lagProducts(
                        real, imaginary, steps: steps, isCorrected: iq != .none, shareOfQ: iq.shareOfQ,
                        shareOfI: iq.shareOfI, keptReal, keptImaginary, blockPulses: blockPulses, keptBlocks)
                }
            }
        }
    }
}

extension Array {
    /// Appends elements that consist of nothing but numbers, which `write` fills in.
    fileprivate mutating func appendFloats(_ more: Int, _ write: (UnsafeMutablePointer<Float>) -> Void) {
        append(addingCapacity: more) { span in
            span.withUnsafeMutableBufferPointer { buffer, filled in
                guard let start = buffer.baseAddress else { return }
                write(UnsafeMutableRawPointer(start).assumingMemoryBound(to: Float.self))
                filled = more
            }
        }
    }
}

extension Array {
    /// Makes room for some elements more, twice as much as is filled when there is not enough.
    mutating func makeRoom(for more: Int) {
        guard capacity < count + more else { return }
        reserveCapacity(Swift.max(count + more, 2 * count))
    }
}
