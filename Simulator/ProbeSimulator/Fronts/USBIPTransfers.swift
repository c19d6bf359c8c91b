/// The transfers of one attached device: which wait for the device, and what is answered.
///
/// Every submission is answered once: by its own reply, or by the reply to its unlinking when it was taken back in
/// time; never by both.
struct USBIPTransfers: Sendable {
    /// A transfer that waits for the device, with what it has so far.
    private struct Waiting: Sendable {
        var submission: USBIPSubmission
        var data: [UInt8] = []
        /// The next isochronous packet to be filled.
        var nextPacket = 0
    }

    /// The most transfers in flight (project choice: sixteen times what the driver keeps there).
    static let mostTransfers = 1024
    /// Nothing is collected from the device while so many bytes of replies wait for the socket (project choice).
    static let mostReplyBytes = 4 << 20
    private static let nanosecondsPerFrame: UInt64 = 1_000_000

    private var queues: [UInt8: [Waiting]] = [:]
    /// Replies that have not been taken yet.
    private(set) var replies: [UInt8] = []

    /// Transfers in flight.
    var count: Int { queues.values.reduce(0) { $0 + $1.count } }

    /// The replies so far, which are the caller's from now on.
    mutating func takeReplies() -> [UInt8] {
        defer { replies = [] }
        return replies
    }

    /// Does what a host asks for.
    mutating func receive(_ command: USBIPCommand, for device: inout any SimulatedDevice) throws(USBIPError) {
        switch command {
        case .unlink(let sequence, let victim):
            let status: USBIPStatus = remove(victim) ? .unlinked : .done
            replies += USBIPReply.unlink(sequence: sequence, status: status)
        case .submit(let submission) where submission.isControl:
            control(submission, device: &device)
        case .submit(let submission) where !submission.isIn:
            let isTaken = submission.packets.isEmpty && device.write(endpoint: submission.endpoint, submission.out)
            replies += USBIPReply.submit(
                submission, status: isTaken ? .done : .stalled, actualLength: isTaken ? submission.length : 0)
        case .submit(let submission):
            let waiting = count
            guard waiting < Self.mostTransfers else { throw .tooManyTransfers(waiting) }
            queues[submission.endpoint, default: []].append(Waiting(submission: submission))
        }
    }

    /// Answers the transfers for which the device has something by now.
    mutating func serve(_ device: inout any SimulatedDevice) {
        for endpoint in queues.keys.sorted() {
            while var first = queues[endpoint]?.first, replies.count < Self.mostReplyBytes {
                let reply = fill(&first, from: &device)
                queues[endpoint]?[0] = first
                guard let reply else { break }
                replies += reply
                queues[endpoint]?.removeFirst()
            }
        }
    }

    private mutating func remove(_ sequence: UInt32) -> Bool {
        for endpoint in queues.keys {
            guard let index = queues[endpoint]?.firstIndex(where: { $0.submission.sequence == sequence }) else {
                continue
            }
            queues[endpoint]?.remove(at: index)
            return true
        }
        return false
    }

    private mutating func control(_ submission: USBIPSubmission, device: inout any SimulatedDevice) {
        switch device.control(submission.setup, out: submission.out) {
        case .stall: replies += USBIPReply.submit(submission, status: .stalled, actualLength: 0)
        case .acknowledge:
            replies += USBIPReply.submit(
                submission, status: .done, actualLength: submission.isIn ? 0 : submission.length)
        case .bytes(let bytes):
            let data = submission.isIn ? Array(bytes.prefix(submission.length)) : []
            replies += USBIPReply.submit(submission, status: .done, actualLength: data.count, data: data)
        }
    }

    /// Collects what the device has; the reply when the transfer is over.
    private func fill(_ waiting: inout Waiting, from device: inout any SimulatedDevice) -> [UInt8]? {
        waiting.submission.packets.isEmpty
            ? fillBuffer(&waiting, from: &device) : fillPackets(&waiting, from: &device)
    }

    private func fillBuffer(_ waiting: inout Waiting, from device: inout any SimulatedDevice) -> [UInt8]? {
        let submission = waiting.submission
        var status = USBIPStatus.done
        var isOver = submission.length == 0
        while !isOver {
            let room = submission.length - waiting.data.count
            switch device.read(endpoint: submission.endpoint, atMost: room) {
            case .nothingYet: return nil
            case .stalled:
                status = .stalled
                isOver = true
            case .bytes(let bytes, let endsTransfer):
                waiting.data += bytes.prefix(room)
                if bytes.count > room { status = .overflow }
                isOver = endsTransfer || waiting.data.count == submission.length
                if bytes.isEmpty, !isOver { return nil }
            }
        }
        let isShort = waiting.data.count < submission.length
        if isShort, status == .done, submission.flags & USBIPSubmission.shortIsError != 0 { status = .short }
        return USBIPReply.submit(submission, status: status, actualLength: waiting.data.count, data: waiting.data)
    }

    /// Fills one packet with each packet of the device, also where it is empty.
    private func fillPackets(_ waiting: inout Waiting, from device: inout any SimulatedDevice) -> [UInt8]? {
        while waiting.nextPacket < waiting.submission.packets.count {
            let index = waiting.nextPacket
            let room = Int(waiting.submission.packets[index].length)
            switch device.readInterval(endpoint: waiting.submission.endpoint, atMost: room) {
            case .nothingYet: return nil
            case .missed: waiting.submission.packets[index].status = .missed
            case .packet(let bytes):
                let kept = bytes.prefix(room)
                waiting.data += kept
                waiting.submission.packets[index].actualLength = UInt32(kept.count)
                if bytes.count > room { waiting.submission.packets[index].status = .overflow }
            }
            waiting.nextPacket += 1
        }
        let frame = UInt32(truncatingIfNeeded: device.nowNanoseconds / Self.nanosecondsPerFrame)
        return USBIPReply.submit(
            waiting.submission, status: .done, actualLength: waiting.data.count, startFrame: frame, data: waiting.data)
    }
}
