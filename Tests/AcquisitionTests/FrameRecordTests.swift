import ProbeLink
import TestSupport
import Testing

@testable import Acquisition  // The records' form is not public; its bytes are checked here.

@Suite("Frame records")
struct FrameRecordTests {
    private func bytes(_ size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: size)
        bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { write(start) } }
        return bytes
    }

    /// One gate, two pulses, sequence 5, pulse 320, transmitting; samples (100, 0), (0, 100).
    static let frameBytes: [UInt8] = [
        0x28, 0, 0, 0, 1, 1, 2, 0, 5, 0, 0, 0, 8, 0, 0, 0, 0x40, 1, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0,
        100, 0, 0, 0, 0, 0, 100, 0,
    ]

    @Test("a frame stands in the bytes as documented")
    func frame() {
        let header = FrameHeader(
            kind: .iq, format: .iqInt16, flags: .transmitting, sequence: 5, pulseIndex: 320, items: 1, records: 2)
        let payload: [UInt8] = [100, 0, 0, 0, 0, 0, 100, 0]
        #expect(bytes(40) { FrameRecord.write(header, payload.span.bytes, to: $0) } == Self.frameBytes)
        let read = FrameRecord.read(Self.frameBytes.span.bytes, at: 0)
        #expect(read?.record == .frame(header, payload: 32..<40))
        #expect(read?.next == 40)
    }

    @Test("a loss and an event come back as they were")
    func marks() {
        let loss = StreamLoss(kind: .iq, place: .link, firstPulse: 7, pulses: 1 << 40, packets: 3)
        let event = ProbeEvent(code: 2, value: 0x81, counter: 65_535, pulseIndex: 9)
        let lossBytes = bytes(48) { FrameRecord.write(loss, to: $0) }
        let eventBytes = bytes(40) { FrameRecord.write(event, to: $0) }
        #expect(lossBytes.prefix(8) == [48, 0, 0, 0, 16, 1, 1, 0])
        #expect(FrameRecord.read(lossBytes.span.bytes, at: 0)?.record == .loss(loss))
        #expect(FrameRecord.read(eventBytes.span.bytes, at: 0)?.record == .event(event))
    }

    @Test("bytes from anywhere are refused or read, never trapped over", arguments: 0..<200)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var bytes = Self.frameBytes + Self.frameBytes
        for _ in 0..<(1 + seed % 6) {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
        var sink = CollectingSink()
        #expect(bytes.span.bytes.deliverRecords(to: &sink) <= bytes.count)
    }
}
