internal import Glibc
public import ProbeLink
internal import Synchronization

/// Replays a captured USB session: the probe is there again, as far as it was asked.
///
/// Requests are answered in the order of the capture, the same request with the same value and data. What the host's
/// heartbeat sent, and what was read while a run was at work, may be left out. A run delivers the captured transfers,
/// missed isochronous packets included, up to the request that ended it: the first one to the probe that is not the
/// heartbeat. It goes as fast as the sink has room.
public final class CaptureTransport: ProbeTransport {
    /// What the replay has come to.
    private struct Place {
        /// The next request, as an index of the script's requests.
        var control = 0
        /// The next step of a run.
        var step = 0
        /// The heartbeat of the last run.
        var heartbeat: ControlRequest?
        var failedTransfers: UInt64 = 0
        var isRunning = false
    }

    /// How long the thread rests while the sink has no room, microseconds (project choice, as for recordings).
    private static let restMicroseconds: UInt32 = 200

    /// What the captured transport led to.
    public let label: String
    /// The capture that is replayed.
    public let capture: PcapngReader
    private let script: CaptureScript
    private let place = Mutex(Place())

    /// A replay from the capture's beginning.
    public init(_ capture: PcapngReader) {
        self.capture = capture
        script = CaptureScript(capture)
        label = "capture of " + (capture.deviceLabel ?? capture.fileName)
    }

    /// Transfers that had failed in the capture, over all runs that have ended.
    public var failedTransfers: UInt64 { place.withLock { $0.failedTransfers } }

    /// Answers a request as the captured device did.
    ///
    /// - Throws: what the device's answer meant, or `protocolViolation` with what was expected where the capture has
    ///   another request at this place.
    @discardableResult
    public func control(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
        let (status, answer) = try place.withLock { place throws(TransportError) in try find(request, &place) }
        if let error = TransportError(linuxStatus: status, request: request, label: label) { throw error }
        guard case .in(let length) = request.body else { return [] }
        return Array(capture.bytes[answer].prefix(Int(length)))
    }

    /// Delivers the transfers of the next run of the capture.
    ///
    /// No heartbeat is sent, and the stream's end in the capture is the end here.
    ///
    /// - Throws: `disconnected` where the captured device was unplugged, `busy` when another run is at work.
    public func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        let begun = place.withLock { place -> Int? in
            guard !place.isRunning else { return nil }
            place.isRunning = true
            if let heartbeat { place.heartbeat = heartbeat.request }
            return place.step
        }
        guard let first = begun else { throw .busy(device: label) }
        let end = endOfRun(from: first, heartbeat: heartbeat?.request)
        var failed: UInt64 = 0
        var isGone = false
        for step in script.steps[first..<end] {
            guard case .transfer(let captured) = step else { continue }
            while !sink.hasRoom(forBytes: captured.data.count), !stop.isRequested { usleep(Self.restMicroseconds) }
            if stop.isRequested { break }
            deliver(captured, to: &sink)
            let status = captured.record.status
            isGone = LinuxStatus.isGone(status)
            if status != 0, !isGone, !LinuxStatus.isTakenBack(status) { failed += 1 }
        }
        place.withLock { place in
            place.step = max(place.step, end)
            place.failedTransfers += failed
            place.isRunning = false
        }
        if !stop.isRequested, isGone || isGoneAt(end) { throw .disconnected(device: label) }
    }

    // MARK: - Steps

    private func find(_ request: ControlRequest, _ place: inout Place) throws(TransportError) -> (Int32, Range<Int>) {
        var index = place.control
        while index < script.controls.count {
            let step = script.controls[index]
            guard case .control(let captured, let status, let answer) = script.steps[step] else { break }
            if captured == request {
                place.control = index + 1
                place.step = max(place.step, step + 1)
                return (status, answer)
            }
            let wasReadInRun = step < place.step && captured.isRead
            guard wasReadInRun || captured == place.heartbeat else {
                throw .protocolViolation(
                    what: "the capture has \(captured.words) where \(request.words) was sent" + dropWords)
            }
            index += 1
        }
        throw .protocolViolation(what: "the capture ends before \(request.words)" + dropWords)
    }

    private var dropWords: String {
        capture.droppedRecords == 0 ? "" : " (\(capture.droppedRecords) records were dropped from it)"
    }

    /// The step of the request that ended a run: the first to the probe that is not the heartbeat.
    private func endOfRun(from first: Int, heartbeat: ControlRequest?) -> Int {
        for index in first..<script.steps.count {
            if case .control(let request, _, _) = script.steps[index], !request.isRead, request != heartbeat {
                return index
            }
        }
        return script.steps.count
    }

    private func isGoneAt(_ step: Int) -> Bool {
        guard script.steps.indices.contains(step), case .control(_, let status, _) = script.steps[step] else {
            return false
        }
        return LinuxStatus.isGone(status)
    }

    // MARK: - Transfers

    private func deliver<Sink: TransferSink & ~Copyable>(_ captured: CapturedRecord, to sink: inout Sink) {
        let record = captured.record
        sink.transferArrived(hostNanoseconds: record.nanoseconds)
        if record.type == .isochronous, !captured.packets.isEmpty {
            deliverPackets(of: captured, to: &sink)
        } else if !captured.data.isEmpty {
            let bytes = capture.bytes
            sink.receive(
                bytes.span.bytes.extracting(captured.data), from: record.type == .interrupt ? .events : .stream)
        }
    }

    /// Delivers good packets that follow each other as one, and counts the others in between.
    private func deliverPackets<Sink: TransferSink & ~Copyable>(of captured: CapturedRecord, to sink: inout Sink) {
        let nanoseconds = UInt64(captured.record.intervalMicroframes) * CaptureTap.microframeNanoseconds
        let bytes = capture.bytes
        let span = bytes.span.bytes.extracting(captured.data)
        var missed = 0
        for packet in captured.packets {
            let start = Int(packet.offset)
            let end = start + Int(packet.length)
            guard packet.status == 0, end <= span.byteCount else {
                missed += 1
                continue
            }
            if missed > 0 { sink.missed(packets: missed, packetNanoseconds: nanoseconds) }
            missed = 0
            if end > start { sink.receive(span.extracting(start..<end), from: .stream) }
        }
        if missed > 0 { sink.missed(packets: missed, packetNanoseconds: nanoseconds) }
    }
}

extension ControlRequest {
    /// Whether the request only reads.
    fileprivate var isRead: Bool {
        if case .in = body { true } else { false }
    }
}
