internal import CDICOM

/// What an archive says that it keeps (storage commitment, PS3.4 annex J).
public struct CommitmentReport: Sendable, Hashable {
    /// The transaction that it answers.
    public var transactionUID: String
    /// Who says so.
    public var callingTitle: String
    /// The objects that it keeps, by SOP instance.
    public var committed: [String]
    /// The objects that it does not keep, by SOP instance, and why.
    public var failed: [String: String]

    /// A report from its fields.
    public init(transactionUID: String, callingTitle: String, committed: [String], failed: [String: String]) {
        self.transactionUID = transactionUID
        self.callingTitle = callingTitle
        self.committed = committed
        self.failed = failed
    }
}

/// Notes a report; `false` where it could not be, and the archive shall send it again.
public typealias CommitmentReceiver = @Sendable (CommitmentReport) -> Bool

/// Hands C's reports to a receiver.
final class ReportRelay: Sendable {
    private let receiver: CommitmentReceiver
    private static let processingFailure: UInt16 = 0x0110

    init(_ receiver: @escaping CommitmentReceiver) { self.receiver = receiver }

    static let reported: cdicom_reported = { context, title, transaction, objects, count in
        guard let context, let title, let transaction else { return processingFailure }
        let relay = Unmanaged<ReportRelay>.fromOpaque(context).takeUnretainedValue()
        var report = CommitmentReport(
            transactionUID: String(cString: transaction), callingTitle: String(cString: title), committed: [],
            failed: [:])
        for object in UnsafeBufferPointer(start: objects, count: objects == nil ? 0 : count) {
            guard let instance = object.sop_instance.map({ String(cString: $0) }) else { continue }
            if object.failure_reason == 0 {
                report.committed.append(instance)
            } else {
                report.failed[instance] = words(object.failure_reason)
            }
        }
        return relay.receiver(report) ? 0 : processingFailure
    }

    /// PS3.3 C.14.1.1.
    private static func words(_ reason: UInt16) -> String {
        switch reason {
        case 0x0110: "processing failure there"
        case 0x0112: "it does not have this object"
        case 0x0119: "class and instance do not belong together"
        case 0x0122: "it does not keep this kind of object"
        case 0x0131: "the transaction was used before"
        case 0x0213: "no room there"
        default: "reason 0x" + String(reason, radix: 16, uppercase: true)
        }
    }
}

extension DICOMPeer {
    /// Asks an archive to keep objects that it took (N-ACTION).
    ///
    /// - Parameters:
    ///   - transactionUID: never used before.
    ///   - waitSeconds: how long a report on the same association is waited for; others go to a listener.
    ///   - receiver: gets that report.
    public func requestCommitment(
        _ transactionUID: String, of objects: [ProcedureStep.Reference], waitSeconds: Int,
        receiver: @escaping CommitmentReceiver
    ) throws(ClinicRecordError) {
        let relay = ReportRelay(receiver)
        try calling("the request to keep objects (storage commitment)") { peer, texts, outcome in
            let list = objects.map {
                cdicom_commitment(
                    sop_class: texts.add($0.sopClassUID), sop_instance: texts.add($0.sopInstanceUID), failure_reason: 0)
            }
            withExtendedLifetime(relay) {
                cdicom_commit(
                    peer, texts.add(transactionUID), list, list.count, Int32(clamping: waitSeconds),
                    ReportRelay.reported, Unmanaged.passUnretained(relay).toOpaque(), outcome)
            }
        }
    }
}
