import ProbeLink
import TestSupport
import Testing

@Suite struct FX2FirmwareTests {
    /// A data record at an address, its checksum by the definition.
    static func record(_ address: Int, _ data: [UInt8], type: UInt8 = 0) -> String {
        let bytes = [UInt8(data.count), UInt8(address >> 8), UInt8(address & 0xFF), type] + data
        let sum = bytes.reduce(0) { $0 + Int($1) }
        return ":" + (bytes + [UInt8((256 - sum % 256) % 256)]).map(hexByte).joined()
    }

    static func hexByte(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }

    static func firmware(_ lines: String...) throws(FX2FirmwareError) -> FX2Firmware {
        try FX2Firmware(intelHex: Array(lines.joined(separator: "\n").utf8))
    }

    static let end = ":00000001FF"

    @Test("a file written by hand becomes hold, writes and release")
    func handMade() throws {
        let firmware = try Self.firmware(":0300000002006B90", ":02006B0075A07E", ":01E00000BB64", Self.end)
        #expect(
            firmware.segments == [
                FX2Firmware.Segment(address: 0, bytes: [0x02, 0x00, 0x6B]),
                FX2Firmware.Segment(address: 0x6B, bytes: [0x75, 0xA0]),
                FX2Firmware.Segment(address: 0xE000, bytes: [0xBB]),
            ])
        #expect(
            firmware.requests == [
                ControlRequest(0xA0, value: 0xE600, body: .out([1])),
                ControlRequest(0xA0, value: 0x0000, body: .out([0x02, 0x00, 0x6B])),
                ControlRequest(0xA0, value: 0x006B, body: .out([0x75, 0xA0])),
                ControlRequest(0xA0, value: 0xE000, body: .out([0xBB])),
                ControlRequest(0xA0, value: 0xE600, body: .out([0])),
            ])
    }

    @Test("any order of records, line endings, small letters and blank lines give the same")
    func tolerant() throws {
        let lines = [Self.record(2, [3, 4]), "", Self.record(0, [1, 0xAB]).lowercased() + "  ", Self.end]
        let expected = [FX2Firmware.Segment(address: 0, bytes: [1, 0xAB, 3, 4])]
        for ending in ["\n", "\r\n", "\r"] {
            let text = lines.joined(separator: ending)
            #expect(try FX2Firmware(intelHex: Array(text.utf8)).segments == expected)
            #expect(try FX2Firmware(intelHex: Array((text + ending + ending).utf8)).segments == expected)
        }
    }

    @Test("what is wrong is told with its line")
    func problems() {
        let good = Self.record(0, [1, 2])
        func problem(_ lines: String...) -> FX2FirmwareError? {
            do {
                _ = try FX2Firmware(intelHex: Array(lines.joined(separator: "\r\n").utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(problem(good) == .noEnd(lines: 1))
        #expect(problem("") == .noEnd(lines: 1) || problem("") == .noEnd(lines: 0))
        #expect(problem(Self.end) == .empty)
        #expect(problem(good, "x", Self.end) == .noRecord(line: 2))
        #expect(problem(good, ":0g", Self.end) == .notHexadecimal(line: 2))
        #expect(problem(good, ":000", Self.end) == .notHexadecimal(line: 2))
        #expect(problem(":", Self.end) == .wrongLength(line: 1, bytes: 0, expected: 5))
        #expect(problem(":0100", Self.end) == .wrongLength(line: 1, bytes: 2, expected: 6))
        #expect(problem(good + "00", Self.end) == .wrongLength(line: 1, bytes: 8, expected: 7))
        #expect(
            problem(good, "", ":0100100005EB", Self.end) == .wrongChecksum(line: 3, found: 0xEB, expected: 0xEA))
        #expect(problem(Self.record(0, [], type: 6), Self.end) == .unknownRecord(line: 1, type: 6))
        #expect(problem(Self.record(0, [1], type: 1)) == .unknownRecord(line: 1, type: 1))
        #expect(problem(Self.record(0, [1], type: 4), Self.end) == .unknownRecord(line: 1, type: 4))
        #expect(problem(Self.record(0x3FFF, [1, 2]), Self.end) == .outsideMemory(line: 1, address: 0x4000))
        #expect(problem(Self.record(0xE1FF, [1, 2]), Self.end) == .outsideMemory(line: 1, address: 0xE200))
        #expect(problem(Self.record(0xE600, [1]), Self.end) == .outsideMemory(line: 1, address: 0xE600))
        #expect(
            problem(Self.record(0, [0, 1], type: 4), Self.record(0, [1]), Self.end)
                == .outsideMemory(line: 2, address: 0x1_0000))
        #expect(problem(good, Self.record(1, [9]), Self.end) == .overlap(line: 2, address: 1, earlierLine: 1))
        #expect(problem(good, Self.end, "", good) == .afterEnd(line: 4))
    }

    @Test("segment and linear addresses add to those of the data, and start addresses are read over")
    func addresses() throws {
        let segment = try Self.firmware(
            Self.record(0, [0x01, 0x00], type: 2), Self.record(0x10, [7]), Self.record(0, [0, 0, 0, 0], type: 3),
            Self.record(0, [0, 0, 0, 0], type: 5), Self.end)
        #expect(segment.segments == [FX2Firmware.Segment(address: 0x1010, bytes: [7])])
        // Within a segment addresses wrap at 64 KiB: 0xFFFF and 0 of segment 0x0E00 x 16.
        let linear = try Self.firmware(Self.record(0, [0, 0], type: 4), Self.record(0xE010, [7]), Self.end)
        #expect(linear.segments == [FX2Firmware.Segment(address: 0xE010, bytes: [7])])
    }

    @Test(
        "long stretches are cut into requests of at most 1024 bytes, none lost",
        arguments: [1, 1023, 1024, 1025, 16_384])
    func chunks(count: Int) throws {
        let image = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let lines = stride(from: 0, to: count, by: 16).map { Self.record($0, Array(image[$0..<min(count, $0 + 16)])) }
        let firmware = try FX2Firmware(intelHex: Array((lines + [Self.end]).joined(separator: "\n").utf8))
        #expect(firmware == (try FX2Firmware(image: image)))
        var memory = [UInt8?](repeating: nil, count: count)
        for request in firmware.requests.dropFirst().dropLast() {
            guard case .out(let bytes) = request.body else { continue }
            #expect(bytes.count <= 1024)
            for (index, byte) in bytes.enumerated() { memory[Int(request.value) + index] = byte }
        }
        #expect(memory == image)
    }

    @Test("an image that is empty or too long is refused")
    func image() {
        #expect(throws: FX2FirmwareError.empty) { try FX2Firmware(image: []) }
        #expect(throws: FX2FirmwareError.tooLong(bytes: 16_385, most: 16_384)) {
            try FX2Firmware(image: [UInt8](repeating: 0, count: 16_385))
        }
        #expect(throws: FX2FirmwareError.self) { try FX2Firmware(intelHex: [UInt8](repeating: 58, count: 2 << 20)) }
    }

    @Test("loading sends all in order, and a board that leaves at the very end has done what it should")
    func load() throws {
        let firmware = try FX2Firmware(image: [1, 2, 3])
        let transport = ScriptedTransport(answers: [:])
        try firmware.load(over: transport)
        #expect(transport.calls == firmware.requests.map { .control($0) })
        let gone = ScriptedTransport(answers: [:], failures: [0xA0: .disconnected(device: "board")])
        #expect(throws: TransportError.disconnected(device: "board")) { try firmware.load(over: gone) }
        #expect(gone.calls.count == 1)
    }

    @Test(
        "a file with any byte changed or cut at any place is refused or gives no more than it holds",
        arguments: UInt64(0)..<30)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let lines = (0..<6).map { number in
            Self.record(number * 16, (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let text = Array((lines + [Self.end]).joined(separator: "\n").utf8)
        for place in text.indices {
            var damaged = text
            damaged[place] = UInt8.random(in: 0...255, using: &generator)
            if let firmware = Self.read(damaged) {
                #expect(firmware.segments.reduce(0) { $0 + $1.bytes.count } <= 96)
            }
            // Without its end record, of which the last digits may be missing, a file is never taken.
            #expect(Self.read(Array(text[..<place])) == nil)
        }
        let noise = (0..<2000).map { _ in Array(":0123456789ABCDEF\n\r ".utf8).randomElement(using: &generator) ?? 0 }
        #expect(Self.read(noise) == nil)
    }

    private static func read(_ file: [UInt8]) -> FX2Firmware? {
        do { return try FX2Firmware(intelHex: file) } catch { return nil }
    }
}
