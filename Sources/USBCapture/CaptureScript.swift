internal import ProbeLink

/// What happened in a capture, in the order in which it ended, of the one device that is replayed.
struct CaptureScript: Sendable {
    /// One thing that ended.
    enum Step: Sendable {
        /// A request with its answer.
        case control(ControlRequest, status: Int32, answer: Range<Int>)
        /// A transfer of an IN endpoint.
        case transfer(CapturedRecord)
    }

    /// The steps.
    let steps: [Step]
    /// The places of the requests among the steps.
    let controls: [Int]

    /// The most requests whose end is waited for (project choice: a host has a handful under way).
    private static let mostPending = 4096

    init(_ capture: PcapngReader) {
        let device = Self.device(of: capture.records)
        var steps: [Step] = []
        var controls: [Int] = []
        var pending: [UInt64: ControlRequest] = [:]
        for captured in capture.records {
            let record = captured.record
            guard record.bus == device.bus, record.deviceAddress == device.address else { continue }
            switch (record.type, record.event) {
            case (.control, .submit):
                guard let setup = record.setup, pending.count < Self.mostPending else { continue }
                pending[record.id] = ControlRequest(setup: setup, data: capture.data(of: captured))
            case (.control, _):
                guard let request = pending.removeValue(forKey: record.id) else { continue }
                controls.append(steps.count)
                steps.append(.control(request, status: record.status, answer: captured.data))
            case (_, .complete) where record.endpoint & 0x80 != 0:
                steps.append(.transfer(captured))
            default: continue
            }
        }
        self.steps = steps
        self.controls = controls
    }

    /// The device with the most bytes to the host; the one with the most requests where there are none.
    private static func device(of records: [CapturedRecord]) -> (bus: UInt16, address: UInt8) {
        var bytes: [UInt32: Int] = [:]
        for captured in records {
            let key = UInt32(captured.record.bus) << 8 | UInt32(captured.record.deviceAddress)
            // One more, so that a device that sent nothing is found too.
            bytes[key, default: 0] += 1 + (captured.record.endpoint & 0x80 != 0 ? captured.data.count : 0)
        }
        let busiest = bytes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
        return (UInt16(truncatingIfNeeded: busiest >> 8), UInt8(truncatingIfNeeded: busiest))
    }
}
