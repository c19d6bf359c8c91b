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

    @Option(help: "Pulse repetition frequency of a file's recording, Hz; it must be the file's sample rate.")
    var prfHz: Double?

    @Option(name: .customLong("angle"), help: "Angle between beam and flow, degrees.")
    var insonationAngleDegrees: Double?

    @Option(name: .customLong("speed-of-sound"), help: "Speed of sound, m/s.")
    var speedOfSoundMPerS: Double?

    @Option(help: "The normal direction: towards or away.")
    var normalDirection: FlowDirection?

    @Option(help: "Number of gates, 1 to 512; the middle one lies where the site's gate does.")
    var gates: Int?

    @Option(help: "Distance of neighbouring gates, mm.")
    var gateSpacingMm: Double = 1

    @Option(help: "Area of the lumen, mm2: gives the volume flow, when one gate spans the lumen.")
    var areaMm2: Double?

    @Option(help: "Standard error of the area, mm2.")
    var areaErrorMm2: Double = 0

    @Option(help: "Standard error of the angle, degrees.")
    var angleError: Double = 0

    @Option(help: "Profiles a second of the multigate view, at least 50 for a moving profile.")
    var profilesPerSecond: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Moves the zero line by a share of the Nyquist limit, -90 to 90 %: above 0 for more room towards the transducer.",
            valueName: "percent"))
    var baselineShift: Double = 0

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
        if let gates, !SpectralSettings.gateRange.contains(gates) { throw ValidationError("--gates must be 1 to 512") }
        guard gateSpacingMm > 0, gateSpacingMm <= 100 else {
            throw ValidationError("--gate-spacing-mm must be above 0 and up to 100")
        }
        if let areaMm2, !(areaMm2 > 0 && areaMm2 <= 1000) {
            throw ValidationError("--area-mm2 must be above 0 and up to 1000")
        }
        guard areaErrorMm2 >= 0, areaErrorMm2 <= 1000, angleError >= 0, angleError <= 30 else {
            throw ValidationError("--area-error-mm2 must be 0 to 1000 and --angle-error 0 to 30")
        }
        if let profilesPerSecond, !(profilesPerSecond > 0 && profilesPerSecond <= 1000) {
            throw ValidationError("--profiles-per-second must be above 0 and up to 1000")
        }
        guard abs(baselineShift) <= 100 * BaselineShift.largestShare else {
            throw ValidationError("--baseline-shift must be -90 to 90")
        }
        if let wallFilterHz, !(wallFilterHz >= 0) { throw ValidationError("--wall-filter-hz must be 0 or more") }
    }

    /// Where the zero line lies.
    var baseline: BaselineShift {
        get throws {
            do throws(DSPError) { return try BaselineShift(shareOfNyquist: baselineShift / 100) } catch {
                throw Failure(.usage, "--baseline-shift: \(error.description)")
            }
        }
    }

    /// What the operator knows of the lumen.
    var lumen: StretchAnalysis.StatedLumen? {
        areaMm2.map {
            StretchAnalysis.StatedLumen(
                areaMm2: FlowVolume.Measured($0, standardError: areaErrorMm2), angleErrorDegrees: angleError)
        }
    }

    /// Acquisition settings with the gates that are wanted about the site's own.
    ///
    /// - Throws: when the first gate would lie above the skin.
    func applied(to settings: AcquisitionSettings) throws -> AcquisitionSettings {
        guard let gates, gates > 1 else { return settings }
        var changed = settings
        let spacingUm = (gateSpacingMm * 1000).rounded()
        let reachUm = spacingUm * Double(gates - 1) / 2
        changed.gates = UInt16(gates)
        changed.gateSpacingUm = UInt32(spacingUm)
        let firstUm = Double(settings.firstGateDepthUm) - reachUm
        guard firstUm >= Double(settings.gateLengthUm) / 2 else {
            throw Failure(
                .usage,
                "--gates \(gates) at \(gateSpacingMm) mm about a depth of \(Double(settings.firstGateDepthUm) / 1000) mm "
                    + "would begin above the skin: ask for fewer, or closer ones")
        }
        changed.firstGateDepthUm = UInt32(firstUm)
        return changed
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
