internal import ProbeLink

/// Where the samples of a RIFF/WAVE file lie and how they are stored.
struct WAVLayout: Sendable, Hashable {
    /// The one number of channels that is read: I left, Q right.
    static let channels = 2
    /// The widths of a sample that are read, bits.
    static let sampleWidthsBits = [16, 24, 32]
    /// The sample rates that are believed, Hz (PRF of medical Doppler with a margin; project choice).
    static let plausibleSampleRateHz: ClosedRange<UInt32> = 100...1_000_000
    /// The most chunks that are looked through (project choice: real files have fewer than ten).
    private static let mostChunks = 1024
    /// Sizes of RIFF, of a chunk's head and of `fmt ` (Microsoft and IBM, Multimedia Programming Interface 1.0).
    private static let riffBytes = 12
    private static let chunkHeadBytes = 8
    private static let formatBytes = 16
    /// The size of an extensible `fmt ` (Microsoft, WAVEFORMATEXTENSIBLE).
    private static let extensibleFormatBytes = 40
    private static let pcmTag: UInt16 = 1
    private static let extensibleTag: UInt16 = 0xFFFE
    /// KSDATAFORMAT_SUBTYPE_PCM.
    private static let pcmSubformat: [UInt8] = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]

    /// The sample rate, Hz.
    let sampleRateHz: UInt32
    /// Bits of I, and of Q.
    let bitsPerSample: Int
    /// Where the samples begin, bytes.
    let dataOffset: Int
    /// Whole pulses that the file holds.
    let pulses: Int
    /// Pulses that the file says it holds beyond those.
    let missingPulses: Int
    /// Bytes of a pulse that is not whole.
    let leftoverBytes: Int

    /// Bytes of I and Q of one pulse.
    var bytesPerPulse: Int { Self.channels * bitsPerSample / 8 }

    /// Whether the file ends within a pulse or before its samples do.
    var isCutOff: Bool { missingPulses > 0 || leftoverBytes > 0 }

    /// Looks through the chunks of a file.
    ///
    /// - Parameters:
    ///   - byteCount: the file's length.
    ///   - read: gives the bytes from an offset, fewer at the end of the file.
    /// - Throws: `.data` with what is wrong.
    init(
        file: String, byteCount: Int, read: (_ offset: Int, _ count: Int) throws(SourceError) -> [UInt8]
    ) throws(SourceError) {
        func refuse(_ problem: String) -> SourceError { .data(file: file, problem: problem) }
        let chunks = try Chunks(file: file, byteCount: byteCount, read: read)
        guard let data = chunks.data else { throw refuse("has no `data` chunk: it holds no samples or was cut off") }
        guard let format = chunks.format else {
            throw refuse("has no `fmt ` chunk before its end: it was cut off or put together wrongly")
        }
        sampleRateHz = format.sampleRateHz
        bitsPerSample = format.bitsPerSample
        dataOffset = data.offset
        let bytesPerPulse = Self.channels * format.bitsPerSample / 8
        let present = max(0, byteCount - data.offset)
        let declared = data.declaredBytes ?? present
        let found = min(present, declared)
        pulses = found / bytesPerPulse
        leftoverBytes = found % bytesPerPulse
        missingPulses = declared / bytesPerPulse - pulses
        guard pulses > 0 else { throw refuse("holds no whole sample: record again") }
    }

    /// The two chunks that matter.
    private struct Chunks {
        var format: Format?
        /// Where the samples begin, and how many bytes of them there should be; `nil` = up to the end of the file.
        var data: (offset: Int, declaredBytes: Int?)?

        init(
            file: String, byteCount: Int, read: (_ offset: Int, _ count: Int) throws(SourceError) -> [UInt8]
        ) throws(SourceError) {
            func refuse(_ problem: String) -> SourceError { .data(file: file, problem: problem) }
            let riff = try read(0, WAVLayout.riffBytes)
            guard riff.has("RIFF", at: 0), riff.has("WAVE", at: 8) else {
                throw refuse("is no RIFF/WAVE file (RF64 and big-endian RIFX are not read): convert it to WAV")
            }
            var offset = WAVLayout.riffBytes
            for _ in 0..<WAVLayout.mostChunks {
                let head = try read(offset, WAVLayout.chunkHeadBytes)
                guard let size = head.uint32(at: 4) else { return }
                let body = offset + WAVLayout.chunkHeadBytes
                if head.has("fmt ", at: 0) {
                    guard format == nil else { throw refuse("has two `fmt ` chunks: it was put together wrongly") }
                    format = try Format(try read(body, min(Int(size), WAVLayout.extensibleFormatBytes)), file: file)
                } else if head.has("data", at: 0) {
                    guard data == nil else { throw refuse("has two `data` chunks: save it with one") }
                    // A program that writes to a pipe leaves the size open; the samples then go to the end of the file.
                    let isStreamed = size == 0 || size == UInt32.max
                    data = (body, isStreamed ? nil : Int(size))
                    if isStreamed { return }
                }
                offset = body + Int(size) + Int(size & 1)
                if offset >= byteCount { return }
            }
        }
    }

    /// How samples are stored, checked.
    private struct Format {
        var sampleRateHz: UInt32
        var bitsPerSample: Int

        init(_ bytes: [UInt8], file: String) throws(SourceError) {
            func refuse(_ problem: String) -> SourceError { .data(file: file, problem: problem) }
            guard bytes.count >= WAVLayout.formatBytes, let tag = bytes.uint16(at: 0),
                let channels = bytes.uint16(at: 2),
                let rate = bytes.uint32(at: 4), let align = bytes.uint16(at: 12), let bits = bytes.uint16(at: 14)
            else { throw refuse("its `fmt ` chunk is too short: the file was cut off") }
            if tag == WAVLayout.extensibleTag {
                guard bytes.count >= WAVLayout.extensibleFormatBytes, Array(bytes[24..<40]) == WAVLayout.pcmSubformat
                else {
                    throw refuse("holds no integer samples (extensible format): convert it to PCM of 16, 24 or 32 bits")
                }
            } else if tag != WAVLayout.pcmTag {
                throw refuse(
                    "holds samples of format \(tag): convert it to integer PCM (format 1) of 16, 24 or 32 bits")
            }
            guard channels == WAVLayout.channels else {
                throw refuse("has \(channels) channels: I/Q needs 2, I left and Q right")
            }
            guard WAVLayout.sampleWidthsBits.contains(Int(bits)) else {
                throw refuse("has samples of \(bits) bits: 16, 24 and 32 are read")
            }
            guard Int(align) == WAVLayout.channels * Int(bits) / 8 else {
                throw refuse("says that a pair of \(bits)-bit samples has \(align) bytes: its `fmt ` chunk is wrong")
            }
            guard WAVLayout.plausibleSampleRateHz.contains(rate) else {
                throw refuse("has a sample rate of \(rate) Hz: 100 to 1000000 Hz is read, one sample a pulse")
            }
            sampleRateHz = rate
            bitsPerSample = Int(bits)
        }
    }
}
