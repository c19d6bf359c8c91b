import Acquisition
import ExamSession
import Foundation
import ProbeLink
import VesselImaging

/// The B-mode pictures of a recording: one of them, the strip of a line, and how many there are.
struct RecordedPictures {
    let path: String
    let origin: SourceOrigin
    let siteID: String
    /// The frame that was asked for.
    let frame: BModeFrame
    let picture: BModePicture
    /// Number of the frame among those recorded.
    let number: Int
    let counters: BModeAssembler.Counters
    /// The strip of the line that was asked for.
    let strip: MModeStrip?

    /// Reads a recording.
    init(path: String, wanted: Int, mModeLine: Int?) throws {
        let recording: Recording
        do throws(RecordingError) { recording = try Recording(path: path) } catch { throw Failure(error) }
        let description = recording.description
        guard description.settings.streams.contains(.bMode) else {
            throw Failure(.data, "\(path): it has no B-mode pictures: record with --b-mode")
        }
        var consumer = PictureConsumer(
            description.settings, wanted: wanted, strip: mModeLine.map { MModeStrip(line: $0) })
        do throws(SourceRunError) {
            _ = try ReplaySource(recording).run(into: &consumer, until: StopSignal())
        } catch {
            throw Failure(error.reason)
        }
        consumer.finish()
        if let failure = consumer.failure { throw try Self.failure(failure) }
        guard let found = consumer.found else {
            throw Failure(
                .usage,
                "--frame \(wanted): \(path) has \(consumer.pictures) pictures: take 0 to \(max(0, consumer.pictures - 1))"
            )
        }
        self.path = path
        origin = description.origin
        siteID = description.context.siteID ?? "no site"
        frame = found.frame
        picture = found.picture
        number = wanted
        counters = consumer.counters
        strip = consumer.strip
    }

    private static func failure(_ error: ImagingError) throws -> Failure {
        if case .noSuchLine = error { return Failure(.usage, error.description) }
        return Failure(.data, error.description)
    }

    /// What the picture is of.
    var title: String { "\(siteID), frame \(number), \(ImageDocument.hundredths(picture.seconds)) s" }

    /// What is wrong with the frame itself.
    var problem: String? {
        guard !frame.isComplete else { return nil }
        let missing = frame.missingLines.reduce(0) { $0 + $1.count }
        return "frame \(number) is not whole: \(missing) of \(frame.lines) lines did not arrive"
    }
}

/// Puts pictures together while a recording is played.
private struct PictureConsumer: FrameSink {
    private var assembler: BModeAssembler
    private let wanted: Int
    private(set) var strip: MModeStrip?
    private(set) var pictures = 0
    private(set) var found: (frame: BModeFrame, picture: BModePicture)?
    private(set) var failure: ImagingError?

    init(_ settings: AcquisitionSettings, wanted: Int, strip: MModeStrip?) {
        assembler = BModeAssembler(settings)
        self.wanted = wanted
        self.strip = strip
    }

    var counters: BModeAssembler.Counters { assembler.counters }

    func hasRoom(forBytes count: Int) -> Bool { true }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        for picture in assembler.take(frame, payload) { take(picture) }
    }

    mutating func lost(_ loss: StreamLoss) {}

    mutating func event(_ event: ProbeEvent) {}

    mutating func finish() {
        if let last = assembler.finish() { take(last) }
    }

    private mutating func take(_ picture: BModePicture) {
        defer { pictures += 1 }
        guard failure == nil, strip != nil || pictures == wanted else { return }
        do throws(ImagingError) {
            let frame = try BModeFrame(picture)
            if pictures == wanted { found = (frame, picture) }
            try strip?.add(frame, atSeconds: picture.seconds)
        } catch {
            failure = error
        }
    }
}

extension BModeFrame {
    /// The frame of a picture as it came from the wire.
    init(_ picture: BModePicture) throws(ImagingError) {
        try self.init(
            lines: picture.lines, samplesPerLine: picture.samplesPerLine, depthMm: picture.depthMm,
            linePitchMm: picture.linePitchMm, samples: picture.samples, missingLines: picture.missingLines)
    }
}
