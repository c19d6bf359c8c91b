internal import ExamArchive
internal import LocalServer

extension ConsoleDesk {
    /// The most deliveries that one answer lists (project choice): the newest.
    private static let mostDeliveriesListed = 1000
    /// The longest reason, bytes (project choice).
    private static let longestReason = 500

    /// One delivery.
    private struct ListedDelivery: Encodable {
        var id: Int64
        var examID: String
        var version: Int
        var subjectCode: String
        var destination: String
        var kind: String
        var state: String
        var words: String
        var attempts: Int
        var queuedAt: ArchiveTime
        var nextAttemptAt: ArchiveTime?
        var lastError: String?
        var sentAt: ArchiveTime?
        var canRetry: Bool
        var canCancel: Bool

        init(_ delivery: Delivery) {
            id = delivery.id
            examID = delivery.examID
            version = delivery.version
            subjectCode = delivery.subjectCode
            destination = delivery.destination
            kind = delivery.kind
            state = Self.word(delivery.state)
            words = Self.words(delivery)
            attempts = delivery.attempts
            queuedAt = delivery.queuedAt
            nextAttemptAt = delivery.nextAttemptAt
            lastError = delivery.lastError
            sentAt = delivery.sentAt
            canRetry = delivery.state == .needsAPerson || delivery.state == .queued && delivery.attempts > 0
            canCancel = delivery.state.allows(.cancelled)
        }

        private static func word(_ state: DeliveryState) -> String {
            switch state {
            case .queued: "waiting"
            case .sending: "sending"
            case .sent, .committed: "sent"
            case .needsAPerson: "needsPerson"
            case .cancelled: "cancelled"
            }
        }

        private static func words(_ delivery: Delivery) -> String {
            switch delivery.state {
            case .queued where delivery.attempts == 0: "Waits to be sent."
            case .queued: "Could not be sent yet (\(delivery.attempts) attempts); it is tried again by itself."
            case .sending: "Is being sent."
            case .sent: "Was sent."
            case .committed: "Was sent, and the receiver has said that it keeps it."
            case .needsAPerson: "Was refused: somebody must look at why, and let it go again or give it up."
            case .cancelled: "Was given up and is never sent."
            }
        }
    }

    /// `GET /api/outbox`.
    func outbox() async throws(DeskRefusal) -> WebAnswer {
        let archive = means.archive
        let all = try await onDeskThread { () throws(DeskRefusal) in
            try atArchive { () throws(ArchiveError) in try archive.deliveries() }
        }
        return try .json(all.suffix(Self.mostDeliveriesListed).reversed().map(ListedDelivery.init))
    }

    /// `POST /api/outbox/*/retry`: lets a delivery go again, under the same identifier.
    func retry(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        try JSONFields(call.request.body).end()
        return try await changeDelivery(call) { archive, id throws(ArchiveError) in
            try archive.retry(id, act: call.actor.act)
        }
    }

    /// `POST /api/outbox/*/cancel`: gives a delivery up.
    func cancel(_ call: DeskCall) async throws(DeskRefusal) -> WebAnswer {
        var fields = try JSONFields(call.request.body)
        let reason = try fields.text("reason", atMost: Self.longestReason)
        try fields.end()
        return try await changeDelivery(call) { archive, id throws(ArchiveError) in
            try archive.cancel(id, reason: reason, act: call.actor.act)
        }
    }

    private func changeDelivery(
        _ call: DeskCall, _ change: @escaping @Sendable (Archive, Int64) throws(ArchiveError) -> Void
    ) async throws(DeskRefusal) -> WebAnswer {
        guard let id = Int64(call.names[0]), id > 0 else {
            throw DeskRefusal(.notThere, "there is no such delivery", next: "Look at the outbox.")
        }
        let (archive, actor) = (means.archive, call.actor)
        let changed = try await onDeskThread { () throws(DeskRefusal) in
            try actor.acting { () throws(ArchiveError) in
                try change(archive, id)
                return try archive.delivery(id)
            }
        }
        fanOut.offer(#"{"event":"outbox"}"#)
        return try .json(ListedDelivery(changed))
    }

    /// Tells every browser to look at the outbox again: something was sent, or could not be.
    public func outboxChanged() { fanOut.offer(#"{"event":"outbox"}"#) }

    /// Tells every browser to look at the device again: the probe came or went.
    public func deviceChanged() { fanOut.offer(#"{"event":"device"}"#) }
}
