import Acquisition
public import ArgumentParser
public import CCSVIAnalysis
import DopplerDSP
import ExamSession
import ProbeLink

/// Options of a single recording: where, how long and how it is computed.
struct StretchOptions: ParsableArguments {
    @Option(help: "The exam site whose settings and normal direction are used, such as ijv.left.j2.supine.")
    var site: String?

    @Option(help: "How long, seconds; everything when not given for a file.")
    var seconds: Double?

    @Option(help: "Wall filter, Hz.")
    var wallFilterHz: Double?

    @Option(help: "Length of the transform: 64, 128, 256, 512 or 1024 pulses.")
    var fftLength: Int?

    @Option(help: "Distance of columns, pulses.")
    var hop: Int?

    @Option(help: "Pulse repetition frequency of a WAV file's recording, Hz; it must be the file's sample rate.")
    var prfHz: Double?

    @Option(name: .customLong("angle"), help: "Angle between beam and flow, degrees.")
    var insonationAngleDegrees: Double?

    @Option(name: .customLong("speed-of-sound"), help: "Speed of sound, m/s.")
    var speedOfSoundMPerS: Double?

    @Option(help: "The normal direction: towards or away.")
    var normalDirection: FlowDirection?

    /// The lengths that the transform offers.
    private static let fftLengths = [64, 128, 256, 512, 1024]

    func validate() throws {
        if let seconds, !(seconds > 0 && seconds <= 86_400) {
            throw ValidationError("--seconds must be above 0 and up to 86400")
        }
        if let fftLength, !Self.fftLengths.contains(fftLength) {
            throw ValidationError("--fft-length must be one of \(Self.fftLengths)")
        }
        if let hop, hop < 1 { throw ValidationError("--hop must be 1 or more") }
        if let wallFilterHz, !(wallFilterHz >= 0) { throw ValidationError("--wall-filter-hz must be 0 or more") }
    }

    /// Spectral settings with what the options change.
    func applied(to settings: SpectralSettings) -> SpectralSettings {
        var changed = settings
        if let wallFilterHz { changed.wallFilterCutoffHz = wallFilterHz }
        if let fftLength { changed.fftLength = fftLength }
        if let hop { changed.hopPulses = hop }
        // Lengths that are asked for hold at every rate.
        if fftLength != nil || hop != nil { changed.prfHz = 0 }
        return changed
    }
}

extension FlowDirection: ExpressibleByArgument {}

/// A source that is ready to be analysed outside an exam.
struct OpenedStretch {
    var source: any FrameSource
    var wanted: AcquisitionSettings
    var analysis: StretchAnalysis
    var context: RecordingContext
    /// What is wrong with the source beforehand, in sentences.
    var problems: [String] = []
    /// Where the USB session is captured; `nil` = nowhere.
    var capture: SessionCapture?
    /// Tells `devices` how things stand with a probe on USB.
    var reporter: ProbeStatusReporter?

    /// Applies the settings.
    func settingsInForce() throws -> AcquisitionSettings {
        do throws(SourceError) { return try source.prepare(wanted) } catch { throw Failure(error) }
    }
}
