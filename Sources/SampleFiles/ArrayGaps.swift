internal import Acquisition
internal import ProbeLink

/// What a file's arrays `gaps` and `missing` say of lost pulses; where both are there they must say the same.
struct ArrayGaps {
    /// Places whose samples are only filling, in their order, joined where they meet.
    let missing: [Range<Int>]

    /// The most gaps that are read (project choice: each is a loss that a probe reported).
    private static let mostGaps = 1_000_000
    private static let pulsesAtATime = 1 << 20

    init(pulses: Int, _ file: any ArrayFile) throws(SourceError) {
        let listed = try Self.listed(pulses: pulses, file)
        let marked = try Self.marked(pulses: pulses, file)
        if let listed, let marked, listed != marked {
            throw file.refusal(
                SampleArrayName.missing, "does not say the same as `\(SampleArrayName.gaps)`: leave one of them out")
        }
        missing = listed ?? marked ?? []
    }

    /// Stretches in their order, joined where they meet.
    static func joined(_ stretches: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for stretch in stretches {
            if let last = joined.last, last.upperBound == stretch.lowerBound {
                joined[joined.count - 1] = last.lowerBound..<stretch.upperBound
            } else {
                joined.append(stretch)
            }
        }
        return joined
    }

    /// What `gaps` says: first lost pulse and number of them, a row for each.
    private static func listed(pulses: Int, _ file: any ArrayFile) throws(SourceError) -> [Range<Int>]? {
        let name = SampleArrayName.gaps
        guard let form = try file.form(of: name) else { return nil }
        guard form.shape.count == 2, form.shape[1] == 2, case .integer(let bytes, _) = form.kind else {
            throw file.refusal(name, "is \(form.words): whole numbers (gap, 2) stand there, first pulse and number")
        }
        guard form.shape[0] <= mostGaps else { throw file.refusal(name, "has more than \(mostGaps) rows") }
        let all = try file.bytes(of: name, form, mostBytes: 2 * bytes * mostGaps)
        guard let numbers = ArrayNumbers.integers(all, form.kind) else {
            throw file.refusal(name, "has a number that is none of a pulse")
        }
        var stretches: [Range<Int>] = []
        for row in stride(from: 0, to: numbers.count, by: 2) {
            let (end, overflows) = numbers[row].addingReportingOverflow(numbers[row + 1])
            guard numbers[row] >= stretches.last?.upperBound ?? 0, numbers[row + 1] > 0, !overflows, end <= pulses
            else {
                throw file.refusal(
                    name,
                    "says in row \(row / 2) that \(numbers[row + 1]) pulses are missing from \(numbers[row]) on: that is "
                        + "before the row above, or not within the \(pulses) pulses; correct it")
            }
            stretches.append(numbers[row]..<end)
        }
        return joined(stretches)
    }

    /// What `missing` says of each pulse.
    private static func marked(pulses: Int, _ file: any ArrayFile) throws(SourceError) -> [Range<Int>]? {
        let name = SampleArrayName.missing
        guard let form = try file.form(of: name) else { return nil }
        guard form.shape == [pulses], form.bytesPerItem == 1 else {
            throw file.refusal(name, "is \(form.words): a bool for each of the \(pulses) pulses stands there")
        }
        let cursor = try file.cursor(of: name, form)
        var stretches: [Range<Int>] = []
        var pulse = 0
        while pulse < pulses {
            for mark in try cursor.next(min(pulsesAtATime, pulses - pulse)) {
                guard mark <= 1 else { throw file.refusal(name, "is neither true nor false at pulse \(pulse)") }
                if mark == 1 {
                    if let last = stretches.last, last.upperBound == pulse {
                        stretches[stretches.count - 1] = last.lowerBound..<pulse + 1
                    } else {
                        stretches.append(pulse..<pulse + 1)
                    }
                }
                pulse += 1
            }
            guard stretches.count <= mostGaps else { throw file.refusal(name, "has more than \(mostGaps) gaps") }
        }
        return stretches
    }
}
