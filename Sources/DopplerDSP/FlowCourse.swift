/// Lag products of one gate's filtered samples in short blocks: how power and direction change within a window.
///
/// Each block holds the sums over its pulses of |z(n)|^2, of z(n) z*(n-1) and the imaginary part of z(n) z*(n-2)
/// (Kasai 1985, 10.1109/T-SU.1985.31615). White noise adds to the first alone. A spectrum's window is too long for the
/// edges of a reflux; these blocks are at most 1.5 ms long, or four pulses. The samples themselves are kept beside them,
/// so that a turn can be looked at with filters of its own.
public struct FlowCourse: Sendable {
    /// The sums over one block, squared counts.
    public struct Block: Sendable, Hashable {
        /// Power.
        public var power: Float
        /// Real part of the product at one pulse's distance.
        public var lagOneReal: Float
        /// Imaginary part of the product at one pulse's distance, above 0 towards the transducer.
        public var lagOneImaginary: Float
        /// Imaginary part of the product at two pulses' distance.
        public var lagTwoImaginary: Float

        /// Flow towards the transducer above 0, away from it below, weighted with its power.
        ///
        /// sin(w) + sin(2 w) / 2: the first terms of a sawtooth, steeper near 0 than Kasai's product alone, so that slow
        /// flow shows its direction as well, and without mean noise.
        public var direction: Float { lagOneImaginary + lagTwoImaginary / 2 }
    }

    /// A stretch without missing samples.
    public struct Stretch: Sendable, Hashable {
        /// Index since the start of the first block's first pulse.
        public var firstPulse: UInt64
        /// The stretch's first block.
        public var firstBlock: Int
    }

    /// Pulses of a block: 4, 8 or 16.
    public let blockPulses: Int
    /// Sample rate, Hz.
    public let prfHz: Double
    /// The stretches, in the order of time.
    public internal(set) var stretches: [Stretch] = []
    /// The blocks of all stretches.
    public internal(set) var blocks: [Block] = []
    /// The filtered samples of all blocks, sixteen pulses a vector.
    var real: [SIMD16<Float>] = []
    var imaginary: [SIMD16<Float>] = []

    /// Longest block, seconds, above four pulses (project choice: a tenth of the bar for the length of a reflux).
    private static let blockSeconds = 0.0015
    /// Shortest block, pulses: what one vector of sixteen pulses gives four of.
    static let leastPulses = 4
    /// Longest block, pulses: one vector, so that blocks and samples end together.
    static let mostPulses = 16

    /// A course without blocks.
    init(prfHz: Double) {
        self.prfHz = prfHz
        var pulses = Self.leastPulses
        while Double(2 * pulses) <= Self.blockSeconds * prfHz, pulses < Self.mostPulses { pulses *= 2 }
        blockPulses = pulses
    }

    /// Length of a block, seconds.
    public var blockSeconds: Double { Double(blockPulses) / prfHz }

    /// Begins a stretch whose first block begins with a pulse.
    mutating func begin(at pulse: UInt64) {
        if let last = stretches.last, last.firstBlock == blocks.count { stretches.removeLast() }
        stretches.append(Stretch(firstPulse: pulse, firstBlock: blocks.count))
    }

    /// The blocks whose middles lie in a span of time without missing samples.
    ///
    /// - Returns: the blocks and the time of the first one's begin, seconds; `nil` where there are none.
    public func blocks(from startSeconds: Double, to endSeconds: Double) -> (begin: Double, blocks: ArraySlice<Block>)?
    {
        guard let (begin, range) = span(from: startSeconds, to: endSeconds) else { return nil }
        return (begin, blocks[range])
    }

    /// The filtered samples of the blocks whose middles lie in a span of time without missing samples.
    ///
    /// - Returns: the time of the first sample, seconds, and I and Q of each, counts; `nil` where there are none.
    public func samples(
        from startSeconds: Double, to endSeconds: Double
    ) -> (begin: Double, inPhase: [Float], quadrature: [Float])? {
        guard let (begin, range) = span(from: startSeconds, to: endSeconds) else { return nil }
        let width = SIMD16<Float>.scalarCount
        let pulses = range.lowerBound * blockPulses..<min(range.upperBound * blockPulses, width * real.count)
        func values(_ plane: [SIMD16<Float>]) -> [Float] { pulses.map { plane[$0 / width][$0 % width] } }
        return (begin, values(real), values(imaginary))
    }

    /// The time at which the blocks of a span begin, seconds, and their indices; `nil` where there are none.
    private func span(from startSeconds: Double, to endSeconds: Double) -> (begin: Double, blocks: Range<Int>)? {
        guard startSeconds < endSeconds, blockSeconds > 0 else { return nil }
        let middle = (startSeconds + endSeconds) / 2
        guard let index = stretches.lastIndex(where: { Double($0.firstPulse) / prfHz <= middle }) else { return nil }
        let stretch = stretches[index]
        let end = index + 1 < stretches.count ? stretches[index + 1].firstBlock : blocks.count
        let begin = Double(stretch.firstPulse) / prfHz
        let count = Double(end - stretch.firstBlock)
        let first = max(0, min(((startSeconds - begin) / blockSeconds).rounded(), count))
        let last = max(first, min(((endSeconds - begin) / blockSeconds).rounded(), count))
        guard last > first else { return nil }
        return (begin + first * blockSeconds, stretch.firstBlock + Int(first)..<stretch.firstBlock + Int(last))
    }

    /// Takes the blocks away, into the memory of those that were taken before; what follows continues the last stretch.
    mutating func take(into taken: inout FlowCourse) {
        swap(&self, &taken)
        stretches.removeAll(keepingCapacity: true)
        blocks.removeAll(keepingCapacity: true)
        real.removeAll(keepingCapacity: true)
        imaginary.removeAll(keepingCapacity: true)
        guard let last = taken.stretches.last else { return }
        let pulses = UInt64((taken.blocks.count - last.firstBlock) * taken.blockPulses)
        stretches.append(Stretch(firstPulse: last.firstPulse &+ pulses, firstBlock: 0))
    }
}
