internal import CLibUSB
internal import ProbeLink

extension StreamRun {
    /// Lends what a transfer brought to the sink, whatever its status: what arrived before trouble is good.
    ///
    /// - Returns: whether it is a sign that the device still answers.
    mutating func deliver<Sink: TransferSink & ~Copyable>(
        _ transfer: TransferPool.Transfer, _ index: Int, atNs now: UInt64, to sink: inout Sink
    ) -> Bool {
        guard let packetNs = pipes[index].packets?.packetNs else {
            return deliverBytes(transfer, pipes[index].pipe, atNs: now, to: &sink)
        }
        let untold = pipes[index].packets?.takeUntold() ?? 0
        if untold > 0 { tellMissed(untold, packetNs, of: transfer, atNs: now, to: &sink) }
        return deliverPackets(transfer, packetNs, atNs: now, to: &sink)
    }

    private func deliverBytes<Sink: TransferSink & ~Copyable>(
        _ transfer: TransferPool.Transfer, _ pipe: ProbePipe, atNs now: UInt64, to sink: inout Sink
    ) -> Bool {
        // A count beyond the buffer is a lie.
        let count = max(min(Int(transfer.pointee.actual_length), Int(transfer.pointee.length)), 0)
        let bytes = UnsafeRawBufferPointer(start: transfer.pointee.buffer, count: count)
        show(bytes, of: transfer, isIsochronous: false, atNs: now)
        guard count > 0 else { return transfer.pointee.status == LIBUSB_TRANSFER_COMPLETED }
        sink.transferArrived(hostNanoseconds: now)
        sink.receive(bytes.bytes, from: pipe)
        return true
    }

    private func deliverPackets<Sink: TransferSink & ~Copyable>(
        _ transfer: TransferPool.Transfer, _ packetNs: UInt64, atNs now: UInt64, to sink: inout Sink
    ) -> Bool {
        guard var stretches = PacketStretches(transfer) else { return false }
        var isFirst = true
        while let stretch = stretches.nextStretch() {
            switch stretch {
            case .missed(let count): tellMissed(count, packetNs, of: transfer, atNs: now, to: &sink)
            case .good(let bytes):
                if isFirst { sink.transferArrived(hostNanoseconds: now) }
                isFirst = false
                show(bytes, of: transfer, isIsochronous: true, atNs: now)
                sink.receive(bytes.bytes, from: .stream)
            }
        }
        return stretches.joinedBytes > 0
    }

    private func tellMissed<Sink: TransferSink & ~Copyable>(
        _ count: Int, _ packetNs: UInt64, of transfer: TransferPool.Transfer, atNs now: UInt64, to sink: inout Sink
    ) {
        terms.tap?.packetsMissed(
            endpoint: transfer.pointee.endpoint, count: count, packetNanoseconds: packetNs, nanoseconds: now)
        sink.missed(packets: count, packetNanoseconds: packetNs)
    }

    private func show(
        _ bytes: UnsafeRawBufferPointer, of transfer: TransferPool.Transfer, isIsochronous: Bool, atNs now: UInt64
    ) {
        guard let tap = terms.tap else { return }
        tap.transferEnded(
            endpoint: transfer.pointee.endpoint, isIsochronous: isIsochronous,
            statusErrno: USBErrorTable.errno(of: transfer.pointee.status), bytes: bytes.bytes, nanoseconds: now)
    }
}
