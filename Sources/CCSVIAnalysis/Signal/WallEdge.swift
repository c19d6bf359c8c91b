internal import DopplerDSP

/// Where the echoes of walls end that the wall filter has left.
///
/// A wall moves to and fro within a window, so that it stands in both directions of most columns; blood goes one way at a
/// time. The lower of both directions' powers, in the strongest fifth of the recording, is therefore wall or noise.
struct WallEdge {
    /// First bin without wall.
    let firstBin: Int

    /// From this many times the usual noise on, the lower direction holds a wall: the lower of two noise bins is
    /// above 0.8 of their mean in one fifth of columns (project choice: four times that and more).
    private static let wallRatio = 3.5
    /// Share of columns in which a wall must show: it may come with each heart beat only.
    private static let wallShare = 0.2
    /// Walls are looked for up to this many cut-offs (project choice: a wall at the cut-off, and the window's lobe).
    private static let mostCutoffs = 3

    /// The edge in a spectrogram whose filter begins to pass at a bin.
    init(_ spectrogram: Spectrogram, from lowest: Int) {
        let length = spectrogram.settings.fftLength
        let half = length / 2
        var bin = lowest
        let last = min(Self.mostCutoffs * lowest, half / 2)
        let columns = spectrogram.columns.indices.filter {
            spectrogram.columns[$0].flags.isDisjoint(with: DirectionalColumn.unusable)
        }
        while bin < last, !columns.isEmpty {
            let lower = columns.map { index in
                let middle = index * length + half
                return Double(min(spectrogram.power[middle + bin], spectrogram.power[middle - bin]))
                    / Decibels.ratio(Double(spectrogram.columns[index].noiseDb))
            }
            let strong = lower.count { $0 > Self.wallRatio }
            guard Double(strong) >= Self.wallShare * Double(lower.count) else { break }
            bin += 1
        }
        // The last lobe's flank is still wall.
        firstBin = bin == lowest ? lowest : min(bin + 1, half - 1)
    }
}
