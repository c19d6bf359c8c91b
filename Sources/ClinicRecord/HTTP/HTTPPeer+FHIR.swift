internal import Foundation

extension HTTPPeer {
    private static let fhir = "application/fhir+json"

    /// Sends a FHIR transaction (R4 http.html#transaction): whole or not at all.
    public func transact(_ bundle: [UInt8]) throws(ClinicRecordError) {
        let answer = try send(
            "", body: bundle, headers: ["Content-Type: \(Self.fhir)", "Accept: \(Self.fhir)"], what: "the transaction")
        guard answer.status.isSuccess else { throw .http(peer: description, status: answer.status.code) }
        // A proxy's friendly page is a success, too: only the server's own answer counts.
        guard let response = Self.response(answer.body), response.isTransactionResponse else {
            throw .badAnswer(peer: description, reason: "not the answer to a transaction")
        }
    }

    /// Asks a FHIR server what it is.
    public func checkFHIR() throws(ClinicRecordError) {
        let answer = try send("/metadata", headers: ["Accept: \(Self.fhir)"], what: "the request for its capabilities")
        guard answer.status.isSuccess else { throw .http(peer: description, status: answer.status.code) }
        let version = Self.response(answer.body)?.fhirVersion
        guard let version else { throw .badAnswer(peer: description, reason: "not a FHIR server") }
        guard version.hasPrefix("4.0") else {
            throw .badAnswer(peer: description, reason: "FHIR \(version.prefix(16)), and we write R4 (4.0.1)")
        }
    }

    private static func response(_ body: [UInt8]) -> Response? {
        do { return try JSONDecoder().decode(Response.self, from: Data(body)) } catch { return nil }
    }

    private struct Response: Decodable {
        var resourceType: String
        var type: String?
        var fhirVersion: String?

        var isTransactionResponse: Bool { resourceType == "Bundle" && type == "transaction-response" }
    }
}
