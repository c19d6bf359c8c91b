import OpenIGTLink
import Testing

/// Messages with their bytes, written by hand from the protocol's pages; only the checksums come from crcmod.
struct HandMadeMessage: CustomTestStringConvertible {
    var testDescription: String
    var message: IGTLMessage
    var bytes: [UInt8]

    static let all = [
        string, emptyString, umlaut, status, sensor, shorts, floats, grey, spectrum, command, capability, get,
    ]

    /// Character set 3 is ASCII; 2 bytes.
    static let string = Self(
        testDescription: "STRING",
        message: IGTLMessage("Marker", at: IGTLTime(rawValue: 0x0000_0001_8000_0000), .string("ab")),
        bytes: handMade(
            "STRING", "Marker", time: 0x0000_0001_8000_0000, checksum: 0x3744_7B57_C1E1_6DD6, hex("0003 0002 61 62")))

    /// No device name and no text: the character set and a length of 0.
    static let emptyString = Self(
        testDescription: "STRING of nothing", message: IGTLMessage("", .string("")),
        bytes: handMade("STRING", "", checksum: 0x6433_18A1_4F79_2949, hex("0003 0000")))

    /// ü is C3 BC in UTF-8, whose number is 106 = 6A.
    static let umlaut = Self(
        testDescription: "STRING of UTF-8", message: IGTLMessage("n", .string("ü")),
        bytes: handMade("STRING", "n", checksum: 0x88AF_E64A_FB04_67AB, hex("006A 0002 C3 BC")))

    /// Code 8; subcode -2 in two's complement; LOST and 16 zeros; ok and the zero that ends it.
    static let status = Self(
        testDescription: "STATUS",
        message: IGTLMessage("s", .status(IGTLStatus(.overflow, subcode: -2, name: "LOST", "ok"))),
        bytes: handMade(
            "STATUS", "s", checksum: 0x9DFA_C0A5_06F8_24DE,
            hex("0008 FFFFFFFFFFFFFFFE 4C4F5354 00000000 00000000 00000000 00000000 6F6B 00")))

    /// In cm/s.
    ///
    /// The prefix centi 1010, metre 000001 to the power 0001, second 000011 to the power 1111, then 40 zeros:
    /// 1010 0000 0100 0100 0011 1111 = A0443F;
    /// then 1.5 = 3FF8... and -2 = C000... in double precision.
    static let sensor = Self(
        testDescription: "SENSOR",
        message: IGTLMessage("v", .sensor(IGTLSensor([1.5, -2], unit: .centimetrePerSecond))),
        bytes: handMade(
            "SENSOR", "v", checksum: 0x95CB_A89A_1E0C_1D9F,
            hex("02 00 A0443F0000000000 3FF8000000000000 C000000000000000")))

    /// Kind 4; 2 dimensions of 2 and 3; the last runs fastest.
    static let shorts = Self(
        testDescription: "NDARRAY of int16",
        message: IGTLMessage("iq", .array(IGTLArray(shape: [2, 3], .int16([1, -1, 256, 0, 32767, -32768])))),
        bytes: handMade(
            "NDARRAY", "iq", checksum: 0x4C85_6AE0_091C_A8D1, hex("04 02 0002 0003 0001 FFFF 0100 0000 7FFF 8000")))

    /// Kind 10; 1 dimension of 2; 1 = 3F800000 and -0.5 = BF000000 in single precision.
    static let floats = Self(
        testDescription: "NDARRAY of float32",
        message: IGTLMessage("f", .array(IGTLArray(shape: [2], .float32([1, -0.5])))),
        bytes: handMade("NDARRAY", "f", checksum: 0x4835_C571_4B2C_6BFF, hex("0A 01 0002 3F800000 BF000000")))

    /// Version 1, 1 component, kind 3, little-endian, RAS; 3 columns, 2 rows, 1 layer; steps 1 along each axis (3F800000);
    /// the middle at (1, 0.5, 0); the part that is the whole; 6 pixels.
    static let grey = Self(
        testDescription: "IMAGE of uint8",
        message: IGTLMessage("p", .image(IGTLImage(columns: 3, rows: 2, pixels: .uint8([1, 2, 3, 4, 5, 255])))),
        bytes: handMade(
            "IMAGE", "p", checksum: 0xACDB_EC69_60EF_4407,
            hex(
                """
                0001 01 03 02 01 0003 0002 0001
                3F800000 00000000 00000000  00000000 3F800000 00000000  00000000 00000000 3F800000
                3F800000 3F000000 00000000  0000 0000 0000 0003 0002 0001  01 02 03 04 05 FF
                """)))

    /// Kind 10; one column of two rows; 0.5 s a column (3F000000), 2 cm/s a row (40000000) from -1; the
    /// middle at (4, 0): the column at 4 s (40800000), the rows at -1 and 1; values little-endian: 1 = 0000803F, 2 = 00000040.
    static let spectrum = Self(
        testDescription: "IMAGE of float32 with spacing",
        message: IGTLMessage(
            "Spectrum",
            .image(
                IGTLImage(
                    columns: 1, rows: 2, pixels: .float32([1, 2]), columnSpacing: 0.5, rowSpacing: 2, firstColumn: 4,
                    firstRow: -1))),
        bytes: handMade(
            "IMAGE", "Spectrum", checksum: 0xE5D3_D7A3_F514_1F89,
            hex(
                """
                0001 01 0A 02 01 0001 0002 0001
                3F000000 00000000 00000000  00000000 40000000 00000000  00000000 00000000 3F800000
                40800000 00000000 00000000  0000 0000 0000 0001 0002 0001  0000803F 00000040
                """)))

    /// Id 7; the name and zeros up to 128 bytes; character set 3; 4 bytes.
    static let command = Self(
        testDescription: "COMMAND",
        message: IGTLMessage("c", .command(IGTLCommandText(id: 7, name: "A", text: "<A/>"))),
        bytes: handMade(
            "COMMAND", "c", checksum: 0x9A3C_DB89_8D08_666F,
            hex("00000007 41") + [UInt8](repeating: 0, count: 127) + hex("0003 00000004 3C412F3E")))

    /// 12 bytes for each type.
    static let capability = Self(
        testDescription: "CAPABILITY", message: IGTLMessage("d", .capability(["IMAGE", "GET_CAPABIL"])),
        bytes: handMade(
            "CAPABILITY", "d", checksum: 0x19DE_1567_3DD6_C333,
            hex("494D414745 00000000000000 4745545F4341504142494C 00")))

    /// No body: the checksum of nothing is 0.
    static let get = Self(
        testDescription: "GET_STATUS", message: IGTLMessage("", .get("STATUS")),
        bytes: handMade("GET_STATUS", "", checksum: 0, []))
}
