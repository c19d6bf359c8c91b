import Acquisition
import ArgumentParser
import Foundation
import ProbeLink
import VHISSReport
import VesselImaging

/// Draws a B-mode frame of a recording and measures the lumen in it.
struct Image: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw a B-mode frame of a recording to scale, measure the lumen in it, and draw an M-mode strip.",
        discussion: """
            Places are in mm: across, from the Doppler line to the right, and depth. --auto gives a seed point within \
            the lumen; --ellipse the four ends of two diameters; --outline the corners of a traced outline.

            With --into the area goes into an exam with its method, confidence, frame and recording; the exam is scored \
            again by its own definition and table (name them when they are not the usual ones), and the value that stood \
            there stays listed as superseded.

            Exit code 1 when --auto finds no lumen or cannot assess it, or when the frame is not whole.
            """)

    @Argument(help: "The recording's file.")
    var recording: String

    @Option(help: "The frame, counted from 0 among those that were recorded.")
    var frame = 0

    @Option(parsing: .unconditional, help: "Find the contour around a seed point: ACROSS,DEPTH in mm.")
    var auto: String?

    @Option(
        parsing: .unconditional,
        help: "Measure by two diameters: A,D,A,D,A,D,A,D in mm, both ends of one and of the other.")
    var ellipse: String?

    @Option(parsing: .unconditional, help: "Measure within a traced outline: A,D,A,D,... in mm.")
    var outline: String?

    @Option(help: "The picture's file (PNG).")
    var output: String?

    @Option(help: "Draw the M-mode strip of this line, from 0 on the left.")
    var mModeLine: Int?

    @Option(help: "The strip's file (PNG).")
    var mModeOutput: String?

    @OptionGroup var entry: AreaEntryOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    func validate() throws {
        guard frame >= 0 else { throw ValidationError("--frame must be 0 or more") }
        guard [auto, ellipse, outline].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("--auto, --ellipse and --outline exclude each other")
        }
        guard (mModeLine == nil) == (mModeOutput == nil) else {
            throw ValidationError("--m-mode-line and --m-mode-output go together")
        }
        if let mModeLine, mModeLine < 0 { throw ValidationError("--m-mode-line must be 0 or more") }
    }

    func run() throws {
        let console = Console()
        let pictures = try RecordedPictures(path: recording, wanted: frame, mModeLine: mModeLine)
        let measured = try imaging { () throws(ImagingError) in
            try LumenReading(pictures.frame, auto: auto, ellipse: ellipse, outline: outline)
        }
        if let output { try Self.write(try drawing(pictures, measured), to: output) }
        if let mModeOutput, let strip = pictures.strip {
            try Self.write(try stripDrawing(pictures, strip), to: mModeOutput)
        }
        if json {
            try console.json(ImageDocument(pictures, measured))
        } else {
            console.result(Self.words(pictures, measured))
        }
        if pictures.problem == nil, measured.problem == nil {
            try AreaEntry(options: entry, pictures: pictures, measured: measured).enter(on: console)
        }
        if let problem = pictures.problem ?? measured.problem { throw Failure(.incomplete, "\(recording): \(problem)") }
    }

    private func drawing(_ pictures: RecordedPictures, _ measured: LumenReading) throws -> [UInt8] {
        var marks = BModeDrawing.Marks()
        marks.outline = measured.outline
        marks.diameters = measured.diameters
        marks.seed = measured.seed
        marks.line = mModeLine
        let drawing = BModeDrawing(
            title: pictures.title, notes: [measured.words] + (pictures.problem.map { [$0] } ?? []),
            isSimulated: pictures.origin.isSimulated)
        do throws(ReportError) { return try drawing.png(pictures.frame, marks) } catch {
            throw Failure(.data, error.description)
        }
    }

    private func stripDrawing(_ pictures: RecordedPictures, _ strip: MModeStrip) throws -> [UInt8] {
        let across = strip.acrossMm.map { ImageDocument.hundredths($0) } ?? 0
        let gaps = strip.gaps == 0 ? "" : ", \(strip.gaps) frames missing"
        let drawing = BModeDrawing(
            title: "M-mode, line \(strip.line) at \(across) mm, \(pictures.siteID)",
            notes: ["\(strip.columns.count) frames\(gaps), \(Self.span(of: strip))"],
            isSimulated: pictures.origin.isSimulated)
        do throws(ReportError) { return try drawing.png(strip) } catch { throw Failure(.data, error.description) }
    }

    private static func span(of strip: MModeStrip) -> String {
        let ends = (strip.columns.first?.seconds ?? 0, strip.columns.last?.seconds ?? 0)
        return "from \(ImageDocument.hundredths(ends.0)) s to \(ImageDocument.hundredths(ends.1)) s"
    }

    private static func words(_ pictures: RecordedPictures, _ measured: LumenReading) -> String {
        let mark = pictures.origin.isSimulated ? ", SIMULATED" : ""
        return "\(pictures.title)\(mark)\n  \(measured.words)"
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
            throw Failure(.storage, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }
}

/// Runs something of imaging with the program's exit codes: what was given on the command line is wrong.
func imaging<Value>(_ body: () throws(ImagingError) -> Value) throws -> Value {
    do throws(ImagingError) { return try body() } catch {
        switch error {
        case .notAFrame, .noScale: throw Failure(.data, error.description)
        case .pointOutside, .notTwoDiameters, .notAnOutline, .noSuchLine: throw Failure(.usage, error.description)
        }
    }
}
