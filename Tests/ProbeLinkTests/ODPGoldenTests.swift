import Foundation
import ProbeLink
import Testing

/// The decoder against a stream that none of this project's encoders made.
@Suite struct ODPGoldenTests {
    /// The bytes of a file in the Golden folder; lines that begin with # are remarks.
    static func golden(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.flatMap { hex(String($0)) }
    }

    @Test("the written-out stream gives its frames, losses and counts", arguments: [1, 13, 512])
    func stream(transfer: Int) throws {
        let decoded = Decoded(try Self.golden("odp-stream.hex"), transfers: [transfer])
        func frame(
            _ kind: FrameKind, _ format: SampleFormat, _ flags: UInt8, _ sequence: UInt32, _ pulse: UInt64,
            _ items: UInt16, _ records: UInt16, _ payload: String
        ) -> CollectingSink.Item {
            .frame(
                FrameHeader(
                    kind: kind, format: format, flags: FrameFlags(rawValue: flags), sequence: sequence,
                    pulseIndex: pulse, items: items, records: records), hex(payload))
        }
        #expect(
            decoded.items == [
                frame(.iq, .iqInt16, 0x0A, 0, 0, 2, 1, "0100ffffff7f0080"),
                frame(.bMode, .odpBMode, 0x08, 0, 0, 2, 3, "0700000000000200 0080ff010203"),
                frame(.physiology, .odpPhysiology, 0x08, 0, 0, 2, 1, "90d0030000000000 d4fee803"),
                .lost(StreamLoss(kind: .iq, place: .probe, firstPulse: 1, pulses: 3, packets: 2)),
                frame(.iq, .iqInt16, 0x03, 3, 4, 2, 2, "09000a000b000c000d000e000f001000"),
                .lost(StreamLoss(kind: .iq, place: .link, firstPulse: 6, pulses: 314, packets: 1)),
                frame(.iq, .iqInt16, 0x02, 5, 320, 1, 2, "6400000000006400"),
            ])
        var counters = LinkCounters()
        counters.frames = 5
        counters.pulses = 5
        counters.bad = 1
        counters.unknown = 1
        counters.lostPackets = 3
        counters.missingPulses = 317
        counters.cutOff = 1
        #expect(decoded.counters == counters)
    }
}
