import CCSVIAnalysis
import DopplerDSP
import Testing

// The pixels and scales of a picture cannot be read back from a PDF exactly, so they are tested at their source.
@testable import VHISSReport

@Suite("The picture of a spectrogram")
struct SpectrogramPictureTests {
    private static let recording = ExamFixture.recording(
        "r", ExamSite(.internalJugular, .right, level: .j1, .supine), 0)

    /// Eight columns of one bin each at a shift, over a floor of noise.
    private static func spectrogram(bins: [Int], skipping skipped: Set<Int> = []) -> Spectrogram {
        var settings = recording.spectral
        settings.fftLength = 64
        settings.hopPulses = 40
        var columns: [SpectralColumn] = []
        var power: [Float] = []
        for (index, bin) in bins.enumerated() where !skipped.contains(index) {
            var line = [Float](repeating: 1, count: 64)
            line[bin] = 10_000
            power += line
            let seconds = (Double(index) + 0.5) * 0.01
            columns.append(
                SpectralColumn(
                    firstPulse: UInt64(index * 40), centreSeconds: seconds, meanShiftHz: nil, spectralMeanShiftHz: nil,
                    envelopeTowardsHz: nil, envelopeAwayHz: nil, noiseDb: 0, signalToNoiseTowardsDb: 0,
                    signalToNoiseAwayDb: 0, flags: []))
        }
        return Spectrogram(settings: settings, gate: 0, columns: columns, power: power)
    }

    @Test("1 Hz at 4 MHz and 60 degrees is 0.0385 cm/s")
    func velocityScale() throws {
        let scale = DopplerScale(centreFrequencyHz: 4_000_000, insonationAngleDegrees: 60)
        let factor = try #require(SpectrogramPicture.cmPerSPerHz(scale))
        #expect(abs(factor - 0.0385) < 1e-9)
        #expect(SpectrogramPicture.cmPerSPerHz(DopplerScale(centreFrequencyHz: 0, insonationAngleDegrees: 0)) == nil)
        #expect(SpectrogramPicture.cmPerSPerHz(DopplerScale(centreFrequencyHz: 4e6, insonationAngleDegrees: 90)) == nil)
    }

    @Test("flow towards the probe is drawn in the upper half, flow away in the lower")
    func upIsTowards() throws {
        let picture = try SpectrogramPicture(
            Self.spectrogram(bins: [48, 48, 48, 48, 16, 16, 16, 16]), of: Self.recording, refluxes: [])
        let half = picture.image.height / 2
        func brightRows(_ x: Int) -> [Int] {
            (0..<picture.image.height).filter { picture.image.pixels[$0 * picture.image.width + x] & 0xFF > 200 }
        }
        let early = brightRows(picture.image.width / 4)
        let late = brightRows(picture.image.width * 3 / 4)
        #expect(!early.isEmpty && early.allSatisfy { $0 < half })
        #expect(!late.isEmpty && late.allSatisfy { $0 >= half })
    }

    @Test("a chance hit in a recording without flow does not set the scale")
    func noFlow() throws {
        var spectrogram = SyntheticSpectrogram(hasFlow: false).spectrogram(for: Self.recording)
        spectrogram.columns[10].flags = []
        spectrogram.columns[10].meanShiftHz = 20
        let picture = try SpectrogramPicture(spectrogram, of: Self.recording, refluxes: [])
        let nyquist = spectrogram.settings.prfHz / 2 * picture.cmPerSPerHz
        #expect(picture.velocitiesCmPerS == -nyquist...nyquist)
    }

    @Test("missing columns are a gap of their own grey")
    func gaps() throws {
        let picture = try SpectrogramPicture(
            Self.spectrogram(bins: [48, 48, 48, 48, 48, 48, 48, 48], skipping: [4]), of: Self.recording, refluxes: [])
        let gapColumns = (0..<picture.image.width).filter { picture.image.pixels[$0] == SpectrogramTint.gap }
        #expect(abs(gapColumns.count - picture.image.width / 8) <= 1)
        #expect(abs((gapColumns.first ?? 0) - picture.image.width / 2) <= 1)
        #expect(!SpectrogramTint.pixels.contains(SpectrogramTint.gap))
    }

    @Test("the tint grows lighter with every level")
    func tint() {
        func luminance(_ pixel: UInt32) -> UInt32 {
            2126 * (pixel >> 16 & 0xFF) + 7152 * (pixel >> 8 & 0xFF) + 722 * (pixel & 0xFF)
        }
        for (darker, lighter) in zip(SpectrogramTint.pixels, SpectrogramTint.pixels.dropFirst()) {
            #expect(luminance(darker) < luminance(lighter))
        }
    }

    @Test("a long recording is shown about its longest reflux")
    func window() throws {
        let maker = SyntheticSpectrogram(seconds: 40)
        let reflux = RefluxEpisode(onsetSeconds: 30, durationSeconds: 2, breathsSeen: nil)
        let picture = try SpectrogramPicture(
            maker.spectrogram(for: Self.recording), of: Self.recording, refluxes: [reflux])
        #expect(abs(picture.seconds.lowerBound - 25) < 0.1)
        #expect(abs(picture.seconds.upperBound - 37) < 0.1)
    }

    @Test(
        "axes have round steps",
        arguments: [
            (0.0...12.0, 12, 13, 0), (-38.0...71, 6, 5, 0), (0...0.07, 6, 4, 2), (-1e9...1e9, 6, 5, 0),
            (0...0, 6, 0, 0),
        ])
    func ticks(_ range: ClosedRange<Double>, _ most: Int, _ count: Int, _ decimals: Int) {
        let ticks = Ticks.steps(in: range, atMost: most)
        #expect(ticks.values.count == count)
        #expect(ticks.decimals == decimals)
        #expect(ticks.values.allSatisfy { range.contains($0) })
    }
}
