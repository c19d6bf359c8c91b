import ClinicRecord
import Testing

@Suite("what becomes of a delivery")
struct DeliveryOutcomeTests {
    enum Kind: Sendable { case postponed, person, stop }

    private func kind(_ error: ClinicRecordError) -> Kind? {
        switch error.outcome {
        case .delivered: nil
        case .postponed: .postponed
        case .needsAPerson: .person
        case .stopQueue: .stop
        }
    }

    @Test("no error is a delivery")
    func delivered() { #expect(DeliveryOutcome(nil) == .delivered) }

    @Test(
        "DICOM statuses by their class",
        arguments: [
            (0xA700, Kind.postponed), (0xA7FF, .postponed), (0x0213, .postponed), (0xA800, .person), (0xA900, .person),
            (0xC000, .person), (0xCFFF, .person), (0x0110, .person), (0x0122, .person), (0x0112, .person),
            (0x0124, .stop),
        ])
    func dicom(_ status: Int, _ expected: Kind) {
        #expect(kind(.refused(peer: "P", what: "w", status: UInt16(status))) == expected)
    }

    @Test("success and warnings are taken", arguments: [0x0000, 0xB000, 0xB007, 0x0107, 0x0116])
    func taken(_ status: Int) { #expect(DICOMStatus(UInt16(status)).isTaken) }

    @Test(
        "HTTP statuses by their class",
        arguments: [
            (408, Kind.postponed), (429, .postponed), (500, .postponed), (503, .postponed), (400, .person),
            (409, .person), (412, .person), (413, .person), (422, .person), (401, .stop), (403, .stop), (404, .stop),
            (301, .stop),
        ])
    func http(_ status: Int, _ expected: Kind) { #expect(kind(.http(peer: "P", status: status)) == expected) }

    @Test("an AE is shown, an AR stops the queue, and no answer is as good as none")
    func hl7() {
        #expect(kind(.notAcknowledged(peer: "P", code: "AE", reason: "")) == .person)
        #expect(kind(.notAcknowledged(peer: "P", code: "AR", reason: "")) == .stop)
        #expect(kind(.badAnswer(peer: "P", reason: "")) == .postponed)
        #expect(kind(.timedOut(peer: "P", what: "w", seconds: 3)) == .postponed)
        #expect(kind(.connectionLost(peer: "P", what: "w")) == .postponed)
        #expect(kind(.notConnected(peer: "P", reason: "")) == .postponed)
        #expect(kind(.aborted(peer: "P", what: "w")) == .postponed)
    }

    @Test("what is wrong with names, certificates and files stops the queue; a full peer does not")
    func configuration() {
        #expect(kind(.tlsFailed(peer: "P", reason: "")) == .stop)
        #expect(kind(.tlsFile(peer: "P", what: "key")) == .stop)
        #expect(kind(.file(path: "p", reason: "", remedy: "")) == .stop)
        let unknown = AssociationRejection(isTransient: false, cause: .callingTitleUnknown)
        #expect(kind(.rejected(peer: "P", unknown)) == .stop)
        #expect(kind(.rejected(peer: "P", AssociationRejection(isTransient: true, cause: .busy))) == .postponed)
        #expect(kind(.notOffered(peer: "P", what: "w")) == .person)
        #expect(kind(.badDocument(reason: "")) == .person)
    }

    @Test("every error says where it was and what to do")
    func words() {
        let errors: [ClinicRecordError] = [
            .notConnected(peer: "PEER", reason: "r"), .tlsFailed(peer: "PEER", reason: "r"),
            .tlsFile(peer: "PEER", what: "key"),
            .rejected(peer: "PEER", AssociationRejection(isTransient: false, cause: .other(source: 1, reason: 9))),
            .notOffered(peer: "PEER", what: "w"), .aborted(peer: "PEER", what: "w"),
            .timedOut(peer: "PEER", what: "w", seconds: 3), .connectionLost(peer: "PEER", what: "w"),
            .refused(peer: "PEER", what: "w", status: 0xA700), .badAnswer(peer: "PEER", reason: "r"),
            .http(peer: "PEER", status: 503), .notAcknowledged(peer: "PEER", code: "AE", reason: ""),
        ]
        for error in errors {
            #expect(error.description.hasPrefix("PEER: "), "\(error)")
            #expect(error.description.dropFirst(6).contains(":"), "\(error)")
        }
    }

    @Test("waits double to the longest, and chance takes at most half", arguments: 0..<20)
    func waits(_ seed: UInt64) {
        let policy = RetryPolicy(firstSeconds: 10, longestSeconds: 600, attempts: 9)
        for attempt in 1...100 {
            let whole = min(600, attempt < 60 ? 10 * Double(UInt64(1) << UInt64(attempt - 1)) : 600)
            let wait = policy.waitSeconds(after: attempt, seed: seed)
            #expect(wait > whole / 2 && wait <= whole)
            #expect(wait == policy.waitSeconds(after: attempt, seed: seed))
        }
        #expect(policy.waitSeconds(after: 0, seed: seed) > 0 && policy.waitSeconds(after: .max, seed: seed) <= 600)
    }

    @Test("waits of several seeds differ")
    func jitter() {
        let policy = RetryPolicy.usual
        #expect(Set((0..<50).map { policy.waitSeconds(after: 3, seed: $0) }).count == 50)
    }
}
