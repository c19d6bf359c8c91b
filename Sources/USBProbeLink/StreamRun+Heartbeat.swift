internal import CLibUSB
internal import ProbeLink

extension StreamRun {
    mutating func beatIfDue() {
        guard heartbeat?.begin(nowNs: terms.clock()) == true, let transfer = heartbeat?.transfer else { return }
        let code = libusb_submit_transfer(transfer)
        guard code != 0 else { return }
        heartbeat?.isInFlight = false
        heartbeatFailed(code)
    }

    mutating func heartbeatCameBack(_ transfer: TransferPool.Transfer, atNs now: UInt64) {
        heartbeat?.isInFlight = false
        let status = transfer.pointee.status
        let code = USBErrorTable.code(of: status)
        if status != LIBUSB_TRANSFER_CANCELLED { show(code, atNs: now) }
        if status == LIBUSB_TRANSFER_COMPLETED { heartbeat?.failures = 0 }
        if let code { heartbeatFailed(code) }
    }

    private mutating func heartbeatFailed(_ code: Int32) {
        guard !isEnding || code == LIBUSB_ERROR_NO_DEVICE.rawValue, heartbeat != nil else { return }
        failedTransfers += 1
        heartbeat?.failures += 1
        let isFinal = code == LIBUSB_ERROR_NO_DEVICE.rawValue || code == LIBUSB_ERROR_PIPE.rawValue
        guard isFinal || heartbeat?.failures == HeartbeatState.mostFailures, let reason = reason(code) else { return }
        note(reason)
    }

    private func reason(_ code: Int32) -> TransportError? {
        heartbeat.map {
            connection.errors.controlError(
                code, request: $0.request.request, milliseconds: USBProbeTransport.controlTimeoutMilliseconds)
        }
    }

    private func show(_ code: Int32?, atNs now: UInt64) {
        guard let tap = terms.tap, let heartbeat else { return }
        tap.controlEnded(
            heartbeat.request, data: [], error: code.flatMap { reason($0) }, startNanoseconds: heartbeat.sentNs,
            endNanoseconds: now)
    }
}
