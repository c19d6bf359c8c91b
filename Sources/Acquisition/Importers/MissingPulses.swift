internal import ProbeLink

/// The pulses of a file whose place holds no sample: stretches in the order of time that do not touch.
struct MissingPulses: Sendable, Hashable {
    /// The stretches.
    let stretches: [Range<Int>]

    /// None.
    init() { stretches = [] }

    /// Stretches in any order; those that meet become one.
    ///
    /// - Parameter pulses: how many pulses the file has places for.
    /// - Throws: `.data` when a stretch is empty, goes beyond the file, or overlaps another one.
    init(_ stretches: [Range<Int>], of pulses: Int, file: String) throws(SourceError) {
        var joined: [Range<Int>] = []
        for stretch in stretches.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard !stretch.isEmpty, stretch.lowerBound >= 0, stretch.upperBound <= pulses else {
                throw .data(
                    file: file,
                    problem:
                        "pulses \(stretch.lowerBound) to \(stretch.upperBound) are said to be missing, and there are "
                        + "places for \(pulses): correct what is said, or take the file that belongs to it")
            }
            guard let last = joined.last, stretch.lowerBound <= last.upperBound else {
                joined.append(stretch)
                continue
            }
            guard stretch.lowerBound == last.upperBound else {
                throw .data(
                    file: file,
                    problem: "pulse \(stretch.lowerBound) is said twice to be missing: join the two stretches")
            }
            joined[joined.count - 1] = last.lowerBound..<stretch.upperBound
        }
        self.stretches = joined
    }

    /// What begins at a pulse: a stretch that is missing, or one that is there, and where it ends.
    func stretch(at pulse: Int, within end: Int) -> (end: Int, isMissing: Bool) {
        var low = 0
        var high = stretches.count
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].upperBound <= pulse { low = middle + 1 } else { high = middle }
        }
        guard low < stretches.count else { return (end, false) }
        let next = stretches[low]
        return next.contains(pulse) ? (min(end, next.upperBound), true) : (min(end, next.lowerBound), false)
    }
}
