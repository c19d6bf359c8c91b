/// What becomes of a delivery after an attempt.
public enum DeliveryOutcome: Sendable, Hashable {
    /// The receiver has it.
    case delivered
    /// It may go by itself later.
    case postponed(reason: String)
    /// It will not go by itself; the others are not affected.
    case needsAPerson(reason: String)
    /// Nothing will go to this destination before a person has looked.
    case stopQueue(reason: String)

    /// The outcome of an attempt that ended in an error, or in none.
    public init(_ error: ClinicRecordError?) { self = error?.outcome ?? .delivered }
}

extension ClinicRecordError {
    /// Request time-out and too many requests (RFC 9110 15.5.9, RFC 6585): the two of 4xx that pass by themselves.
    private static let passingStatuses = [408, 429]
    /// What concerns our account or the address, not the document.
    private static let accountStatuses = [401, 403, 404, 405]

    /// What is done about it: permanent answers go to a person, transient ones are repeated, and what is wrong in the
    /// configuration stops the queue, because nothing else would go either.
    public var outcome: DeliveryOutcome {
        switch self {
        case .notConnected, .aborted, .timedOut, .connectionLost, .waiting: .postponed(reason: description)
        case .rejected(_, let rejection):
            rejection.isTransient ? .postponed(reason: description) : .stopQueue(reason: description)
        // Bytes that are no answer: as good as none.
        case .badAnswer: .postponed(reason: description)
        case .refused(_, _, let status): DICOMStatus(status).outcome(description)
        case .notOffered, .badDocument: .needsAPerson(reason: description)
        case .http(_, let status): Self.outcome(ofHTTP: status, description)
        case .notAcknowledged(_, let code, _):
            code == "AR" || code == "CR" ? .stopQueue(reason: description) : .needsAPerson(reason: description)
        case .tlsFailed, .tlsFile, .portTaken, .settings, .file: .stopQueue(reason: description)
        case .broken: .postponed(reason: description)
        }
    }

    private static func outcome(ofHTTP status: Int, _ reason: String) -> DeliveryOutcome {
        if passingStatuses.contains(status) || status >= 500 { return .postponed(reason: reason) }
        if accountStatuses.contains(status) || (300..<400).contains(status) { return .stopQueue(reason: reason) }
        return .needsAPerson(reason: reason)
    }
}

extension DICOMStatus {
    private static let outOfResources: UInt16 = 0xA700
    private static let resourceLimitation: UInt16 = 0x0213
    private static let notAuthorised: UInt16 = 0x0124
    private static let upperByte: UInt16 = 0xFF00

    /// 0xA7xx is repeated, what concerns our account stops the queue, the rest of the failures goes to a person.
    func outcome(_ reason: String) -> DeliveryOutcome {
        if isTaken { return .delivered }
        if code & Self.upperByte == Self.outOfResources || code == Self.resourceLimitation {
            return .postponed(reason: reason)
        }
        return code == Self.notAuthorised ? .stopQueue(reason: reason) : .needsAPerson(reason: reason)
    }
}
