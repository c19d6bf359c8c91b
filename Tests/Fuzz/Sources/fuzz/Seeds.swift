@testable internal import Acquisition
internal import Foundation
@testable internal import ProbeLink
internal import USBCapture

/// Good inputs: the vectors of the tests, read from the working folder, and what the writers write.
enum Seeds {
    /// The golden stream of the protocol's tests, and its packets with checksums left to be set.
    static func odpStreams() throws -> [[UInt8]] {
        let text = try String(contentsOfFile: "Tests/ProbeLinkTests/Golden/odp-stream.hex", encoding: .utf8)
        let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().filter { !$0.isWhitespace }
        let stream = bytes(ofHex: digits)
        return [[0] + stream, [1] + stream, [0x1F] + stream + stream, [0x20] + stream.dropLast(9)]
    }

    static func odpMessages() throws -> [[UInt8]] {
        let settings = AcquisitionSettings(
            centreFrequencyHz: 2_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 50_000, gateLengthUm: 5_000,
            burstCycles: 10, streams: .iq, transmitLevelPerMille: 500)
        let identity = Array("ODP1".utf8) + [1] + [UInt8](repeating: 0x11, count: 59)
        let status: [UInt8] = [1, 1] + [UInt8](repeating: 0, count: 30)
        let event: [UInt8] = [5, 2, 1, 0] + [UInt8](repeating: 0, count: 12)
        return [settings.odpBytes, identity, status, event]
    }

    static func unframedStreams() -> [[UInt8]] {
        (0..<4).map { choice in
            let samples = (0..<600).flatMap { index -> [UInt8] in
                let value = Int32(Double(Int32.max / 4) * sin(Double(index) / 40))
                let wide = withUnsafeBytes(of: choice & 2 == 0 ? value.littleEndian : value.bigEndian) { Array($0) }
                return choice & 1 == 0 ? Array(wide.suffix(2)) + wide.suffix(2) : wide + wide
            }
            return [UInt8(choice), 100] + samples.prefix(1000) + samples.dropFirst(1003)
        }
    }

    /// Frames of 17 bytes in either order, and with a byte lost.
    static func digiDopStreams() -> [[UInt8]] {
        (0..<3).map { choice in
            var stream: [UInt8] = []
            for pulse in 0..<60 {
                let value = Int32(Double(Int32.max / 4) * sin(Double(pulse) / 9))
                let bytes = withUnsafeBytes(of: choice == 0 ? value.bigEndian : value.littleEndian) { Array($0) }
                stream += [0xAA] + bytes + bytes + bytes + bytes
            }
            return [UInt8(choice), choice == 2 ? 255 : 0] + stream.prefix(500) + stream.dropFirst(501)
        }
    }

    /// Frames of four lines of three samples in packets of one to four lines, whole, late, doubled and missing.
    static func pictures() -> [[UInt8]] {
        func packet(_ index: UInt8, _ first: UInt8, _ count: UInt8) -> [UInt8] {
            [8 + 3 * count, count, 3, index, 0, 0, 0, first, 0, 4, 0] + [UInt8](repeating: 7, count: 3 * Int(count))
        }
        let whole = packet(0, 0, 2) + packet(0, 2, 2)
        return [
            [4, 3] + whole, [4, 3] + packet(0, 0, 4) + packet(2, 1, 1) + packet(2, 1, 1) + packet(1, 0, 4),
            [4, 3] + whole.dropLast(3),
        ]
    }

    static func profiles() throws -> [[UInt8]] {
        let files = FileManager.default
        return try ["DeviceProfiles", "Tests/ProbeProfilesTests/Golden"].flatMap { folder in
            try files.subpathsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".yaml") }
                .compactMap { files.contents(atPath: folder + "/" + $0).map { [UInt8]($0) } }
        }
    }

    /// A whole recording with a frame, a loss and an event, and the same cut off.
    static func recordings() throws -> [[UInt8]] {
        let path = FileManager.default.temporaryDirectory.appending(path: "fuzz-seed-\(getpid()).dbrec").path
        defer { unlink(path) }
        let settings = AcquisitionSettings(
            centreFrequencyHz: 2_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 50_000, gateLengthUm: 5_000,
            burstCycles: 10, streams: .iq, transmitLevelPerMille: 500)
        let origin = SourceOrigin(specifier: "sim:seed", device: "seed", profileID: nil, isSimulated: true)
        var writer = try RecordingWriter.create(
            path: path,
            description: RecordingDescription(
                software: "fuzz", origin: origin, settings: settings, context: RecordingContext()))
        try writer.append(records: records().span.bytes)
        try writer.finish(RecordingClosing(link: LinkCounters(), ring: RingCounters(), endedEarlyBecause: nil))
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        return [[0] + file, [1] + file, [1] + file.dropLast(20)]
    }

    private static func records() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 40 + 48 + 40)
        bytes.withUnsafeMutableBytes { place in
            guard let start = place.baseAddress else { return }
            let frame = FrameHeader(
                kind: .iq, format: .iqInt16, flags: .first, sequence: 0, pulseIndex: 0, items: 1, records: 2)
            FrameRecord.write(frame, [UInt8](repeating: 7, count: 8).span.bytes, to: start)
            let loss = StreamLoss(kind: .iq, place: .link, firstPulse: 2, pulses: 3, packets: 1)
            FrameRecord.write(loss, to: start + 40)
            FrameRecord.write(ProbeEvent(code: 1, value: 2, counter: 3, pulseIndex: 4), to: start + 88)
        }
        return bytes
    }

    /// A session with a request, a transfer, a loss in an isochronous stream and a dropped record; also cut off.
    static func captures() -> [[UInt8]] {
        let device = CapturedDevice(bus: 1, address: 2, label: "seed", interruptEndpoints: [0x82])
        var writer = PcapngWriter()
        var file: [UInt8] = []
        writer.begin(device: device, software: "fuzz", comment: "seed", to: &file)
        func record(
            _ event: UsbmonRecord.Event, _ type: UsbmonRecord.TransferType, _ endpoint: UInt8, setup: [UInt8]? = nil
        ) -> UsbmonRecord {
            UsbmonRecord(
                id: 1, event: event, type: type, endpoint: endpoint, deviceAddress: 2, bus: 1, status: 0, urbBytes: 4,
                setup: setup, intervalMicroframes: 8, nanoseconds: 1)
        }
        let data: [UInt8] = [1, 2, 3, 4]
        writer.append(
            record(.submit, .control, 0x80, setup: [0xC0, 1, 0, 0, 0, 0, 4, 0]), data: [UInt8]().span.bytes, to: &file)
        writer.append(record(.complete, .control, 0x80), data: data.span.bytes, to: &file)
        writer.append(record(.complete, .bulk, 0x81), data: data.span.bytes, to: &file)
        let packets = [
            IsochronousPacket(status: 0, offset: 0, length: 2), IsochronousPacket(status: -18, offset: 2, length: 0),
            IsochronousPacket(status: 0, offset: 2, length: 2),
        ]
        writer.append(
            record(.complete, .isochronous, 0x83), packets: packets, data: data.span.bytes, droppedBefore: 2, to: &file)
        writer.append(record(.complete, .interrupt, 0x82), data: data.span.bytes, to: &file)
        writer.end(dropped: 2, nanoseconds: 9, to: &file)
        return [file, Array(file.dropLast(30))]
    }

    static func wavFiles() -> [[UInt8]] {
        [16, 24, 32].flatMap { bits -> [[UInt8]] in
            let align = UInt8(bits / 4)
            let format: [UInt8] = [1, 0, 2, 0, 0x88, 0x13, 0, 0, 0, 0, 0, 0, align, 0, UInt8(bits), 0]
            let head = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0] + format
            let data = Array("data".utf8) + [24, 0, 0, 0] + [UInt8](repeating: 5, count: 24)
            return [head + data, head + Array("LIST".utf8) + [2, 0, 0, 0, 1, 2] + data.dropLast(3)]
        } + [Array("centreFrequencyHz: 2000000\nangleDegrees: 60\n".utf8)]
    }

    static func sigmfFiles() -> [[UInt8]] {
        let recording = """
            {"format":"dopplerbridge-recording-1","software":"fuzz","origin":{"specifier":"sim","device":"d",\
            "isSimulated":true},"settings":{"centreFrequencyHz":2000000,"prfMilliHz":5000000,"firstGateDepthUm":1,\
            "gateSpacingUm":0,"gateLengthUm":1,"gates":1,"burstCycles":1,"streams":1,"transmitLevelPerMille":1,\
            "receiveGainCentiDb":0,"bModeFrameRateMilliHz":0,"bModeLines":0,"bModeSamplesPerLine":0,"bModeDepthUm":0,\
            "bModeLinePitchNm":0},"context":{"take":1,"correctsIQ":true}}
            """
        return ["", ",\"core:num_channels\":2", ",\"dopplerbridge:recording\":" + recording].map { global in
            Array(
                """
                {"global":{"core:datatype":"ci16_le","core:sample_rate":5000,"core:version":"1.2.0"\(global)},\
                "captures":[{"core:sample_start":0,"core:global_index":5,"core:frequency":2e6},\
                {"core:sample_start":9,"core:global_index":20}],\
                "annotations":[{"core:sample_start":3,"core:sample_count":2,"core:label":"missing samples"}]}
                """.utf8)
        }
    }

    static func iqTexts() -> [[UInt8]] {
        [
            Array("t,I,Q\n0,1,-2\n200,3,4\n400,5,6\n1000,7,8\n".utf8),
            Array("# a\n0 0.5 -1e-3\n333 0.25 0\n667 1 2\n".utf8),
        ]
    }

    /// One record of one gate with 25 samples at byte 256.
    static func dwlFiles() -> [[UInt8]] {
        let text = Array(
            """
                   0 SYS SAMPLE_F 1000\r
                   0 SYS FDOP1 4000\r
                   0 SYS FDOP2 2000\r
                 100 HIT 38dB  7:40:20  5000A2D046 dS05 X108 dX031 V-08    2\r\n
            """.utf8)
        var raw = [UInt8](repeating: 0, count: 256)
        var head = [UInt8](repeating: 0, count: 256)
        head.replaceSubrange(0..<4, with: Array("Embo".utf8))
        head.replaceSubrange(4..<6, with: [0x88, 0x13])
        head[18] = 1
        head.replaceSubrange(60..<62, with: [0, 2])
        head.replaceSubrange(76..<78, with: [50, 2])
        head[112] = 1
        head[142] = 38
        raw += head + (0..<100).map { UInt8($0) }
        let wave = [UInt8](repeating: 3, count: 256)
        let lengths = [UInt8(text.count & 255), UInt8(text.count >> 8), 0, 1]
        return [lengths + text + wave + raw]
    }

    private static func bytes(ofHex digits: String) -> [UInt8] {
        let values = digits.compactMap { $0.hexDigitValue.map { UInt8($0) } }
        return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
