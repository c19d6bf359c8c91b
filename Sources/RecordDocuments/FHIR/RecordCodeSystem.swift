/// The project's own codes as a CodeSystem of FHIR R4, from the same table as the DICOM scheme.
public enum RecordCodeSystem {
    /// The resource, JSON in UTF-8; the same bytes for the same table.
    ///
    /// - Throws: `RecordDocumentError.codeTable` for the first line of the table that breaks its rules.
    public static func json() throws(RecordDocumentError) -> [UInt8] {
        let rows = try CodeTable.builtIn().rows.filter { $0.status == .private }
        let resource: JSONValue = [
            "resourceType": "CodeSystem", "url": .text(CodingSystem.ours.uri),
            "identifier": [
                FHIRParts.identifier(system: "urn:ietf:rfc:3986", value: CodingSystem.ours.uri)
            ],
            "version": .text(PrivateScheme.version), "name": "DopplerBridgeVenousFindings",
            "title": .text(PrivateScheme.name), "status": "active", "experimental": .flag(true),
            "publisher": .text(PrivateScheme.organisation), "caseSensitive": .flag(true), "content": "complete",
            "count": .number("\(rows.count)"),
            "concept": .list(
                rows.map { ["code": .text($0.code.code), "display": .text($0.code.meaning)] }),
        ]
        return resource.bytes
    }
}
