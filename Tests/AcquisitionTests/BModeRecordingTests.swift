import Foundation
import ProbeLink
import Testing

@testable import Acquisition  // The bytes of one record, by hand.

@Suite("B-mode in recordings")
struct BModeRecordingTests {
    /// Delivers B-mode packets between I/Q packets.
    struct PictureSource: FrameSource {
        var packets: [(header: FrameHeader, payload: [UInt8])]
        var origin: SourceOrigin {
            SourceOrigin(specifier: "test", device: "pictures", profileID: nil, isSimulated: true)
        }

        func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings { wanted }

        func run<Sink: FrameSink & ~Copyable>(
            into sink: inout Sink, until stop: StopSignal
        ) throws(SourceRunError) -> LinkCounters {
            for packet in packets {
                while !sink.hasRoom(forBytes: packet.payload.count) { if stop.isRequested { return LinkCounters() } }
                sink.receive(packet.header, packet.payload.span.bytes)
            }
            return LinkCounters()
        }
    }

    static func packet(_ number: UInt32, lines: UInt16, samples: UInt16) -> (header: FrameHeader, payload: [UInt8]) {
        let header = FrameHeader(
            kind: .bMode, format: .odpBMode, flags: .transmitting, sequence: number, pulseIndex: UInt64(number) * 100,
            items: lines, records: samples)
        let cells = Int(lines) * Int(samples)
        let head: [UInt8] = [UInt8(truncatingIfNeeded: number), 0, 0, 0, 0, 0, UInt8(truncatingIfNeeded: lines), 0]
        var payload = head
        for cell in 0..<cells { payload.append(UInt8(truncatingIfNeeded: cell &* 7 &+ Int(number))) }
        return (header, payload)
    }

    @Test("B-mode packets of every size, the longest too, are recorded and replayed unchanged")
    func replay() throws {
        var packets: [(header: FrameHeader, payload: [UInt8])] = []
        for number: UInt32 in 0..<60 {
            packets.append(Self.packet(number, lines: UInt16(1 + number % 7), samples: UInt16(1 + number * 13)))
        }
        packets.append(Self.packet(60, lines: 64, samples: 1023))
        packets.append(Self.packet(61, lines: 1, samples: 65_528))
        let path = NSTemporaryDirectory() + "pictures-\(UUID().uuidString).dbrec"
        defer { unlink(path) }
        var settings = AcquisitionRunTests.description.settings
        settings.streams = [.iq, .bMode]
        settings.bModeLines = 64
        let description = RecordingDescription(
            software: "test", origin: PictureSource(packets: []).origin, settings: settings, context: RecordingContext()
        )
        var live = CollectingSink()
        let outcome = try AcquisitionRun(source: PictureSource(packets: packets), plannedPulses: nil).run(
            recorder: try RecordingWriter.create(path: path, description: description), consumer: &live,
            stop: StopSignal())
        #expect(outcome.failure == nil && outcome.recordingFailure == nil)
        let recording = try Recording(path: path)
        #expect(recording.isWhole && recording.description.settings == settings)
        var replayed = CollectingSink()
        _ = try ReplaySource(recording).run(into: &replayed, until: StopSignal())
        let (headers, payloads) = (packets.map { $0.header }, packets.map { $0.payload })
        #expect(replayed.frames == headers)
        #expect(replayed.payloads == payloads)
        #expect(live.payloads == replayed.payloads)
    }

    @Test("a B-mode record is these bytes")
    func record() {
        let (header, payload) = Self.packet(5, lines: 1, samples: 2)
        var bytes = [UInt8](repeating: 0xEE, count: 48)
        bytes.withUnsafeMutableBytes { buffer in
            guard let place = buffer.baseAddress else { return }
            FrameRecord.write(header, payload.span.bytes, to: place)
        }
        #expect(
            bytes == [
                48, 0, 0, 0, 2, 3, 2, 0, 5, 0, 0, 0, 10, 0, 0, 0, 0xF4, 1, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0,
                5, 0, 0, 0, 0, 0, 1, 0, 5, 12, 0, 0, 0, 0, 0, 0,
            ])
    }
}
