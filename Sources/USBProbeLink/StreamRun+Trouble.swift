internal import CLibUSB
internal import ProbeLink

extension StreamRun {
    mutating func submitAll(_ index: Int) {
        for transfer in pipes[index].transfers { submitAgain(transfer, index) }
    }

    /// Puts a transfer in flight unless the run ends, trouble is being dealt with, or enough of them are.
    mutating func submitAgain(_ transfer: TransferPool.Transfer, _ index: Int) {
        guard
            !isEnding, problem == nil, pipes[index].phase == .flowing,
            pipes[index].inFlight < pipes[index].mostInFlight
        else { return }
        if pipes[index].packets != nil { forgetPackets(of: transfer) }
        let code = libusb_submit_transfer(transfer)
        guard code == 0 else { return submissionFailed(code, index) }
        pipes[index].inFlight += 1
        if pipes[index].packets != nil { pipes[index].packets?.submitted(atNs: terms.clock()) }
    }

    /// A device that leaves may bring packets back untouched: those must not look as good as they did last time.
    private func forgetPackets(of transfer: TransferPool.Transfer) {
        guard let packets = iso_packets_of(transfer) else { return }
        for index in 0..<max(Int(transfer.pointee.num_iso_packets), 0) {
            packets[index].actual_length = 0
            packets[index].status = LIBUSB_TRANSFER_CANCELLED
        }
    }

    /// A transfer that came back well may be the last one: that its device is gone shows in putting it in flight again.
    private mutating func submissionFailed(_ code: Int32, _ index: Int) {
        if code == LIBUSB_ERROR_IO.rawValue { return beginTrouble(code, index) }
        var doing = "reading endpoint 0x" + String(pipes[index].endpoint, radix: 16)
        if code == LIBUSB_ERROR_NO_MEM.rawValue {
            if pipes[index].makeDoWithFewer() { return }
            doing += " without enough memory for USB (usbfs_memory_mb)"
        }
        let limitBytes = terms.limitMegabytes.map { $0.multipliedReportingOverflow(by: 1 << 20).partialValue }
        note(
            connection.errors.submitError(code, doing: doing, neededBytes: neededBytes, limitBytes: limitBytes))
    }

    /// Calls back the pipe's other transfers, so that the halt can be cleared.
    ///
    /// Several errors at once may mean that the device was unplugged; the attempts to go on will show it.
    mutating func beginTrouble(_ code: Int32, _ index: Int) {
        guard pipes[index].phase == .flowing else { return }
        pipes[index].phase = .returning
        pipes[index].lastCode = code
        pipes[index].cancel()
        pipes[index].calledBackNs = terms.clock()
    }

    mutating func resumeIfDue() {
        for index in pipes.indices where pipes[index].inFlight == 0 && problem == nil {
            switch pipes[index].phase {
            case .flowing: break
            case .returning: resume(index)
            case .pausing(let untilNs): if terms.clock() >= untilNs { resume(index) }
            }
        }
    }

    private mutating func resume(_ index: Int) {
        if pipes[index].phase == .returning, pipes[index].attempts > 0 { return pause(index) }
        pipes[index].attempts += 1
        guard pipes[index].attempts <= ReadingPipe.mostAttempts else { return giveUp(index) }
        // An isochronous endpoint has no halt (USB 2.0, 5.6.5).
        if pipes[index].packets == nil {
            let code = libusb_clear_halt(connection.handle, pipes[index].endpoint)
            if code == LIBUSB_ERROR_NO_DEVICE.rawValue {
                return note(.disconnected(device: connection.device.label))
            }
            guard code == 0 else { return pause(index) }
        }
        pipes[index].phase = .flowing
        pipes[index].packets?.resumed(atNs: terms.clock())
        submitAll(index)
    }

    private mutating func pause(_ index: Int) {
        pipes[index].phase = .pausing(untilNs: terms.clock() &+ ReadingPipe.pauseNs)
    }

    /// Ends the run: as unplugged where the device is no longer listed, since some controllers never say so.
    private mutating func giveUp(_ index: Int) {
        guard connection.isListed else { return note(.disconnected(device: connection.device.label)) }
        let endpoint = "0x" + String(pipes[index].endpoint, radix: 16)
        note(
            connection.errors.error(
                pipes[index].lastCode,
                doing: "reading endpoint \(endpoint), after \(ReadingPipe.mostAttempts) attempts"))
    }
}
