internal import CLibUSB
internal import Glibc
internal import ProbeLink

/// The one place where codes of the USB library become errors that say what happened to the probe.
struct USBErrorTable {
    /// The device as named to a person.
    let device: String

    /// What a library call's error means.
    ///
    /// - Parameters:
    ///   - code: negative, one of `libusb_error`.
    ///   - doing: what was being done, as in "claiming interface 0".
    func error(_ code: Int32, doing: String) -> TransportError {
        switch code {
        case LIBUSB_ERROR_NO_DEVICE.rawValue: .disconnected(device: device)
        case LIBUSB_ERROR_ACCESS.rawValue: .accessDenied(device: device)
        case LIBUSB_ERROR_BUSY.rawValue: .busy(device: device)
        case LIBUSB_ERROR_OVERFLOW.rawValue: .protocolViolation(what: "more bytes than asked for while \(doing)")
        default: .usb(code: code, doing: doing)
        }
    }

    /// What the error of a vendor request means.
    func controlError(_ code: Int32, request: UInt8, milliseconds: Int) -> TransportError {
        let name = "request 0x" + String(request, radix: 16)
        return switch code {
        case LIBUSB_ERROR_PIPE.rawValue: .stalled(request: request)
        case LIBUSB_ERROR_TIMEOUT.rawValue: .timedOut(what: "\(device), \(name),", milliseconds: milliseconds)
        default: error(code, doing: "sending \(name)")
        }
    }

    /// What the error of putting a transfer in flight means.
    ///
    /// The kernel answers "no memory" when all programs together exceed their allowance.
    func submitError(_ code: Int32, doing: String, neededBytes: Int, limitBytes: Int?) -> TransportError {
        guard code == LIBUSB_ERROR_NO_MEM.rawValue, let limitBytes else { return error(code, doing: doing) }
        return .memoryLimit(neededBytes: neededBytes, limitBytes: limitBytes)
    }

    /// The library's error code that says the same as a transfer's status; `nil` for an undisturbed end.
    static func code(of status: libusb_transfer_status) -> Int32? {
        switch status {
        case LIBUSB_TRANSFER_COMPLETED, LIBUSB_TRANSFER_CANCELLED: nil
        case LIBUSB_TRANSFER_TIMED_OUT: LIBUSB_ERROR_TIMEOUT.rawValue
        case LIBUSB_TRANSFER_STALL: LIBUSB_ERROR_PIPE.rawValue
        case LIBUSB_TRANSFER_NO_DEVICE: LIBUSB_ERROR_NO_DEVICE.rawValue
        case LIBUSB_TRANSFER_OVERFLOW: LIBUSB_ERROR_OVERFLOW.rawValue
        default: LIBUSB_ERROR_IO.rawValue
        }
    }

    /// The error number that Linux has for a transfer's status, negative; 0 for an undisturbed end.
    static func errno(of status: libusb_transfer_status) -> Int32 {
        switch status {
        case LIBUSB_TRANSFER_COMPLETED: 0
        case LIBUSB_TRANSFER_CANCELLED: -ENOENT
        case LIBUSB_TRANSFER_TIMED_OUT: -ETIMEDOUT
        case LIBUSB_TRANSFER_STALL: -EPIPE
        case LIBUSB_TRANSFER_NO_DEVICE: -ESHUTDOWN
        case LIBUSB_TRANSFER_OVERFLOW: -EOVERFLOW
        default: -EPROTO
        }
    }
}
