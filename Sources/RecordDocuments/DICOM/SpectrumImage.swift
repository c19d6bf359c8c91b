import CCSVIAnalysis
import DopplerDSP
internal import Foundation

/// A spectrogram as pixels with calibrated axes: one row a bin, one column one or more spectra, nothing drawn over it.
struct SpectrumImage: Hashable {
    /// Pixels in a row.
    let width: Int
    /// Rows.
    let height: Int
    /// Red, green and blue of each pixel, rows from the top.
    let rgb: [UInt8]
    /// Time of one pixel, seconds.
    let secondsPerPixel: Double
    /// Time of the middle of the first column since the start of the recording, seconds.
    let firstSeconds: Double
    /// Velocity of one pixel, cm/s; up is towards the transducer.
    let cmPerSPerPixel: Double
    /// The row whose middle is velocity 0.
    let baselineRow: Int

    /// The most columns; longer recordings have several spectra in one (project choice).
    static let mostColumns = 4096
    /// Beyond this range nothing is a pulse repetition frequency of ultrasound, Hz (project choice).
    private static let possiblePrfHz = 1.0...10e6
    /// Transform lengths that there are (`SpectralSettings.fftLength`).
    private static let possibleLengths = 2...1024
    /// Limits of the dynamic range that is shown, dB over noise (project choice, as in the report).
    private static let rangeLimitsDb = 15.0...40.0
    /// The share of the power that is not over-exposed (project choice, as in the report).
    private static let exposedShare = 0.998
    /// Where samples are missing: a blue, for the spectrum is grey.
    static let gap: (UInt8, UInt8, UInt8) = (0, 0, 160)

    /// The picture of a recording's spectrogram.
    ///
    /// - Throws: `RecordDocumentError.spectrogram` with what is wrong with it.
    init(_ given: RecordSpectrogram, scale: DopplerScale) throws(RecordDocumentError) {
        let spectrogram = given.spectrogram, settings = given.spectrogram.settings
        let bins = settings.fftLength
        func refuse(_ what: String) -> RecordDocumentError { .spectrogram(recordingID: given.recordingID, what: what) }
        guard Self.possiblePrfHz.contains(settings.prfHz), Self.possibleLengths.contains(bins), bins % 2 == 0,
            settings.hopPulses > 0
        else { throw refuse("its settings are impossible") }
        let (size, overflow) = spectrogram.columns.count.multipliedReportingOverflow(by: bins)
        guard !overflow, size == spectrogram.power.count else { throw refuse("its power does not fit its columns") }
        do throws(DSPError) { try scale.validate() } catch { throw refuse("its scale gives no velocities") }
        let cmPerSPerBin = scale.velocityCmPerS(ofShiftHz: settings.prfHz / Double(bins))
        guard cmPerSPerBin.isFinite, cmPerSPerBin > 0 else { throw refuse("its scale gives no velocities") }
        let times = spectrogram.columns.map(\.centreSeconds)
        guard let first = times.filter(\.isFinite).min(), let last = times.filter(\.isFinite).max() else {
            throw refuse("it has no columns")
        }
        let hop = Double(settings.hopPulses) / settings.prfHz
        let spectra = ((last - first) / hop).rounded() + 1
        // A day of spectra at the shortest distance is beyond any recording.
        guard spectra.isFinite, spectra < 1e9 else { throw refuse("its times are impossible") }
        let together = (Int(spectra) + Self.mostColumns - 1) / Self.mostColumns

        width = (Int(spectra) + together - 1) / together
        height = bins
        secondsPerPixel = hop * Double(together)
        firstSeconds = first + hop * Double(together - 1) / 2
        cmPerSPerPixel = cmPerSPerBin
        baselineRow = bins / 2 - 1
        rgb = Self.pixels(spectrogram, width: width, first: first, hop: hop, together: together)
    }

    private static func pixels(
        _ spectrogram: Spectrogram, width: Int, first: Double, hop: Double, together: Int
    ) -> [UInt8] {
        let bins = spectrogram.settings.fftLength
        var sums = [Double](repeating: 0, count: width * bins)
        var counts = [Int](repeating: 0, count: width)
        for (index, column) in spectrogram.columns.enumerated() where column.centreSeconds.isFinite {
            let x = min(max(Int(((column.centreSeconds - first) / hop).rounded()) / together, 0), width - 1)
            counts[x] += 1
            for bin in 0..<bins {
                let power = Double(spectrogram.power[index * bins + bin])
                if power.isFinite, power > 0 { sums[x * bins + bin] += power }
            }
        }
        let levels = Levels(spectrogram)
        var rgb = [UInt8](repeating: 0, count: width * bins * 3)
        for x in 0..<width {
            for bin in 0..<bins {
                let place = ((bins - 1 - bin) * width + x) * 3
                let grey = counts[x] > 0 ? levels.grey(sums[x * bins + bin] / Double(counts[x])) : nil
                (rgb[place], rgb[place + 1], rgb[place + 2]) = grey.map { ($0, $0, $0) } ?? gap
            }
        }
        return rgb
    }

    /// Power as grey: black at the noise, white at the strongest power but the last two thousandths.
    private struct Levels {
        let noiseDb: Double
        let rangeDb: Double

        init(_ spectrogram: Spectrogram) {
            let noises = spectrogram.columns.map { Double($0.noiseDb) }.filter(\.isFinite).sorted()
            noiseDb = noises.isEmpty ? 0 : noises[noises.count / 2]
            // At most this many values are looked at to choose the range (project choice, as in the report).
            let step = max(spectrogram.power.count / 60_000, 1)
            let powers = stride(from: 0, to: spectrogram.power.count, by: step)
                .map { Double(spectrogram.power[$0]) }.filter { $0.isFinite && $0 > 0 }.sorted()
            let exposed = powers.isEmpty ? 1 : powers[min(Int(Double(powers.count) * exposedShare), powers.count - 1)]
            let range = (10 * log10(exposed) - noiseDb).rounded()
            rangeDb = min(max(range, rangeLimitsDb.lowerBound), rangeLimitsDb.upperBound)
        }

        func grey(_ power: Double) -> UInt8 {
            guard power > 0 else { return 0 }
            let share = (10 * log10(power) - noiseDb) / rangeDb
            return UInt8(min(max(share, 0), 1) * Double(UInt8.max))
        }
    }
}
