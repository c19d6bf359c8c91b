public import ExamArchive
internal import RecordDocuments

/// Sends what the outbox holds for one destination; used by one thread.
///
/// What it does is written down before and after: when the program is killed in between, the document is sent again under
/// the same identifier, and the receiver knows it.
public final class OutboxWorker {
    /// The destination.
    public let destination: Destination
    private let archive: Archive
    private let secret: IdentitySecret
    private let means: Means
    private let sender: DestinationSender
    private var asked: [Int64: ArchiveTime] = [:]

    /// What a worker needs from outside.
    public struct Means: Sendable {
        /// Who sends, for the audit log.
        public var by: String
        /// The clock.
        public var now: @Sendable () -> ArchiveTime
        /// A new UID.
        public var newUID: @Sendable () -> String
        /// Any number, for the waits.
        public var seed: UInt64

        /// Means from their parts.
        public init(
            by: String, now: @escaping @Sendable () -> ArchiveTime, newUID: @escaping @Sendable () -> String,
            seed: UInt64
        ) {
            self.by = by
            self.now = now
            self.newUID = newUID
            self.seed = seed
        }
    }

    /// What a step did.
    public enum Step: Sendable, Hashable {
        /// It tried to send some, of which so many were taken.
        case tried(taken: Int, left: Int)
        /// Nothing is due.
        case idle
        /// A person must look first.
        case stopped(reason: String)
    }

    /// What stands before the reason of a stopped queue: nothing goes on while a delivery says so.
    public static let stopMark = "queue stopped: "
    private static let millisecondsPerSecond = 1000.0
    private static let secondsPerHour = 3600.0
    /// How many objects one request for commitment names (project choice).
    private static let mostCommitted = 100
    /// After what share of the patience a request without an answer is repeated (project choice).
    private static let repeatShare = 0.25

    /// A worker for one destination.
    ///
    /// - Parameter secret: opens the documents; opened before (`Archive.opened`), so that it is cheap.
    public init(_ destination: Destination, archive: Archive, secret: IdentitySecret, means: Means) {
        self.destination = destination
        self.archive = archive
        self.secret = secret
        self.means = means
        sender = DestinationSender(destination)
    }

    /// Sends what is due, at most one exam's documents, and asks for what was sent to be kept.
    public func step() throws(ArchiveError) -> Step {
        if let reason = try stopReason() { return .stopped(reason: reason) }
        let begun = try archive.beginNextDeliveries(to: destination.name, at: means.now(), limit: sender.batch)
        guard !begun.isEmpty else {
            try askToKeep()
            return .idle
        }
        var documents: [DestinationSender.Document] = []
        for delivery in begun {
            do throws(ArchiveError) {
                documents.append(.init(delivery: delivery, bytes: try archive.payload(of: delivery, secret: secret)))
            } catch .damaged(_, let reason) {
                try archive.handToPerson(delivery.id, error: "the document is damaged: \(reason)", act: act)
            }
        }
        let errors = sender.send(documents, boundary: means.newUID())
        let taken = documents.map(\.delivery).filter { errors[$0.id] == nil }
        if !taken.isEmpty { try archive.markSent(taken.map(\.id), act: act) }
        var stop: String?
        for document in documents {
            guard let error = errors[document.delivery.id] else { continue }
            try settle(document.delivery, error, &stop)
        }
        try askToKeep()
        if let stop { return .stopped(reason: stop) }
        return .tried(taken: taken.count, left: begun.count - taken.count)
    }

    private var act: ArchiveAct { ArchiveAct(by: means.by, at: means.now()) }

    /// Writes down what becomes of a delivery that was not taken.
    private func settle(
        _ delivery: Delivery, _ error: ClinicRecordError, _ stop: inout String?
    ) throws(ArchiveError) {
        switch error.outcome {
        case .delivered: try archive.markSent([delivery.id], act: act)
        case .needsAPerson(let reason): try archive.handToPerson(delivery.id, error: reason, act: act)
        case .postponed(let reason):
            if error == .waiting {
                return try archive.postpone(delivery.id, until: means.now(), error: reason)
            }
            guard delivery.attempts < destination.retries.attempts else {
                let words = "\(delivery.attempts) attempts, the last: \(reason)"
                return try archive.handToPerson(delivery.id, error: words, act: act)
            }
            try archive.postpone(delivery.id, until: later(delivery), error: reason)
        case .stopQueue(let reason):
            // The first one tells a person; the others wait for what that person does.
            if stop == nil {
                stop = reason
                try archive.handToPerson(delivery.id, error: Self.stopMark + reason, act: act)
            } else {
                try archive.postpone(delivery.id, until: means.now(), error: reason)
            }
        }
    }

    private func later(_ delivery: Delivery) -> ArchiveTime {
        let seconds = destination.retries.waitSeconds(
            after: delivery.attempts, seed: means.seed ^ UInt64(truncatingIfNeeded: delivery.id))
        return Self.later(means.now(), seconds)
    }

    private static func later(_ moment: ArchiveTime, _ seconds: Double) -> ArchiveTime {
        ArchiveTime(
            millisecondsSince1970: moment.millisecondsSince1970 &+ Int64(seconds * millisecondsPerSecond))
    }

    /// Why nothing goes to this destination; `nil` where it may.
    private func stopReason() throws(ArchiveError) -> String? {
        try archive.deliveries(to: destination.name, in: [.needsAPerson]).lazy
            .compactMap(\.lastError).first { $0.hasPrefix(Self.stopMark) }
            .map { String($0.dropFirst(Self.stopMark.count)) }
    }
}

extension OutboxWorker {
    /// Asks an archive to keep what it took, and gives to a person what it does not answer for.
    private func askToKeep() throws(ArchiveError) {
        guard case .dicom(let service) = destination.service, let policy = service.commitment else { return }
        let now = means.now()
        var open: [Delivery] = []
        for delivery in try archive.deliveries(to: destination.name, in: [.sent]) {
            guard SOPClass.of(kind: delivery.kind) != nil else { continue }
            let patience = policy.patienceHours * Self.secondsPerHour
            if let sent = delivery.sentAt, delivery.transactionUID != nil, Self.later(sent, patience) < now {
                let reason =
                    "no report of storage commitment in \(policy.patienceHours) h: ask for it there, then retry"
                try archive.handToPerson(delivery.id, error: reason, act: act)
            } else if asked[delivery.id].map({ Self.later($0, patience * Self.repeatShare) < now }) ?? true {
                open.append(delivery)
            }
        }
        while !open.isEmpty {
            try ask(Array(open.prefix(Self.mostCommitted)), service.peer, policy)
            open.removeFirst(min(open.count, Self.mostCommitted))
        }
    }

    private func ask(
        _ deliveries: [Delivery], _ peer: DICOMPeer, _ policy: Destination.CommitmentPolicy
    ) throws(ArchiveError) {
        let transaction = means.newUID()
        try archive.requestCommitment(transactionUID: transaction, of: deliveries.map(\.id), act: act)
        for delivery in deliveries { asked[delivery.id] = means.now() }
        let references = deliveries.compactMap { delivery in
            SOPClass.of(kind: delivery.kind).map {
                ProcedureStep.Reference(sopClassUID: $0, sopInstanceUID: delivery.identifier)
            }
        }
        let receiver = Self.receiver(archive, means)
        do throws(ClinicRecordError) {
            try peer.requestCommitment(
                transaction, of: references, waitSeconds: policy.waitSeconds, receiver: receiver)
        } catch {
            switch error.outcome {
            case .needsAPerson(let reason), .stopQueue(let reason):
                for delivery in deliveries where try archive.delivery(delivery.id).state == .sent {
                    try archive.handToPerson(delivery.id, error: reason, act: act)
                }
            // Asked again when its time has come.
            case .postponed, .delivered: break
            }
        }
    }

    /// Notes reports in an archive.
    public static func receiver(_ archive: Archive, _ means: Means) -> CommitmentReceiver {
        { report in
            do throws(ArchiveError) {
                try archive.recordCommitment(
                    transactionUID: report.transactionUID, committed: report.committed, failed: report.failed,
                    act: ArchiveAct(by: means.by, at: means.now()))
                return true
            } catch {
                // Answered as a failure, so that the archive reports it again.
                return false
            }
        }
    }
}

/// The SOP classes of what the outbox holds (PS3.4 table B.5-1).
enum SOPClass {
    static func of(kind: String) -> String? {
        switch RecordDocumentKind(rawValue: kind) {
        case .usImage: "1.2.840.10008.5.1.4.1.1.6.1"
        case .structuredReport: "1.2.840.10008.5.1.4.1.1.88.33"
        case .encapsulatedPDF: "1.2.840.10008.5.1.4.1.1.104.1"
        case .fhirBundle, .observationMessage, nil: nil
        }
    }
}
