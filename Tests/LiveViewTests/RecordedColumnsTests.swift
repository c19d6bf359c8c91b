import Acquisition
import DopplerDSP
import Foundation
import LiveView
import ProbeLink
import Testing

@Suite("the columns of a whole recording")
struct RecordedColumnsTests {
    private struct NoSink: FrameSink {
        func hasRoom(forBytes count: Int) -> Bool { true }
        func receive(_ frame: FrameHeader, _ payload: RawSpan) {}
        func lost(_ loss: StreamLoss) {}
        func event(_ event: ProbeEvent) {}
    }

    private func recording(_ starts: [UInt64], pulses: Int = 640) throws -> Recording {
        let path = NSTemporaryDirectory() + "dopplerbridge-columns-\(UUID().uuidString).dbrec"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let items = starts.map { start in
            ScriptedSource.Item.frame(
                .iq(at: start, pulses: pulses), tone(200, prfHz: 1000, from: 0, pulses: pulses))
        }
        let source = ScriptedSource(.of(prfHz: 1000), items)
        let writer = try RecordingWriter.create(
            path: path,
            description: RecordingDescription(
                software: "test", origin: source.origin, settings: source.settings, context: RecordingContext()))
        var sink = NoSink()
        let end = try AcquisitionRun(source: source, plannedPulses: nil).run(
            recorder: writer, consumer: &sink, stop: StopSignal())
        #expect(end.recordingFailure == nil)
        return try Recording(path: path)
    }

    private let spectral = SpectralSettings(prfHz: 1000, fftLength: 64, hopPulses: 16, wallFilterCutoffHz: 0)

    @Test("a gap is filled with columns that say so, and what is behind it keeps its place")
    func gap() throws {
        let piece = try RecordedColumns.piece(of: try recording([0, 1008]), spectral: spectral)
        // 37 columns fit into 640 pulses; the second stretch begins 63 hops after the first.
        #expect(piece.number(at: 4, as: UInt16.self) == 100)
        #expect(piece.bytes.count == 44 + 100 * 72)
        for column in 0..<100 {
            let start = 44 + column * 72
            let isMissing = (37..<63).contains(column)
            #expect((piece.number(at: start + 6, as: UInt16.self) == 0x8000) == isMissing)
            #expect((piece.number(at: start, as: Int16.self) == .min) == isMissing)
            #expect(piece.bytes[start + 8..<start + 72].allSatisfy { $0 == 0 } == isMissing)
        }
    }

    @Test("a gap beyond what a piece holds, and a gate that is none, are refused")
    func refused() throws {
        let long = try recording([0, 1 << 40])
        #expect(throws: LiveViewError.self) { try RecordedColumns.piece(of: long, spectral: spectral) }
        let short = try recording([0])
        #expect(throws: LiveViewError.self) { try RecordedColumns.piece(of: short, spectral: spectral, gate: 1) }
        #expect(throws: LiveViewError.self) { try RecordedColumns.piece(of: short, spectral: spectral, gate: -1) }
    }
}
