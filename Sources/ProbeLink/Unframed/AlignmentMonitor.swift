/// Judges at which byte samples begin, from how the bytes behave.
///
/// From one pulse to the next a sample changes little against its full scale, so its most significant byte
/// changes least. Read from a wrong byte on, a faster byte takes that place and the differences between neighbouring
/// pulses grow by orders of magnitude.
struct AlignmentMonitor: Sendable {
    /// Pulses of one judgement (project choice: 13 ms at 5 kHz, and a few dozen differences for each phase).
    static let windowPulses = 64
    /// Windows that must agree before samples are realigned (project choice: a wall movement ends sooner).
    static let lastingWindows = 4
    /// How many times smaller another phase's differences must be (project choice).
    ///
    /// One byte of misalignment is a factor of up to 256; full-scale noise, which tells nothing, is a factor of 1.
    static let decisiveFactor: Int64 = 4

    let format: UnframedIQFormat

    /// The phase, in bytes, that fits a window clearly better than its beginning does; `nil` when none does.
    func betterPhase(in bytes: RawSpan, at offset: Int) -> Int? {
        let size = format.bytesPerPair
        var sumInForce: Int64 = 0
        var best = 0
        var bestSum: Int64 = 0
        for phase in 0..<format.bytesPerSample {
            var sum: Int64 = 0
            // The last pulse of a later phase reaches into the next one, so every phase gets two differences fewer.
            for pulse in 0..<(Self.windowPulses - 2) {
                sum += difference(in: bytes, from: offset + pulse * size + phase)
            }
            if phase == 0 { sumInForce = sum }
            if phase == 0 || sum < bestSum { (best, bestSum) = (phase, sum) }
        }
        return best != 0 && bestSum * Self.decisiveFactor < sumInForce ? best : nil
    }

    /// The pulse in which bytes were lost, given that the first `pulses` begin right and a later `phase` fits the last.
    ///
    /// - Returns: the first pulse that is damaged, 0 to `pulses`.
    func damagedPulse(in bytes: RawSpan, pulses: Int, phase: Int) -> Int {
        let size = format.bytesPerPair
        let shift = shiftToNextPair(phase: phase)
        let differences = max(0, pulses - 3)
        // Begin with "the very first is damaged", then move the place on by one pulse at a time. Each place is judged by
        // the same number of differences: before it, across it and behind it.
        var settled: Int64 = 0
        for pulse in 0..<differences { settled += difference(in: bytes, from: pulse * size + shift) }
        var best = 0
        var bestCost = settled
        for place in 1..<max(1, differences) {
            settled -= difference(in: bytes, from: (place - 1) * size + shift)
            if place >= 2 { settled += difference(in: bytes, from: (place - 2) * size) }
            let across = difference(in: bytes, from: (place - 1) * size, to: place * size + shift)
            if settled + across < bestCost { (best, bestCost) = (place, settled + across) }
        }
        return best
    }

    /// How far behind the damaged pulse's first byte the next pulse begins, when the fewest bytes were lost.
    func shiftToNextPair(phase: Int) -> Int { format.bytesPerSample + phase }

    /// How far I and Q of the pulse at an offset lie from those of the next pulse.
    private func difference(in bytes: RawSpan, from offset: Int) -> Int64 {
        difference(in: bytes, from: offset, to: offset + format.bytesPerPair)
    }

    /// How far I and Q of two pulses lie apart.
    private func difference(in bytes: RawSpan, from first: Int, to second: Int) -> Int64 {
        let size = format.bytesPerSample
        let inPhase = format.sample(in: bytes, at: second) - format.sample(in: bytes, at: first)
        let quadrature = format.sample(in: bytes, at: second + size) - format.sample(in: bytes, at: first + size)
        return abs(inPhase) + abs(quadrature)
    }
}
