internal import CLibUSB
internal import ProbeLink

/// The transfers of one run with their buffers.
///
/// They are freed when the pool ends, so all of them must be back by then; `abandon` keeps the memory for good where
/// that could not be achieved.
struct TransferPool: ~Copyable {
    typealias Transfer = CompletionList.Transfer

    let completions: CompletionList
    private(set) var transfers: [Transfer] = []
    private var isAbandoned = false

    init(capacity: Int) { completions = CompletionList(capacity: capacity) }

    deinit {
        if isAbandoned { return }
        for transfer in transfers {
            transfer.pointee.buffer?.deallocate()
            libusb_free_transfer(transfer)
        }
    }

    /// Keeps all memory for ever, because the kernel may still write to it.
    mutating func abandon() {
        isAbandoned = true
        _ = Unmanaged.passRetained(completions)
    }

    /// Adds a transfer with a buffer.
    ///
    /// - Throws: when there is no memory.
    mutating func add(bufferBytes: Int, packets: Int = 0) throws(TransportError) -> Transfer {
        guard let transfer = libusb_alloc_transfer(Int32(packets)) else {
            throw .usb(code: LIBUSB_ERROR_NO_MEM.rawValue, doing: "making a transfer")
        }
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: bufferBytes)
        buffer.initialize(repeating: 0, count: bufferBytes)
        transfer.pointee.buffer = buffer
        transfers.append(transfer)
        return transfer
    }

    /// Adds transfers that read one endpoint without a time limit.
    ///
    /// - Parameter packets: into how many an isochronous transfer of `bytes` is divided.
    mutating func addReads(
        of endpoint: USBEndpoint, count: Int, bytes: Int, packets: Int = 0, of handle: OpaquePointer
    ) throws(TransportError) -> [Transfer] {
        var added: [Transfer] = []
        for _ in 0..<count {
            let transfer = try add(bufferBytes: bytes, packets: packets)
            let buffer = transfer.pointee.buffer
            if packets > 0 {
                libusb_fill_iso_transfer(
                    transfer, handle, endpoint.address, buffer, Int32(bytes), Int32(packets),
                    CompletionList.callback, completions.userData, 0)
                libusb_set_iso_packet_lengths(transfer, UInt32(bytes / packets))
            } else if endpoint.kind == .interruptIn {
                libusb_fill_interrupt_transfer(
                    transfer, handle, endpoint.address, buffer, Int32(bytes), CompletionList.callback,
                    completions.userData, 0)
            } else {
                libusb_fill_bulk_transfer(
                    transfer, handle, endpoint.address, buffer, Int32(bytes), CompletionList.callback,
                    completions.userData, 0)
            }
            added.append(transfer)
        }
        return added
    }

    /// Adds a transfer that sends a vendor request to the device.
    mutating func addControl(
        _ request: ControlRequest, timeoutMilliseconds: Int, of handle: OpaquePointer
    ) throws(TransportError) -> Transfer {
        let setup = ControlSetup(request)
        let transfer = try add(bufferBytes: ControlSetup.byteCount + Int(setup.length))
        let buffer = transfer.pointee.buffer
        libusb_fill_control_setup(
            buffer, setup.requestType, request.request, request.value, request.index, setup.length)
        for (offset, byte) in setup.bytes.enumerated() { buffer?[ControlSetup.byteCount + offset] = byte }
        libusb_fill_control_transfer(
            transfer, handle, buffer, CompletionList.callback, completions.userData, UInt32(timeoutMilliseconds))
        return transfer
    }
}

/// A vendor request as it stands in a setup packet.
struct ControlSetup {
    /// Bytes before the data of a request (USB 2.0, 9.3).
    static let byteCount = 8
    /// `bmRequestType` (USB 2.0, table 9-2).
    let requestType: UInt8
    /// `wLength`.
    let length: UInt16
    /// What an OUT request carries, cut to what `wLength` can say.
    let bytes: [UInt8]

    init(_ request: ControlRequest) {
        switch request.body {
        case .out(let bytes):
            requestType = request.scope.requestTypeBits
            length = UInt16(clamping: bytes.count)
            self.bytes = Array(bytes.prefix(Int(length)))
        case .in(let length):
            requestType = 0x80 | request.scope.requestTypeBits
            self.length = length
            bytes = []
        }
    }
}
