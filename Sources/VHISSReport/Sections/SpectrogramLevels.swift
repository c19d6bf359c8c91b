import DopplerDSP
import Foundation

/// Turns the power of a spectrogram's columns into pixels.
struct SpectrogramLevels {
    private let spectrogram: Spectrogram
    private let columns: [Int]
    private let noiseDb: Double
    /// What full brightness stands for, dB over noise.
    let rangeDb: Double

    /// Limits of the dynamic range that is shown, dB (project choice).
    private static let rangeLimitsDb = 15.0...40.0
    /// The share of the power that is not over-exposed (project choice).
    private static let exposedShare = 0.998
    /// At most this many values are looked at to choose the range.
    private static let mostSamples = 60_000

    /// The levels of some columns, by their index.
    init(_ spectrogram: Spectrogram, columns: [Int]) {
        self.spectrogram = spectrogram
        self.columns = columns
        let noises = columns.map { Double(spectrogram.columns[$0].noiseDb) }.filter(\.isFinite).sorted()
        let noise = noises.isEmpty ? 0 : noises[noises.count / 2]
        noiseDb = noise
        rangeDb = Self.range(spectrogram, columns, noiseDb: noise)
    }

    private static func range(_ spectrogram: Spectrogram, _ columns: [Int], noiseDb: Double) -> Double {
        let bins = spectrogram.settings.fftLength
        let step = max(columns.count * bins / mostSamples, 1)
        var samples: [Double] = []
        for index in stride(from: 0, to: columns.count * bins, by: step) {
            let power = Double(spectrogram.power[columns[index / bins] * bins + index % bins])
            if power.isFinite, power > 0 { samples.append(power) }
        }
        guard !samples.isEmpty else { return rangeLimitsDb.lowerBound }
        samples.sort()
        let exposed = samples[min(Int(Double(samples.count) * exposedShare), samples.count - 1)]
        let range = (10 * log10(exposed) - noiseDb).rounded()
        return min(max(range, rangeLimitsDb.lowerBound), rangeLimitsDb.upperBound)
    }

    /// The picture of a stretch of time and a band of shifts; pixels without a column show a gap.
    func image(seconds: ClosedRange<Double>, shiftsHz: ClosedRange<Double>) -> RGBImage {
        let wide = SpectrogramPicture.pixelsWide, high = SpectrogramPicture.pixelsHigh
        var image = RGBImage(width: wide, height: high, filledWith: SpectrogramTint.gap)
        let settings = spectrogram.settings
        let halfHop = Double(settings.hopPulses) / settings.prfHz / 2
        let pixelsPerSecond = Double(wide) / (seconds.upperBound - seconds.lowerBound)
        var sums = [Double](repeating: 0, count: wide * high)
        var counts = [Int](repeating: 0, count: wide)
        let rows = bins(ofRowsIn: shiftsHz, high: high)
        for column in columns {
            let centre = (spectrogram.columns[column].centreSeconds - seconds.lowerBound) * pixelsPerSecond
            let reach = halfHop * pixelsPerSecond
            let first = Int(max(min((centre - reach).rounded(), Double(wide - 1)), 0))
            let last = Int(max(min((centre + reach).rounded() - 1, Double(wide - 1)), Double(first)))
            let powers = rows.map { mean(column, $0) }
            for x in first...last {
                counts[x] += 1
                for y in 0..<high { sums[x * high + y] += powers[y] }
            }
        }
        for x in 0..<wide where counts[x] > 0 {
            for y in 0..<high { image.pixels[y * wide + x] = pixel(sums[x * high + y] / Double(counts[x])) }
        }
        return image
    }

    /// For each row of pixels from the top the bins that it shows.
    private func bins(ofRowsIn shiftsHz: ClosedRange<Double>, high: Int) -> [ClosedRange<Int>] {
        let length = spectrogram.settings.fftLength
        let hzPerRow = (shiftsHz.upperBound - shiftsHz.lowerBound) / Double(high)
        func bin(_ shiftHz: Double) -> Int {
            let place = shiftHz * Double(length) / spectrogram.settings.prfHz + Double(length / 2)
            return Int(max(min(place.rounded(), Double(length - 1)), 0))
        }
        return (0..<high).map { row in
            let upper = shiftsHz.upperBound - Double(row) * hzPerRow
            let low = bin(upper - hzPerRow * 0.75), top = bin(upper - hzPerRow * 0.25)
            return min(low, top)...max(low, top)
        }
    }

    private func mean(_ column: Int, _ bins: ClosedRange<Int>) -> Double {
        let start = column * spectrogram.settings.fftLength
        var sum = 0.0
        for bin in bins {
            let power = Double(spectrogram.power[start + bin])
            if power.isFinite, power > 0 { sum += power }
        }
        return sum / Double(bins.count)
    }

    private func pixel(_ power: Double) -> UInt32 {
        guard power > 0 else { return SpectrogramTint.pixels[0] }
        let share = (10 * log10(power) - noiseDb) / rangeDb
        let level = Int(min(max(share, 0), 1) * Double(SpectrogramTint.levels - 1))
        return SpectrogramTint.pixels[level]
    }
}
