public import Acquisition
internal import Foundation
public import ProbeLink

/// Files of named arrays as sources of samples.
///
/// What they hold is in <doc:Arrays>: what this program wrote comes back bit for bit, and what others wrote says what it
/// says.
public enum ArrayImport {
    /// An archive of NumPy's arrays.
    ///
    /// - Parameters:
    ///   - path: the file; `<path>.yaml` beside it may hold parameters, as for a WAV file.
    ///   - parameters: win over the arrays, except that what either calls simulated stays so.
    /// - Throws: `.storage` when the file cannot be read; `.data` with the array when it is no such file, is damaged, or
    ///   holds what is not read.
    public static func npz(
        path: String, parameters: FileParameters = FileParameters()
    ) throws(SourceError) -> ArraySource {
        let arrays = try arrays(of: try NPZFile(path: path)) { () throws(SourceError) in try NPZFile(path: path) }
        return try ArraySource(path: path, kind: "npz", arrays: arrays, parameters: parameters)
    }

    /// An HDF5 file; parameters and errors as for `npz`.
    public static func hdf5(
        path: String, parameters: FileParameters = FileParameters()
    ) throws(SourceError) -> ArraySource {
        let arrays = try arrays(of: try HDF5File(path: path)) { () throws(SourceError) in try HDF5File(path: path) }
        return try ArraySource(path: path, kind: "hdf5", arrays: arrays, parameters: parameters)
    }

    /// The most bytes of samples that are read: as many as a recording may have.
    private static let mostBytesOfSamples = RecordedSamples.mostBytes
    /// The longest document, bytes in the file (project choice: as SigMF's metadata).
    private static let mostBytesOfDocument = 64 << 20
    /// The longest word, bytes in the file.
    private static let mostBytesOfWord = 1024

    /// What a file's arrays say.
    ///
    /// - Parameter reopen: opens the same file once more.
    static func arrays(
        of file: any ArrayFile, reopen: @escaping @Sendable () throws(SourceError) -> any ArrayFile
    ) throws(SourceError) -> SampleArrays {
        let samples = SampleArrayName.samples
        guard let form = try file.form(of: samples) else {
            throw .data(
                file: file.name, problem: "has no array `\(samples)` of I and Q, by pulse, gate and part: put it in")
        }
        let (numbers, pulses, gates) = try shape(form, file)
        guard let count = form.byteCount, count <= mostBytesOfSamples else {
            throw file.refusal(samples, "is \(form.words), more than \(mostBytesOfSamples) bytes: cut it into pieces")
        }
        let document = try document(file)
        if let document, document.pulses != pulses || document.gates != gates {
            throw file.refusal(
                SampleArrayName.metadata,
                "tells of \(document.pulses) pulses of \(document.gates) gates, and there are \(pulses) of \(gates): the "
                    + "file was put together wrongly")
        }
        let missing = try ArrayGaps(pulses: pulses, file).missing
        if let document, document.missing != missing {
            throw file.refusal(SampleArrayName.gaps, "is not what the metadata say: the file was put together wrongly")
        }
        let rate = try file.number(SampleArrayName.rate)
        if let document, let rate, document.prfHz != rate {
            throw file.refusal(SampleArrayName.rate, "is \(rate), and the metadata say \(document.prfHz): correct it")
        }
        return SampleArrays(
            form: numbers, pulses: pulses, gates: gates, sampleRateHz: document?.prfHz ?? rate,
            parameters: try parameters(file, document, rate: rate), recording: document?.recording, missing: missing,
            silent: document?.silent ?? [], sha512: try file.digest(of: samples)
        ) { () throws(SourceError) in try reopen().cursor(of: samples, form) }
    }

    /// How I and Q are stored, and how many there are.
    private static func shape(
        _ form: ArrayForm, _ file: any ArrayFile
    ) throws(SourceError) -> (form: IQNumberForm, pulses: Int, gates: Int) {
        let shape = form.shape
        switch (form.kind, shape.count) {
        case (.integer(2, true), 2) where shape[1] == 2: return (.int16, shape[0], 1)
        case (.integer(2, true), 3) where shape[2] == 2: return (.int16, shape[0], shape[1])
        case (.integer(4, true), 2) where shape[1] == 2: return (.int32, shape[0], 1)
        case (.integer(4, true), 3) where shape[2] == 2: return (.int32, shape[0], shape[1])
        case (.complex(4), 1): return (.float32, shape[0], 1)
        case (.complex(4), 2): return (.float32, shape[0], shape[1])
        default:
            throw file.refusal(
                SampleArrayName.samples,
                "is \(form.words): int16 or int32 (pulse, gate, 2) or (pulse, 2), and complex64 (pulse, gate) or (pulse) "
                    + "are read; save it as one of them")
        }
    }

    /// What is known: of this program's own recording all that was known, then what the other arrays say.
    private static func parameters(
        _ file: any ArrayFile, _ document: ArrayDocument?, rate: Double?
    ) throws(SourceError) -> FileParameters {
        var direction: BeamDirection?
        if let form = try file.form(of: SampleArrayName.direction) {
            let word = try file.text(of: SampleArrayName.direction, form, mostBytes: mostBytesOfWord)
            direction = BeamDirection(rawValue: word)
            guard direction != nil else {
                throw file.refusal(
                    SampleArrayName.direction, "is `\(word.prefix(40))`: `towards` and `away` are known; correct it")
            }
        }
        let simulated = try file.number(SampleArrayName.simulated)
        guard simulated == nil || simulated == 0 || simulated == 1 else {
            throw file.refusal(SampleArrayName.simulated, "is neither true nor false")
        }
        let told = FileParameters(
            centreFrequencyHz: try file.number(SampleArrayName.frequency),
            // In this program's own file the rate may only have been taken for the PRF: the document says it.
            prfHz: document == nil ? rate : nil,
            insonationAngleDegrees: try file.number(SampleArrayName.angle),
            speedOfSoundMPerS: try file.number(SampleArrayName.speed), normalDirection: direction,
            isSimulated: simulated.map { $0 == 1 })
        guard let document else { return told }
        return FileParameters(of: document.recording).filled(from: told)
    }

    /// This program's document; `nil` where there is none.
    private static func document(_ file: any ArrayFile) throws(SourceError) -> ArrayDocument? {
        let name = SampleArrayName.metadata
        guard let form = try file.form(of: name) else { return nil }
        let bytes = Array(try file.text(of: name, form, mostBytes: mostBytesOfDocument).utf8)
        if let told = try file.digest(of: name), RecordingFingerprint.sha512(of: bytes) != told {
            throw file.refusal(name, "is not what its SHA-512 says: it was changed or damaged; take another copy")
        }
        do {
            let document = try JSONDecoder().decode(ArrayDocument.self, from: Data(bytes))
            guard document.schema == SampleDocument.schemaID else {
                throw file.refusal(name, "is of `\(document.schema.prefix(40))`: \(SampleDocument.schemaID) is read")
            }
            guard document.hasWholeStretches else {
                throw file.refusal(name, "has a gap or a pause of transmission that is none: take another copy")
            }
            return document
        } catch let error as SourceError {
            throw error
        } catch {
            throw file.refusal(name, "is no document of this program; another one needs another name")
        }
    }
}

/// What is read of this program's document on a recording.
struct ArrayDocument: Decodable {
    /// A stretch of pulses.
    struct Stretch: Decodable {
        var firstPulse: Int
        var pulses: Int

        /// The pulses; `nil` where they are none.
        var range: Range<Int>? {
            let (end, overflows) = firstPulse.addingReportingOverflow(pulses)
            return firstPulse >= 0 && pulses > 0 && !overflows ? firstPulse..<end : nil
        }
    }

    var schema: String
    var recording: RecordingDescription
    var gates: Int
    var pulses: Int
    var prfHz: Double
    private var gaps: [Stretch]
    private var transmitterOff: [Stretch]

    /// Whether each stretch is one: what is no stretch must not be taken for samples that were measured.
    var hasWholeStretches: Bool { (gaps + transmitterOff).allSatisfy { $0.range != nil } }

    /// Places whose samples are only filling, in their order, joined where they meet.
    var missing: [Range<Int>] { ArrayGaps.joined(gaps.compactMap(\.range)) }

    /// Places of pulses that were not transmitted.
    var silent: [Range<Int>] { transmitterOff.compactMap(\.range) }
}
