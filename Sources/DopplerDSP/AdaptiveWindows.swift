internal import Glibc

/// Reads one gate's filtered samples about a time in the shortest window that is sure enough.
struct AdaptiveWindows {
    /// A window length that is offered, with what reads its spectrum.
    private struct Length {
        let pulses: Int
        let spectrum: ColumnSpectrum
        let meter: ColumnMeter
    }

    private let lengths: [Length]
    private let fftLength: Int
    private let enoughHz: Float
    private var work: ColumnWork
    private var power: [Float]

    /// The longest window, seconds (project choice: a heart beat's details stay), but the shortest length is always offered.
    private static let longestSeconds = 0.11
    /// A window is long enough when its standard error is below this share of the Nyquist limit (project choice).
    private static let enoughShare = 0.01

    /// The windows for a recording's settings; `nil` where the shifted baseline leaves one direction no room.
    init?(_ settings: SpectralSettings, baseline: BaselineShift) {
        let shortest = SpectralSettings.fftLengthRange.lowerBound
        var lengths: [Length] = []
        var pulses = shortest
        while pulses <= SpectralSettings.fftLengthRange.upperBound {
            guard pulses == shortest || Double(pulses) <= Self.longestSeconds * settings.prfHz else { break }
            guard let length = Self.length(settings, pulses, baseline) else { return nil }
            lengths.append(length)
            pulses *= 2
        }
        self.lengths = lengths
        fftLength = settings.fftLength
        enoughHz = Float(Self.enoughShare * settings.prfHz / 2)
        work = ColumnWork(length: SpectralSettings.fftLengthRange.upperBound)
        power = [Float](repeating: 0, count: SpectralSettings.fftLengthRange.upperBound)
    }

    private static func length(_ settings: SpectralSettings, _ pulses: Int, _ baseline: BaselineShift) -> Length? {
        var own = settings
        own.fftLength = pulses
        let meter = ColumnMeter(own, baseline: baseline)
        guard pulses / 2 - abs(baseline.bins(fftLength: pulses)) >= meter.fewestBins else { return nil }
        do throws(DSPError) {
            return Length(pulses: pulses, spectrum: try ColumnSpectrum(own), meter: meter)
        } catch {
            return nil
        }
    }

    /// The cell of one gate at a time.
    ///
    /// - Parameters:
    ///   - columns: the gate's columns, which know the noise.
    ///   - blocks: the blocks of the stretch.
    ///   - firstPulse: index since the start of the stretch's first pulse.
    mutating func cell(
        _ course: borrowing FlowCourse, _ columns: [SpectralColumn], blocks: Range<Int>, from firstPulse: UInt64,
        centreSeconds: Double
    ) -> MultigateProfile.Cell {
        let vector = FlowCourse.mostPulses
        let vectors = blocks.count * course.blockPulses / vector
        let centre = (centreSeconds * course.prfHz - Double(firstPulse)) / Double(vector)
        var chosen: (length: Length, first: Int, errorHz: Float?)?
        for length in lengths where length.pulses / vector <= vectors {
            let wanted = Int((centre - Double(length.pulses / vector) / 2).rounded())
            let first = max(0, min(wanted, vectors - length.pulses / vector))
            let begin = blocks.lowerBound + first * vector / course.blockPulses
            let errorHz = Self.standardErrorHz(
                course.blocks[begin..<begin + length.pulses / course.blockPulses], course)
            chosen = (length, first, errorHz)
            if let errorHz, errorHz <= enoughHz { break }
        }
        guard let chosen, let noise = noise(columns, near: centreSeconds, pulses: chosen.length.pulses) else {
            return .unmeasured
        }
        let firstVector = blocks.lowerBound * course.blockPulses / vector + chosen.first
        chosen.length.spectrum.compute(course, fromVector: firstVector, &work, &power)
        let figures = chosen.length.meter.figures(power, noise: noise)
        return MultigateProfile.Cell(
            meanShiftHz: figures.meanShiftHz, standardErrorHz: figures.meanShiftHz == nil ? nil : chosen.errorHz,
            envelopeTowardsHz: figures.envelopeTowardsHz, envelopeAwayHz: figures.envelopeAwayHz,
            windowSeconds: Float(Double(chosen.length.pulses) / course.prfHz))
    }

    /// Noise of a bin of a window of some pulses, from the column nearest to a time; `nil` without columns.
    private func noise(_ columns: [SpectralColumn], near seconds: Double, pulses: Int) -> Float? {
        var low = 0
        var high = columns.count
        while low < high {
            let middle = (low + high) / 2
            if columns[middle].centreSeconds < seconds { low = middle + 1 } else { high = middle }
        }
        guard let last = columns.indices.last else { return nil }
        let near = min(low, last)
        let before = max(0, near - 1)
        let isBefore = seconds - columns[before].centreSeconds < columns[near].centreSeconds - seconds
        let column = columns[isBefore ? before : near]
        return powf(10, column.noiseDb / 10) * Float(fftLength) / Float(pulses)
    }

    /// Standard error of Kasai's mean over some blocks, Hz; `nil` without power.
    private static func standardErrorHz(
        _ blocks: ArraySlice<FlowCourse.Block>, _ course: borrowing FlowCourse
    ) -> Float? {
        var power = 0.0
        var real = 0.0
        var imaginary = 0.0
        for block in blocks {
            power += Double(block.power)
            real += Double(block.lagOneReal)
            imaginary += Double(block.lagOneImaginary)
        }
        let correlation = power > 0 ? (real * real + imaginary * imaginary).squareRoot() / power : 0
        guard correlation > 0 else { return nil }
        guard correlation < 1 else { return 0 }
        let pulses = Double(blocks.count * course.blockPulses)
        // Spread of the spectrum with its noise (Kasai 1985), over the independent samples that this spread leaves.
        let spreadTurns = (2 * (1 - correlation)).squareRoot() / (2 * Double.pi)
        let independent = max(1, pulses * min(1, 2 * Double.pi.squareRoot() * spreadTurns))
        return Float(spreadTurns / independent.squareRoot() * course.prfHz)
    }
}
