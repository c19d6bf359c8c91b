import OpenIGTLink
import Testing

@Suite("Messages of OpenIGTLink by hand")
struct VectorTests {
    @Test("a message is encoded to the bytes that were written by hand", arguments: HandMadeMessage.all)
    func encode(_ example: HandMadeMessage) throws {
        #expect(try example.message.encoded() == example.bytes)
    }

    @Test("the bytes that were written by hand are read as the message", arguments: HandMadeMessage.all)
    func decode(_ example: HandMadeMessage) throws {
        #expect(try messages(example.bytes) == [example.message])
    }

    /// The check value of CRC-64/ECMA-182 for the digits 1 to 9, as catalogues of CRCs give it; and of one byte 01, which is
    /// the polynomial itself.
    @Test(
        "the checksum is CRC-64 of ECMA-182",
        arguments: [("123456789", 0x6C40_DF5F_0B49_7347), ("\u{1}", 0x42F0_E1EB_A9EA_3693)])
    func checksum(_ body: String, _ sum: UInt64) throws {
        let whole = handMade("TRANSFORM", "t", checksum: sum, Array(body.utf8))
        #expect(try messages(whole) == [IGTLMessage("t", .other(type: "TRANSFORM", bytes: body.utf8.count))])
        let wrong = handMade("TRANSFORM", "t", checksum: sum ^ 1, Array(body.utf8))
        let error = failure { () throws(IGTLError) in _ = try messages(wrong) }
        #expect(error == .wrongChecksum(stated: sum ^ 1, computed: sum))
    }

    /// A message of header version 2.
    ///
    /// Extended header: 12 bytes of its own, 10 of the metadata's index, 9 of its text, message 5. Content. Index: one pair,
    /// a key of 4 bytes, character set 3, a value of 5. Text: lost, 12345.
    private static let extended =
        hex("0002") + handMade("STRING", "Marker", checksum: 0xC922_5D03_882D_A131, extendedBody).dropFirst(2)
    private static let extendedBody = hex(
        """
        000C 000A 00000009 00000005  0003 0002 61 62
        0001 0004 0003 00000005  6C6F7374 3132333435
        """)

    @Test("header version 2 carries metadata and the message's number")
    func extended() throws {
        let message = IGTLMessage(
            "Marker", .string("ab"), metadata: [IGTLMetadata("lost", "12345")], messageID: 5)
        #expect(try message.encoded(.two) == Self.extended)
        #expect(try messages(Self.extended) == [message])
    }

    @Test("header version 1 leaves metadata and the number out")
    func versionOne() throws {
        let message = IGTLMessage("m", .string("a"), metadata: [IGTLMetadata("k", "v")], messageID: 9)
        #expect(try messages(try message.encoded(.one)) == [IGTLMessage("m", .string("a"))])
    }

    @Test("an extended header of a later version is passed over")
    func laterVersion() throws {
        let body = hex("000E 0000 00000000 00000001 AAAA 0003 0001 61")
        let whole = hex("0002") + handMade("STRING", "m", checksum: 0x81CE_7A87_49A9_1FF6, body).dropFirst(2)
        #expect(try messages(whole) == [IGTLMessage("m", .string("a"), messageID: 1)])
    }

    @Test("units are packed as the protocol's page has them")
    func units() {
        #expect(IGTLUnit.none.rawValue == 0)
        // Hertz 001010, exponent 0001, behind four zeros: 0000 0010 1000 01.
        #expect(IGTLUnit.hertz.rawValue == 0x0284_0000_0000_0000)
        // Milli 1011, metre 000001, 0001.
        #expect(IGTLUnit.millimetre.rawValue == 0xB044_0000_0000_0000)
        #expect(IGTLUnit(.centi, [(.metre, 1), (.second, -1)]) == .centimetrePerSecond)
        #expect(IGTLUnit(.none, [(.metre, 8)]) == nil)
        #expect(IGTLUnit(.none, Array(repeating: (.metre, 1), count: 7)) == nil)
    }
}
