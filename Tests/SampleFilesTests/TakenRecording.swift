import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import TestSupport

/// A recording made of frames that a test chooses, and a folder for what is written of it.
struct TakenRecording: FrameSource {
    /// One thing that a probe delivers.
    enum Piece {
        /// I and Q of all gates, pulse by pulse, from a pulse on.
        case iq(at: Int, [Int32], FrameFlags = .transmitting)
        case lost(at: Int, pulses: Int, LossPlace = .link)
        case event(code: UInt8, at: Int)
        /// ECG and breathing in turn, at 250 Hz.
        case physiology(at: Int, [Int16])
    }

    var pieces: [Piece]
    var settings: AcquisitionSettings
    var format = SampleFormat.iqInt16
    var context = RecordingContext(
        siteID: "ijv.left.j2.supine", manoeuvre: "quietBreathing", insonationAngleDegrees: 60, speedOfSoundMPerS: 1540,
        normalDirection: "away", correctsIQ: false)
    var origin = SourceOrigin(specifier: "sim:test", device: "made by hand", profileID: "test", isSimulated: true)

    static func settings(prfHz: Double = 5000, gates: UInt16 = 1) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: 2_000_000, prfMilliHz: UInt32(prfHz * 1000), firstGateDepthUm: 30_000,
            gateSpacingUm: gates > 1 ? 1000 : 0, gateLengthUm: 5000, gates: gates, burstCycles: 10,
            streams: [.iq, .physiology], transmitLevelPerMille: 500)
    }

    /// A hundred pulses of one gate with everything that can happen: a loss of ten on the link at 40, an event, a clipped
    /// frame, one that was not transmitted, and a loss at the end.
    static let eventful = TakenRecording(
        pieces: [
            .iq(at: 0, counting(0..<40)), .physiology(at: 0, [100, -5, 200, -6]), .lost(at: 40, pulses: 10),
            .iq(at: 50, counting(50..<70)), .event(code: 1, at: 60),
            .iq(at: 70, counting(70..<80), [.transmitting, .clipped]), .iq(at: 80, counting(80..<95), []),
            .lost(at: 95, pulses: 5, .ring),
        ], settings: settings())

    /// A recording of six stretches of 1 to 150 pulses and as many losses, drawn from a seed, with its numbers and losses.
    static func drawn(seed: UInt64) -> (taken: TakenRecording, numbers: [Int32], gaps: [[UInt64]]) {
        var generator = SeededGenerator(seed: seed)
        let gates = Int.random(in: 1...5, using: &generator)
        let format = seed % 2 == 0 ? SampleFormat.iqInt16 : .iqInt32
        let limit: Int32 = format == .iqInt16 ? 32_767 : .max
        var pieces: [Piece] = []
        var (pulse, gaps, numbers) = (0, [[UInt64]](), [Int32]())
        for _ in 0..<6 {
            let count = Int.random(in: 1...150, using: &generator)
            let values = (0..<2 * gates * count).map { _ in Int32.random(in: -limit...limit, using: &generator) }
            pieces.append(.iq(at: pulse, values))
            numbers += values
            pulse += count
            let lost = Int.random(in: 1...300, using: &generator)
            gaps.append([UInt64(pulse), UInt64(lost)])
            pieces.append(.lost(at: pulse, pulses: lost))
            pulse += lost
        }
        let taken = TakenRecording(pieces: pieces, settings: settings(gates: UInt16(gates)), format: format)
        return (taken, numbers, gaps)
    }

    /// I = 1000 + pulse, Q = -pulse.
    static func counting(_ pulses: Range<Int>) -> [Int32] { pulses.flatMap { [Int32(1000 + $0), Int32(-$0)] } }

    /// Numbers as a frame holds them.
    static func bytes(of numbers: [Int32], _ format: SampleFormat) -> [UInt8] {
        let count: Int32 = format == .iqInt16 ? 2 : 4
        return numbers.flatMap { number in (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings { settings }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var counters = LinkCounters()
        for piece in pieces {
            switch piece {
            case .iq(let pulse, let numbers, let flags):
                let bytes = Self.bytes(of: numbers, format)
                let records = UInt16(numbers.count / 2 / Int(settings.gates))
                let header = FrameHeader(
                    kind: .iq, format: format, flags: flags, sequence: UInt32(counters.frames),
                    pulseIndex: UInt64(pulse), items: settings.gates, records: records)
                sink.receive(header, bytes.span.bytes)
                counters.frames += 1
            case .lost(let pulse, let pulses, let place):
                sink.lost(
                    StreamLoss(kind: .iq, place: place, firstPulse: UInt64(pulse), pulses: UInt64(pulses), packets: 1))
            case .event(let code, let pulse):
                sink.event(ProbeEvent(code: code, value: 2, counter: 0, pulseIndex: UInt64(pulse)))
            case .physiology(let pulse, let numbers):
                let rate: [UInt8] = [0x90, 0xD0, 0x03, 0, 0, 0, 0, 0]
                let bytes =
                    rate + numbers.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
                let header = FrameHeader(
                    kind: .physiology, format: .odpPhysiology, flags: [], sequence: 0, pulseIndex: UInt64(pulse),
                    items: 2,
                    records: UInt16(numbers.count / 2))
                sink.receive(header, bytes.span.bytes)
            }
        }
        return counters
    }

    /// Records it into a folder of its own, which is removed afterwards.
    func with(_ body: (_ folder: String, _ recording: Recording) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "samples-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder, try recorded(as: folder + "/take.dbrec"))
    }

    /// Records it into a file.
    func recorded(as path: String) throws -> Recording {
        let description = RecordingDescription(software: "test", origin: origin, settings: settings, context: context)
        var nobody = Nobody()
        _ = try AcquisitionRun(source: self, plannedPulses: nil).run(
            recorder: try RecordingWriter.create(path: path, description: description), consumer: &nobody,
            stop: StopSignal())
        return try Recording(path: path)
    }

    /// Writes it in a format, and hands on the paths.
    func written(
        as format: SampleFileFormat, courses: VelocityCourses? = nil, _ body: (_ files: [String]) throws -> Void
    ) throws {
        try with { folder, recording in
            let export = SampleExport(
                try RecordedSamples(of: recording), sha256: "00ff", courses: courses, software: "test 1")
            try body(try export.write(format, to: folder + "/take"))
        }
    }

    private struct Nobody: FrameSink {
        mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {}
        mutating func lost(_ loss: StreamLoss) {}
        mutating func event(_ event: ProbeEvent) {}
        func hasRoom(forBytes count: Int) -> Bool { true }
    }
}

/// Keeps what a source delivers, as one course of samples with its losses.
struct Delivered: FrameSink {
    var headers: [FrameHeader] = []
    var bytes: [UInt8] = []
    var losses: [StreamLoss] = []

    init(_ source: some FrameSource) throws {
        _ = try source.run(into: &self, until: StopSignal())
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        headers.append(frame)
        payload.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    mutating func lost(_ loss: StreamLoss) { losses.append(loss) }
    mutating func event(_ event: ProbeEvent) {}
    func hasRoom(forBytes count: Int) -> Bool { true }

    /// First pulse and number of pulses of each loss.
    var gaps: [[UInt64]] { losses.map { [$0.firstPulse, $0.pulses] } }
    /// The pulses that each frame begins and ends at.
    var pulses: [Range<UInt64>] { headers.map { $0.pulseIndex..<$0.pulseIndex + UInt64($0.records) } }
}
