internal import DopplerDSP

/// Finds tones that stay the same through a recording, such as mains hum: they are no blood.
///
/// The power of blood in one bin of a spectrum is exponentially distributed from window to window, because its echoes add
/// up by chance: its standard deviation is its mean (Burckhardt 1978, IEEE SU 25:1). That of a steady tone hardly
/// changes: the spectral kurtosis of Antoni 2006 (Mech Syst Signal Process 20:282). A tone within flow that is stronger
/// than it changes like the flow, and stays.
struct SteadyLines {
    /// The shifts of the tones, Hz, from the lowest on.
    let shiftsHz: [Double]
    private let isLine: [Bool]

    /// Mean power of a bin over the noise from which on it may be a tone (project choice: half of what noise needs to be
    /// taken for flow).
    private static let leastRatio = 4.0
    /// Standard deviation over mean up to which a bin is steady: a tone 8 dB over the noise of its bin has 0.5, blood 1.
    private static let mostVariation = 0.5
    /// Windows that must not overlap, at least: by simulation, blood then varies by 0.7 and more in every bin.
    private static let leastWindows = 40.0
    /// Bins on each side of a tone that belong to it: half of the window's main lobe (Harris 1978).
    private static let lobeBins = 2

    /// The tones of a spectrogram; none in a recording that is too short.
    init(_ spectrogram: Spectrogram) {
        let unusable = DirectionalColumn.unusable.union(.clipped)
        let usable = spectrogram.columns.indices.filter { spectrogram.columns[$0].flags.isDisjoint(with: unusable) }
        let settings = spectrogram.settings
        let length = settings.fftLength
        let windows = Double(usable.count * min(settings.hopPulses, length)) / Double(length)
        guard windows >= Self.leastWindows, spectrogram.power.count == spectrogram.columns.count * length else {
            shiftsHz = []
            isLine = []
            return
        }
        var sums = [Double](repeating: 0, count: length)
        var squares = sums
        for column in usable {
            let perNoise = 1 / Decibels.ratio(Double(spectrogram.columns[column].noiseDb))
            for bin in 0..<length {
                let ratio = Double(spectrogram.power[column * length + bin]) * perNoise
                sums[bin] += ratio
                squares[bin] += ratio * ratio
            }
        }
        let count = Double(usable.count)
        let steady = (0..<length).filter { bin in
            let mean = sums[bin] / count
            let variance = squares[bin] / count - mean * mean
            return mean >= Self.leastRatio && variance <= Self.mostVariation * Self.mostVariation * mean * mean
        }
        var isLine = [Bool](repeating: false, count: length)
        for bin in steady {
            for near in max(0, bin - Self.lobeBins)...min(length - 1, bin + Self.lobeBins) { isLine[near] = true }
        }
        self.isLine = steady.isEmpty ? [] : isLine
        // A tone lies where it is stronger than in the bins near by.
        shiftsHz = steady.filter { bin in
            steady.allSatisfy { abs($0 - bin) > Self.lobeBins || sums[$0] < sums[bin] || $0 == bin }
        }.map(spectrogram.shiftHz(ofBin:))
    }

    /// The spectrogram with noise in the place of the tones, and its columns read again.
    func removed(from spectrogram: Spectrogram) -> Spectrogram {
        guard !isLine.isEmpty else { return spectrogram }
        var changed = spectrogram
        for column in changed.columns.indices {
            let noise = Float(Decibels.ratio(Double(changed.columns[column].noiseDb)))
            for bin in isLine.indices where isLine[bin] { changed.power[column * isLine.count + bin] = noise }
        }
        return changed.readAgain()
    }
}
