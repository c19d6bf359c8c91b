import OpenIGTLink
import TestSupport
import Testing

@Suite("Reading OpenIGTLink")
struct ReaderTests {
    @Test("what is written is read again, in both header versions, however it is cut", arguments: UInt64(0)..<200)
    func roundTrip(_ seed: UInt64) throws {
        var source = RandomMessage(seed: seed)
        var random = SeededGenerator(seed: seed)
        var sent: [(IGTLMessage, IGTLHeaderVersion)] = []
        var bytes: [UInt8] = []
        for _ in 0..<8 {
            var message = source.next()
            let version: IGTLHeaderVersion = Bool.random(using: &random) ? .two : .one
            bytes += try message.encoded(version)
            if version == .one { (message.metadata, message.messageID) = ([], 0) }
            sent.append((message, version))
        }
        var reader = IGTLMessageReader(mostBodyBytes: 1 << 20)
        var found: [(IGTLMessage, IGTLHeaderVersion)] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...200, using: &random))
            reader.append(rest.prefix(count))
            rest = rest.dropFirst(count)
            while let next = try reader.next() { found.append((next.message, next.version)) }
        }
        #expect(found.map(\.0) == sent.map(\.0))
        #expect(found.map(\.1) == sent.map(\.1))
        #expect(!reader.isInsideMessage)
    }

    @Test(
        "damaged messages are errors or other messages, and never more than a trap-free read",
        arguments: UInt64(0)..<300)
    func damaged(_ seed: UInt64) throws {
        var source = RandomMessage(seed: seed)
        var random = SeededGenerator(seed: seed)
        var whole = try source.next().encoded(seed % 2 == 0 ? .one : .two)
        let header = 58
        for _ in 0..<Int.random(in: 1...6, using: &random) where whole.count > header {
            let place = Int.random(in: header..<whole.count, using: &random)
            whole[place] = UInt8.random(in: 0...255, using: &random)
        }
        // With its checksum made right again the damage reaches the fields.
        let body = Array(whole[header...])
        let sum = try checksum(of: body)
        whole.replaceSubrange(50..<58, with: (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(56 - 8 * $0)) })
        var found: [IGTLMessage] = []
        let error = failure { () throws(IGTLError) in found = try messages(whole) }
        switch error {
        case nil: #expect(found.count == 1)
        case .malformed: break
        case let other?: Issue.record("\(other)")
        }
    }

    /// The checksum by the reader's own words on a wrong one; `VectorTests` shows that they are right.
    private func checksum(of body: [UInt8]) throws -> UInt64 {
        let error = failure { () throws(IGTLError) in
            _ = try messages(handMade("TRANSFORM", "", checksum: 0xDEAD, body))
        }
        guard case .wrongChecksum(_, let computed) = error else { return 0xDEAD }
        return computed
    }

    @Test("random bytes never are messages, and never trap", arguments: UInt64(0)..<200)
    func noise(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var noise = (0..<400).map { _ in UInt8.random(in: 0...255, using: &random) }
        if seed % 2 == 0 { noise.replaceSubrange(0..<2, with: [0, UInt8(1 + seed / 2 % 2)]) }
        let error = failure { () throws(IGTLError) in _ = try messages(noise) }
        switch error {
        case .unknownVersion where seed % 2 == 1, .bodyTooLarge where seed % 2 == 0: break
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test("what is no OpenIGTLink shows with its second byte, and stays an error")
    func otherProtocol() {
        var reader = IGTLMessageReader(mostBodyBytes: 100)
        reader.append(Array("GE".utf8))
        for _ in 0..<2 {
            let error = failure { () throws(IGTLError) in _ = try reader.next() }
            #expect(error == .unknownVersion(0x4745))
            reader.append(handMade("GET_STATUS", "", checksum: 0, []))
        }
    }

    @Test("a body beyond the limit is refused by its header alone", arguments: [101, UInt64(1) << 40, .max])
    func giant(_ size: UInt64) {
        var header = handMade("STRING", "", checksum: 0, [])
        header.replaceSubrange(42..<50, with: (0..<8).map { UInt8(truncatingIfNeeded: size >> UInt64(56 - 8 * $0)) })
        let error = failure { () throws(IGTLError) in _ = try messages(header, mostBodyBytes: 100) }
        #expect(error == .bodyTooLarge(bytes: size, limitBytes: 100))
    }

    @Test(
        "fields that do not fit each other are named",
        arguments: [
            ("STRING", "0003 0003 6162", "the text needs 3 bytes, and 2 are left"),
            ("STRING", "0003 0001 6162", "1 bytes follow its end"),
            ("STRING", "0004 0001 61", "its text has the character set 4; 3 and 106 are read"),
            ("STRING", "006A 0001 FF", "the text is not UTF-8"),
            ("STATUS", "0001 00", "the subcode needs 8 bytes, and 1 are left"),
            ("SENSOR", "02 00 0000000000000000 3FF8000000000000", "a value needs 8 bytes, and 0 are left"),
            ("NDARRAY", "04 01 0003 0001 0002", "the shape [3] does not fit 4 bytes of values"),
            ("NDARRAY", "04 00", "the shape [] does not fit 0 bytes of values"),
            (
                "NDARRAY", "06 04 FFFF FFFF FFFF FFFF 00000000",
                "the shape [65535, 65535, 65535, 65535] does not fit 4 bytes of values"
            ),
            ("COMMAND", "00000001", "the name needs 128 bytes, and 0 are left"),
            ("CAPABILITY", "4142", "a type needs 12 bytes, and 2 are left"),
        ])
    func malformed(_ type: String, _ body: String, _ reason: String) throws {
        let sum = try checksum(of: hex(body))
        let error = failure { () throws(IGTLError) in
            _ = try messages(handMade(type, "", checksum: sum, hex(body)))
        }
        #expect(error == .malformed(type: type, reason: reason))
    }

    @Test("an IMAGE of another kind is passed over as a whole message")
    func otherImage() throws {
        var body = hex("0001 01 04 02 01 0001 0001 0001") + [UInt8](repeating: 0, count: 60)
        body += [1, 2]
        let whole = handMade("IMAGE", "ct", checksum: try checksum(of: body), body)
        #expect(try messages(whole) == [IGTLMessage("ct", .other(type: "IMAGE", bytes: 74))])
    }

    @Test("a device name with other characters is read with question marks")
    func deviceName() throws {
        var whole = handMade("GET_STATUS", "ab", checksum: 0, [])
        whole[15] = 0x1B
        #expect(try messages(whole).first?.deviceName == "a?")
    }
}

@Suite("What OpenIGTLink cannot carry")
struct LimitTests {
    private func error(_ name: String, _ content: IGTLContent) -> IGTLError? {
        failure { () throws(IGTLError) in _ = try IGTLMessage(name, content).encoded() }
    }

    @Test("names that do not fit their fields are refused")
    func names() {
        let long = String(repeating: "a", count: 21)
        #expect(error(long, .string("")) == .badName(field: "device name", limitCharacters: 20))
        #expect(error("ü", .string("")) == .badName(field: "device name", limitCharacters: 20))
        #expect(error("", .get("TOOLONGTYPE")) == .badName(field: "type", limitCharacters: 12))
        let status = IGTLStatus(.ok, name: long, "")
        #expect(error("", .status(status)) == .badName(field: "name of a STATUS", limitCharacters: 20))
    }

    @Test("what is too much for its field is refused with the limit")
    func tooLarge() {
        let text = String(repeating: "a", count: 65_536)
        #expect(error("", .string(text)) == .tooLarge(what: "bytes of a STRING", count: 65_536, limit: 65_535))
        let sensor = IGTLSensor([Double](repeating: 0, count: 256), unit: .none)
        #expect(error("", .sensor(sensor)) == .tooLarge(what: "values of a SENSOR", count: 256, limit: 255))
        let name = IGTLCommandText(id: 0, name: String(repeating: "a", count: 128), text: "")
        #expect(error("", .command(name)) == .tooLarge(what: "bytes of a command's name", count: 128, limit: 127))
    }

    @Test("sizes that do not fit the values are refused")
    func shapes() {
        for array in [
            IGTLArray(shape: [2, 2], .int16([1, 2, 3])), IGTLArray(shape: [], .int16([1])),
            IGTLArray(shape: [0], .int16([])), IGTLArray(shape: [65_536], .int16([Int16](repeating: 0, count: 65_536))),
            IGTLArray(shape: [-1, -1], .int16([1])),
        ] {
            guard case .badShape = error("", .array(array)) else {
                Issue.record("\(array.shape)")
                continue
            }
        }
        for image in [
            IGTLImage(columns: 2, rows: 2, pixels: .uint8([1])), IGTLImage(columns: 0, rows: 0, pixels: .uint8([])),
            IGTLImage(columns: 1, rows: 1, pixels: .uint8([1]), columnSpacing: 0),
            IGTLImage(columns: 1, rows: 1, pixels: .uint8([1]), rowSpacing: .nan),
            IGTLImage(columns: 1, rows: 1, pixels: .uint8([1]), firstRow: .infinity),
            IGTLImage(columns: -1, rows: -1, pixels: .uint8([1])),
        ] {
            guard case .badShape = error("", .image(image)) else {
                Issue.record("\(image)")
                continue
            }
        }
    }

    @Test("a zero in words that a zero ends is refused, and so is a content that was not kept")
    func zero() {
        guard case .badShape = error("", .status(IGTLStatus(.ok, "a\0b"))) else {
            Issue.record("taken")
            return
        }
        guard case .cannotEncode("TRANSFORM", _) = error("", .other(type: "TRANSFORM", bytes: 48)) else {
            Issue.record("taken")
            return
        }
    }
}
