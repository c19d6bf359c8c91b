import Acquisition
import ArgumentParser
import DopplerDSP
import ExamSession
import Foundation
import ProbeLink
import SampleFiles

/// Writes recordings as files for other programs.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write recordings as files for other programs: WAV, SigMF, NPZ, XDF, HDF5, EDF+, CSV, DICOM.",
        discussion: """
            Formats:
            \(ConvertFormat.allCases.map { "  \($0.name): \($0.words)" }.joined(separator: "\n"))

            Samples stay as they were recorded. What was lost keeps its place in time and is marked in the file or beside \
            it. Velocities are those of `analyse --probe replay:FILE`.
            """)

    @Argument(help: "A recording (.dbrec), or an exam's folder: all of its recordings.")
    var source: String

    @Option(help: ArgumentHelp("The format; can be given several times.", valueName: "format"))
    var to: [ConvertFormat]

    @Option(help: "The folder that the files are written into; it is made, and no file in it is overwritten.")
    var output: String

    @Option(help: "With `dicom-audio`: the subject's code, which stands as Patient ID (default: that of the exam).")
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "With `dicom-audio` and a single recording: when it was made, ISO 8601 with offset; an exam tells it itself.",
            valueName: "time"))
    var recordedAt: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// What was written of one recording.
    struct Written: Encodable {
        var recording: String
        var sha256: String
        var isSimulated: Bool
        var pulses: Int
        var lostPulses: Int
        var files: [String]
        var problems: [String]
    }

    func validate() throws {
        if to.isEmpty { throw ValidationError("--to is missing: give a format") }
        if subject != nil || recordedAt != nil, !to.contains(.dicomAudio) {
            throw ValidationError(
                "--subject and --recorded-at belong to --to dicom-audio: give them with that, or leave them out")
        }
    }

    func run() throws {
        let console = Console()
        let paths = try recordings()
        do { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) } catch {
            throw Failure(
                .storage, "\(output): cannot be made (\(error.localizedDescription)): choose another --output")
        }
        let sounds =
            try to.contains(.dicomAudio)
            ? RecordingSounds(of: source, subjectCode: subject, recordedAt: recordedAt) : nil
        if let sounds, sounds.subjectCode == nil {
            console.say("\(source): does not know the subject: Patient ID stays empty unless --subject gives the code")
        }
        var written: [Written] = []
        for (index, path) in paths.enumerated() {
            let one = try write(path, sounds: sounds, number: index + 1, console: console)
            written.append(one)
            guard !json else { continue }
            let mark = one.isSimulated ? ", SIMULATED" : ""
            console.result("\(one.recording): \(one.pulses) pulses, \(one.lostPulses) of them lost\(mark)")
            for file in one.files { console.result("  \(file)") }
            for problem in one.problems { console.say("  \(problem)") }
        }
        if json { try console.json(written) }
        let problems = written.flatMap(\.problems)
        if !problems.isEmpty { throw Failure(.incomplete, problems.joined(separator: "; ")) }
    }

    /// The recordings that are meant.
    private func recordings() throws -> [String] {
        guard !source.hasSuffix(".dbrec") else { return [source] }
        return try examination { () throws(ExamSessionError) in
            let folder = try ExamFolder(existing: source)
            return try folder.recordingFileNames().map(folder.file)
        }
    }

    private func write(
        _ path: String, sounds: RecordingSounds?, number: Int, console: Console
    ) throws -> Written {
        let sha256: String
        let samples: RecordedSamples
        do throws(SampleFileError) { (samples, sha256) = try Self.read(path) } catch { throw Failure(error) }
        let export = SampleExport(
            samples, sha256: sha256,
            courses: to.contains(where: \.needsCourses) ? try courses(of: path, console: console) : nil,
            software: DopplerBridge.software)
        let stem = output + "/" + ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        var names: [String] = []
        for format in to {
            switch format {
            case .samples(let format):
                do throws(SampleFileError) { names += try export.write(format, to: stem) } catch {
                    throw Failure(error)
                }
            case .dicomAudio:
                names += try sounds?.write(samples, sha256: sha256, of: path, number: number, to: stem) ?? []
            }
        }
        return Written(
            recording: path, sha256: sha256, isSimulated: samples.isSimulated, pulses: samples.pulses,
            lostPulses: samples.gaps.reduce(0) { $0 + $1.pulses }, files: names, problems: samples.problems)
    }

    /// A recording's samples, and its fingerprint.
    private static func read(
        _ path: String
    ) throws(SampleFileError) -> (samples: RecordedSamples, sha256: String) {
        let recording: Recording
        let sha256: String
        do throws(RecordingError) {
            recording = try Recording(path: path)
            sha256 = try RecordingFingerprint.sha256(ofFile: path)
        } catch {
            throw .recording(error)
        }
        return (try RecordedSamples(of: recording), sha256)
    }

    /// The velocities, as `analyse` gives them.
    private func courses(of path: String, console: Console) throws -> VelocityCourses {
        let stop = StopOnSignal().stop
        let opened = try SourceOptions.parse(["--probe", "replay:\(path)"])
            .stretch(try StretchOptions.parse([]), stop: stop, console: console)
        let settings = try opened.settingsInForce()
        let segment = try examination { () throws(ExamSessionError) in
            try opened.analysis.run(opened.source, settings: settings, recorder: nil, stop: stop).segment
        }
        return VelocityCourses(
            columnSeconds: Double(segment.spectral.hopPulses) / settings.prfHz,
            wallFilterHz: segment.spectral.wallFilterCutoffHz,
            envelopeMethod: segment.spectral.envelopeMethod.rawValue, hasVelocities: segment.scale != nil,
            gates: segment.gates.map(VelocityCourse.init))
    }
}

extension VelocityCourse {
    /// The figures of a gate as they were analysed.
    init(_ gate: GateAnalysis) {
        self.init(gate: gate.gate, depthMm: gate.depthMm)
        func doubles(_ values: [Float?]) -> [Double?] { values.map { $0.map(Double.init) } }
        timeSeconds = gate.timeSeconds
        meanShiftHz = doubles(gate.meanDopplerShiftHz)
        envelopeTowardsHz = doubles(gate.envelopeTowardsHz)
        envelopeAwayHz = doubles(gate.envelopeAwayHz)
        meanVelocityCmPerS = gate.meanVelocityCmPerS
        envelopeTowardsCmPerS = gate.envelopeTowardsCmPerS
        envelopeAwayCmPerS = gate.envelopeAwayCmPerS
        direction = gate.direction
        flags = gate.flags.map { $0.joined(separator: " ") }
    }
}

extension Failure {
    init(_ error: SampleFileError) {
        switch error {
        case .recording(let reason): self.init(reason)
        case .notWritable: self.init(.storage, error.description)
        case .doesNotFit: self.init(.usage, error.description)
        case .damaged, .noSamples, .tooLong: self.init(.data, error.description)
        }
    }
}
