internal import Foundation
internal import Glibc
public import ProbeLink
internal import Synchronization

/// Records a USB session as pcapng while it goes on.
///
/// The calls of the transport copy into a bounded queue; a thread of its own writes the file, so that acquisition never
/// waits for the disk. A record that finds no room is dropped and counted at its place in the file (`epb_dropcount`),
/// in its statistics block (`isb_ifdrop`) and in what `finish` returns.
public final class CaptureTap: TransferTap {
    /// Room of the queue unless told otherwise, bytes (project choice: 0.4 s of 41 MB/s, twice).
    public static let usualQueueBytes = 16 << 20

    private struct End: Sendable {
        var bytes: UInt64 = 0
        var failure: String?
    }

    private let name: String
    private let device: CapturedDevice
    private let unixNanosecondsAtZero: UInt64
    private let queue: CaptureQueue
    private let end = Mutex(End())
    private let done = DispatchSemaphore(value: 0)
    private let outcome = Mutex<Result<CaptureSummary, CaptureError>?>(nil)

    /// Makes the file, which must not exist, and begins to capture.
    ///
    /// - Parameters:
    ///   - path: where the file is made.
    ///   - device: whose traffic it is.
    ///   - software: the program and its version, for the file.
    ///   - comment: what a reader should know of the session, such as that the probe is simulated.
    ///   - unixNanosecondsAtZero: what the transport's clock must be raised by to give the time since 1970.
    ///   - queueBytes: room of the queue; the tap needs twice as much memory.
    /// - Throws: `.notWritable`.
    public static func start(
        path: String, device: CapturedDevice, software: String, comment: String? = nil,
        unixNanosecondsAtZero: UInt64 = 0, queueBytes: Int = usualQueueBytes
    ) throws(CaptureError) -> CaptureTap {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .notWritable(file: path, reason: String(cString: strerror(errno)))
        }
        return start(
            writingTo: descriptor, name: path, device: device, software: software, comment: comment,
            unixNanosecondsAtZero: unixNanosecondsAtZero, queueBytes: queueBytes)
    }

    /// Captures into a file that is open; it is closed at the end.
    static func start(
        writingTo descriptor: Int32, name: String, device: CapturedDevice, software: String, comment: String? = nil,
        unixNanosecondsAtZero: UInt64 = 0, queueBytes: Int = usualQueueBytes
    ) -> CaptureTap {
        var head: [UInt8] = []
        PcapngWriter().begin(device: device, software: software, comment: comment, to: &head)
        let queue = CaptureQueue(capacity: queueBytes, beginningWith: head)
        let tap = CaptureTap(name, device, unixNanosecondsAtZero, queue)
        let thread = Thread { tap.write(to: descriptor) }
        thread.name = "capture"
        thread.start()
        return tap
    }

    private init(_ path: String, _ device: CapturedDevice, _ unixNanosecondsAtZero: UInt64, _ queue: CaptureQueue) {
        name = path
        self.device = device
        self.unixNanosecondsAtZero = unixNanosecondsAtZero
        self.queue = queue
    }

    /// Notes the submission and the end of one request.
    public func controlEnded(
        _ request: ControlRequest, data: [UInt8], error: TransportError?, startNanoseconds: UInt64,
        endNanoseconds: UInt64
    ) {
        let id = queue.makeID()
        let setup = request.setupBytes
        let isIn = setup[0] & 0x80 != 0
        let sent: [UInt8] = if case .out(let bytes) = request.body { bytes } else { [] }
        let length = UInt32(setup[6]) | UInt32(setup[7]) << 8
        var record = record(id, .submit, .control, endpoint: isIn ? 0x80 : 0, at: startNanoseconds)
        record.status = UsbmonRecord.inProgress
        record.urbBytes = length
        record.setup = setup
        queue.append(record, data: sent.span.bytes)
        record.event = .complete
        record.status = error.map(\.linuxStatus) ?? 0
        record.urbBytes = isIn ? UInt32(clamping: data.count) : error == nil ? length : 0
        record.setup = nil
        record.nanoseconds = unixNanosecondsAtZero &+ endNanoseconds
        queue.append(record, data: data.span.bytes)
    }

    /// Notes the end of one transfer of an IN endpoint.
    public func transferEnded(
        endpoint: UInt8, isIsochronous: Bool, statusErrno: Int32, bytes: RawSpan, nanoseconds: UInt64
    ) {
        let isInterrupt = device.interruptEndpoints.contains(endpoint)
        let type: UsbmonRecord.TransferType = isIsochronous ? .isochronous : isInterrupt ? .interrupt : .bulk
        let length = UInt32(clamping: bytes.byteCount)
        var record = record(queue.makeID(), .complete, type, endpoint: endpoint, at: nanoseconds)
        record.status = statusErrno
        record.urbBytes = length
        let packets = isIsochronous ? [IsochronousPacket(status: 0, offset: 0, length: length)] : []
        queue.append(record, packets: packets, data: bytes)
    }

    /// Notes that packets of an isochronous endpoint did not arrive.
    public func packetsMissed(endpoint: UInt8, count: Int, packetNanoseconds: UInt64, nanoseconds: UInt64) {
        let missed = IsochronousPacket(status: IsochronousPacket.missedStatus, offset: 0, length: 0)
        var rest = max(0, count)
        while rest > 0 {
            let packets = min(rest, Self.mostPackets)
            var record = record(queue.makeID(), .complete, .isochronous, endpoint: endpoint, at: nanoseconds)
            record.intervalMicroframes = UInt32(clamping: packetNanoseconds / Self.microframeNanoseconds)
            queue.append(
                record, packets: Array(repeating: missed, count: packets), data: [UInt8]().span.bytes)
            rest -= packets
        }
    }

    /// A microframe of USB 2.0, nanoseconds.
    static let microframeNanoseconds: UInt64 = 125_000
    /// The most packets of one record, as usbfs has for one transfer.
    private static let mostPackets = 128

    private func record(
        _ id: UInt64, _ event: UsbmonRecord.Event, _ type: UsbmonRecord.TransferType, endpoint: UInt8,
        at nanoseconds: UInt64
    ) -> UsbmonRecord {
        UsbmonRecord(
            id: id, event: event, type: type, endpoint: endpoint, deviceAddress: device.address, bus: device.bus,
            status: 0, urbBytes: 0, nanoseconds: unixNanosecondsAtZero &+ nanoseconds)
    }

    /// Ends the capture, waits for the disk and closes the file; again, it only answers the same.
    ///
    /// - Throws: `.writeFailed` when the disk failed on the way; what was written before is kept.
    public func finish() throws(CaptureError) -> CaptureSummary {
        try outcome.withLock { outcome throws(CaptureError) -> CaptureSummary in
            if let outcome { return try outcome.get() }
            let counts = queue.finish()
            done.wait()
            let end = end.withLock { $0 }
            let result: Result<CaptureSummary, CaptureError>
            if let reason = end.failure {
                result = .failure(.writeFailed(file: name, reason: reason, keptBytes: end.bytes))
            } else {
                result = .success(
                    CaptureSummary(records: counts.records, dropped: counts.dropped, bytes: end.bytes))
            }
            outcome = result
            return try result.get()
        }
    }

    /// The writing thread: from the queue to the disk until the capture is finished.
    private func write(to descriptor: Int32) {
        var buffer: [UInt8] = []
        var goesOn = true
        while goesOn {
            goesOn = queue.take(into: &buffer)
            let hasFailed = end.withLock { $0.failure != nil }
            if hasFailed || buffer.isEmpty { continue }
            let reason = Self.write(buffer, to: descriptor)
            let count = UInt64(buffer.count)
            end.withLock { end in
                end.failure = reason
                if reason == nil { end.bytes += count }
            }
        }
        close(descriptor)
        done.signal()
    }

    /// Writes everything; the reason in words when that failed.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> String? {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                guard let start = buffer.baseAddress else { return nil }
                let count = Glibc.write(descriptor, start + written, buffer.count - written)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return String(cString: strerror(count < 0 ? errno : ENOSPC)) }
                written += count
            }
            return nil
        }
    }
}
