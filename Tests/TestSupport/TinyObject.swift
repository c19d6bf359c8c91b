/// Small documents by hand: a DICOM file in explicit little endian with the attributes that an archive needs, an HL7
/// message and a FHIR transaction.
public enum TinyObject {
    /// SOP class of an Encapsulated PDF.
    public static let encapsulatedPDF = "1.2.840.10008.5.1.4.1.1.104.1"
    /// SOP class of an Ultrasound Image.
    public static let ultrasound = "1.2.840.10008.5.1.4.1.1.6.1"

    /// One object; the same arguments give the same bytes.
    public static func make(
        _ instance: String, of sopClass: String = encapsulatedPDF, study: String = "1.2.3", bytes: Int = 100
    ) -> [UInt8] {
        let meta =
            element(0x0002, 0x0001, "OB", [0, 1]) + element(0x0002, 0x0002, "UI", text(sopClass, 0))
            + element(0x0002, 0x0003, "UI", text(instance, 0))
            + element(0x0002, 0x0010, "UI", text("1.2.840.10008.1.2.1", 0))
            + element(0x0002, 0x0012, "UI", text("1.2.3.4", 0))
        var data = element(0x0008, 0x0005, "CS", text("ISO_IR 192"))
        data += element(0x0008, 0x0016, "UI", text(sopClass, 0)) + element(0x0008, 0x0018, "UI", text(instance, 0))
        data += element(0x0008, 0x0060, "CS", text("US"))
        data += element(0x0010, 0x0010, "PN", text("Świątek^Łucja")) + element(0x0010, 0x0020, "LO", text("P-1"))
        data += element(0x0020, 0x000D, "UI", text(study, 0)) + element(0x0020, 0x000E, "UI", text(study + ".1", 0))
        data += element(0x0042, 0x0011, "OB", [UInt8](repeating: 7, count: bytes & ~1))
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
            + element(0x0002, 0x0000, "UL", number(UInt32(meta.count))) + meta + data
    }

    /// A message with this MSH-10.
    public static func message(_ id: String) -> [UInt8] {
        let segments = [
            "MSH|^~\\&|DOPPLERBRIDGE|LAB|EHR|CLINIC|20260131101500||ORU^R01^ORU_R01|\(id)|P|2.5.1||||||UNICODE UTF-8",
            "PID|1||P-1^^^CLINIC||Świątek^Łucja", "OBR|1|||39036-9^US Vein Report^LN", "OBX|1|TX|1^a||text||||||F",
        ]
        return Array((segments.joined(separator: "\r") + "\r").utf8)
    }

    /// A transaction with this identifier.
    public static func bundle(_ id: String) -> [UInt8] {
        Array(
            """
            {"resourceType": "Bundle", "type": "transaction", "identifier": {"system": "urn:x", "value": "\(id)"},
             "entry": [{"resource": {"resourceType": "Observation", "status": "final",
               "identifier": [{"system": "urn:x", "value": "\(id)"}], "code": {"text": "a"}},
               "request": {"method": "POST", "url": "Observation", "ifNoneExist": "identifier=urn:x|\(id)"}}]}
            """.utf8)
    }

    /// A text of even length.
    private static func text(_ text: String, _ padding: UInt8 = 32) -> [UInt8] {
        let bytes = Array(text.utf8)
        return bytes.count % 2 == 0 ? bytes : bytes + [padding]
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func element(_ group: UInt16, _ element: UInt16, _ kind: String, _ value: [UInt8]) -> [UInt8] {
        let tag = [group, element].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let length = number(UInt32(value.count))
        let head = tag + Array(kind.utf8)
        return kind == "OB" ? head + [0, 0] + length + value : head + length.prefix(2) + value
    }
}
