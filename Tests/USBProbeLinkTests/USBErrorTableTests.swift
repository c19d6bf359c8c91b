import CLibUSB
import ProbeLink
import Testing

@testable import USBProbeLink

@Suite("USB error table")
struct USBErrorTableTests {
    static let table = USBErrorTable(device: "probe")

    @Test(
        "each library error says what happened to the probe",
        arguments: [
            (LIBUSB_ERROR_NO_DEVICE, TransportError.disconnected(device: "probe")),
            (LIBUSB_ERROR_ACCESS, .accessDenied(device: "probe")),
            (LIBUSB_ERROR_BUSY, .busy(device: "probe")),
            (LIBUSB_ERROR_OVERFLOW, .protocolViolation(what: "more bytes than asked for while testing")),
            (LIBUSB_ERROR_IO, .usb(code: -1, doing: "testing")),
            (LIBUSB_ERROR_NO_MEM, .usb(code: -11, doing: "testing")),
            (LIBUSB_ERROR_OTHER, .usb(code: -99, doing: "testing")),
        ])
    func mapsErrors(code: libusb_error, expected: TransportError) {
        #expect(Self.table.error(code.rawValue, doing: "testing") == expected)
    }

    @Test("a refused request is stalled and one without an answer timed out")
    func mapsControlErrors() {
        #expect(
            Self.table.controlError(LIBUSB_ERROR_PIPE.rawValue, request: 0x21, milliseconds: 7)
                == .stalled(request: 0x21))
        #expect(
            Self.table.controlError(LIBUSB_ERROR_TIMEOUT.rawValue, request: 0x21, milliseconds: 7)
                == .timedOut(what: "probe, request 0x21,", milliseconds: 7))
        #expect(
            Self.table.controlError(LIBUSB_ERROR_IO.rawValue, request: 0x21, milliseconds: 7)
                == .usb(code: -1, doing: "sending request 0x21"))
    }

    @Test("a submission without memory names the limit where it is known")
    func mapsSubmitErrors() {
        let code = LIBUSB_ERROR_NO_MEM.rawValue
        #expect(
            Self.table.submitError(code, doing: "reading", neededBytes: 5, limitBytes: 4)
                == .memoryLimit(neededBytes: 5, limitBytes: 4))
        #expect(
            Self.table.submitError(code, doing: "reading", neededBytes: 5, limitBytes: nil)
                == .usb(code: code, doing: "reading"))
    }

    @Test(
        "each transfer status has the library's error that says the same, or none",
        arguments: [
            (LIBUSB_TRANSFER_COMPLETED, nil), (LIBUSB_TRANSFER_CANCELLED, nil),
            (LIBUSB_TRANSFER_TIMED_OUT, LIBUSB_ERROR_TIMEOUT), (LIBUSB_TRANSFER_STALL, LIBUSB_ERROR_PIPE),
            (LIBUSB_TRANSFER_NO_DEVICE, LIBUSB_ERROR_NO_DEVICE), (LIBUSB_TRANSFER_OVERFLOW, LIBUSB_ERROR_OVERFLOW),
            (LIBUSB_TRANSFER_ERROR, LIBUSB_ERROR_IO),
        ] as [(libusb_transfer_status, libusb_error?)])
    func mapsStatuses(status: libusb_transfer_status, expected: libusb_error?) {
        #expect(USBErrorTable.code(of: status) == expected?.rawValue)
    }
}
