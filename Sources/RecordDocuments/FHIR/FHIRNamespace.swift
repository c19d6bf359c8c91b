/// The namespaces of the identifiers that are ours, made once for the project.
public enum FHIRNamespace {
    /// Reports and observations: a report's UUID, or it with the place in the report.
    public static let documents = "urn:oid:2.25.137568091654271433441810795979631913830"
    /// Patient numbers whose issuer names no system of its own; the issuer follows after `#` (RFC 8141, 2.3.3).
    public static let patients = "urn:oid:2.25.245871200932587402164523306118736145190"
    /// DICOM UIDs (FHIR R4, ImagingStudy).
    static let dicomUID = "urn:dicom:uid"
    /// Identifier types (HL7 table 0203).
    static let identifierType = "http://terminology.hl7.org/CodeSystem/v2-0203"
}

/// Parts that FHIR resources are made of.
enum FHIRParts {
    /// A code (Coding).
    static func coding(_ code: RecordCode) -> JSONValue {
        let system = CodingSystem(rawValue: code.system)
        return [
            "system": system.map { .text($0.uri) },
            "version": system == .ours ? .text(PrivateScheme.version) : nil,
            "code": .text(code.code), "display": .text(code.meaning),
        ]
    }

    /// A concept (CodeableConcept), with words of its own where there are any.
    static func concept(_ code: RecordCode, text: String? = nil) -> JSONValue {
        ["coding": [coding(code)], "text": .optional(text)]
    }

    /// An identifier.
    static func identifier(system: String, value: String, type: String? = nil) -> JSONValue {
        [
            "type": type.map { ["coding": [["system": .text(FHIRNamespace.identifierType), "code": .text($0)]]] },
            "system": .text(system), "value": .text(value),
        ]
    }

    /// A reference to another entry of the bundle.
    static func reference(_ url: String) -> JSONValue { ["reference": .text(url)] }

    /// A person's names, one for each way of writing (ISO 21090; FHIR extension `iso21090-EN-representation`).
    static func names(_ name: RecordPersonName, _ field: String) throws(RecordDocumentError) -> JSONValue {
        let representation = ["A": "ABC", "I": "IDE", "P": "SYL"]
        let forms = try name.forms(field).filter { !$0.parts.family.isEmpty || !$0.parts.given.isEmpty }
        return .list(
            forms.map { form in
                [
                    "extension": [
                        [
                            "url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation",
                            "valueCode": .optional(representation[form.representation]),
                        ]
                    ],
                    "use": "official", "family": .optional(form.parts.family),
                    "given": .list([JSONValue.optional(form.parts.given)].compactMap(\.self)),
                ]
            })
    }

    /// A person in words: `Sam Müller`.
    static func words(_ name: RecordPersonName, _ field: String) throws(RecordDocumentError) -> JSONValue? {
        _ = try name.dicomText(field)
        return .optional([name.given, name.family].filter { !$0.isEmpty }.joined(separator: " "))
    }

    /// That a resource is made of simulated data: test data that no decision may rest on (HL7 v3 ActReason HTEST).
    static let simulated: JSONValue = [
        "security": [
            [
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST",
                "display": "test health data",
            ]
        ],
        "tag": [
            [
                "system": .text(CodingSystem.ours.uri), "code": .text("SIMULATED"),
                "display": .text("The exam is simulated"),
            ]
        ],
    ]

    /// A condition of `ifNoneExist`: the identifier, escaped for a search (FHIR R4 3.1.1.3) and for a URL (RFC 3986).
    static func condition(system: String, value: String) -> String {
        "identifier=\(percentEncoded(searchEscaped(system)))%7C\(percentEncoded(searchEscaped(value)))"
    }

    private static func searchEscaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if ["\\", "|", ",", "$"].contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// A text in which everything but unreserved characters, colons and slashes is percent-encoded.
    static func percentEncoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
