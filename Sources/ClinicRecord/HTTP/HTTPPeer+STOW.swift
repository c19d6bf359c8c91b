internal import Foundation

extension HTTPPeer {
    /// Stores objects (STOW-RS, PS3.18 10.5): one request, one answer for each.
    ///
    /// - Parameters:
    ///   - objects: DICOM files with their SOP instances.
    ///   - boundary: a word between the parts; it must not stand in an object, so take an UID that was just made.
    /// - Returns: what became of each instance; `nil` where it has it now.
    public func store(
        _ objects: [(instanceUID: String, bytes: [UInt8])], boundary: String
    ) throws(ClinicRecordError) -> [String: ClinicRecordError?] {
        var body: [UInt8] = []
        body.reserveCapacity(objects.reduce(0) { $0 + $1.bytes.count + 200 })
        for object in objects {
            body += Array("--\(boundary)\r\nContent-Type: application/dicom\r\n\r\n".utf8)
            body += object.bytes
            body += [13, 10]
        }
        body += Array("--\(boundary)--\r\n".utf8)
        let answer = try send(
            "/studies", body: body,
            headers: [
                "Content-Type: multipart/related; type=\"application/dicom\"; boundary=\(boundary)",
                "Accept: application/dicom+json",
            ], what: "the objects")
        // 409 and 202 tell in their body which were not taken; 409 may be without one.
        let conflict = 409
        guard let results = Self.results(answer.body),
            answer.status.isSuccess || (answer.status.code == conflict && !results.failed.isEmpty)
        else {
            guard answer.status.isSuccess else { throw .http(peer: description, status: answer.status.code) }
            throw .badAnswer(peer: description, reason: "not the answer to a store request")
        }
        return Dictionary(
            objects.map { ($0.instanceUID, error(of: $0.instanceUID, in: results)) }, uniquingKeysWith: { $1 })
    }

    /// Asks a DICOMweb server whether it is one.
    public func checkDICOMweb() throws(ClinicRecordError) {
        let answer = try send(
            "/studies?limit=1", headers: ["Accept: application/dicom+json"], what: "the request for one study")
        guard answer.status.isSuccess else { throw .http(peer: description, status: answer.status.code) }
        guard answer.body.isEmpty || answer.body.first(where: { $0 > 32 }) == UInt8(ascii: "[") else {
            throw .badAnswer(peer: description, reason: "not a DICOMweb server")
        }
    }

    private func error(of instance: String, in results: Results) -> ClinicRecordError? {
        if results.stored.contains(instance) { return nil }
        if let reason = results.failed[instance] {
            return reason == DICOMStatus.duplicate
                ? nil : .refused(peer: description, what: "the object", status: reason)
        }
        return .badAnswer(peer: description, reason: "it says nothing of an object that was sent")
    }

    private struct Results {
        var stored: Set<String> = []
        var failed: [String: UInt16] = [:]
    }

    private static let referencedInstance = "00081155"
    private static let failureReason = "00081197"
    private static let processingFailure: UInt16 = 0x0110

    /// The two sequences of the answer: referenced and failed (PS3.18 table I.1-1).
    private static func results(_ body: [UInt8]) -> Results? {
        let parsed: Any
        do { parsed = try JSONSerialization.jsonObject(with: Data(body)) } catch { return nil }
        guard let root = parsed as? [String: Any] else { return nil }
        var results = Results()
        for item in items(root, "00081199") {
            if let instance = values(item, referencedInstance).first as? String { results.stored.insert(instance) }
        }
        for item in items(root, "00081198") {
            guard let instance = values(item, referencedInstance).first as? String else { continue }
            let reason = (values(item, failureReason).first as? Int).flatMap { UInt16(exactly: $0) }
            results.failed[instance] = reason ?? processingFailure
        }
        return results
    }

    private static func values(_ item: [String: Any], _ tag: String) -> [Any] {
        (item[tag] as? [String: Any])?["Value"] as? [Any] ?? []
    }

    private static func items(_ item: [String: Any], _ tag: String) -> [[String: Any]] {
        values(item, tag).compactMap { $0 as? [String: Any] }
    }
}
