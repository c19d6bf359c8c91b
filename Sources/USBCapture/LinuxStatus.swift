internal import ProbeLink

/// Error numbers of Linux as usbmon shows them (`include/uapi/asm-generic/errno.h`), negative.
enum LinuxStatus {
    static let cancelled: Int32 = -2
    static let failed: Int32 = -5
    static let noDevice: Int32 = -19
    static let stalled: Int32 = -32
    static let overflow: Int32 = -75
    static let unlinked: Int32 = -104
    static let shutDown: Int32 = -108
    static let timedOut: Int32 = -110

    /// Whether a transfer ended so because the device is gone.
    static func isGone(_ status: Int32) -> Bool { status == noDevice || status == shutDown }

    /// Whether the host itself took the transfer back.
    static func isTakenBack(_ status: Int32) -> Bool { status == cancelled || status == unlinked }
}

extension TransportError {
    /// The status under which usbmon would show a request that failed so.
    var linuxStatus: Int32 {
        switch self {
        case .stalled: LinuxStatus.stalled
        case .timedOut: LinuxStatus.timedOut
        case .disconnected, .notFound: LinuxStatus.noDevice
        case .protocolViolation: LinuxStatus.overflow
        default: LinuxStatus.failed
        }
    }

    /// What a request's status means to its sender; `nil` for success.
    init?(linuxStatus status: Int32, request: ControlRequest, label: String) {
        switch status {
        case 0: return nil
        case LinuxStatus.stalled: self = .stalled(request: request.request)
        case LinuxStatus.cancelled, LinuxStatus.timedOut:
            self = .timedOut(what: "\(label), \(request.words),", milliseconds: 0)
        case _ where LinuxStatus.isGone(status): self = .disconnected(device: label)
        case LinuxStatus.overflow: self = .protocolViolation(what: "more bytes than asked for, \(request.words)")
        // -1 is LIBUSB_ERROR_IO, which is what a USB library makes of the rest.
        default: self = .usb(code: -1, doing: "sending \(request.words)")
        }
    }
}
