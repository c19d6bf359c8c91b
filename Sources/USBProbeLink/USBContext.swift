internal import CLibUSB
internal import ProbeLink

/// One libusb context: nothing is shared between two of them.
// Sound: libusb takes calls on a context from any thread; the pointer is constant and lives as long as this object.
final class USBContext: @unchecked Sendable {
    let pointer: OpaquePointer

    init() throws(TransportError) {
        var context: OpaquePointer?
        let code = libusb_init(&context)
        guard code == 0, let context else {
            throw USBErrorTable(device: "usb").error(code, doing: "starting the USB library")
        }
        pointer = context
    }

    deinit { libusb_exit(pointer) }

    /// Calls `body` for every attached device until it returns a value.
    func firstDevice<Value>(
        where body: (OpaquePointer) throws(TransportError) -> Value?
    ) throws(TransportError) -> Value? {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = libusb_get_device_list(pointer, &list)
        guard count >= 0, let list else {
            throw USBErrorTable(device: "usb").error(Int32(clamping: count), doing: "listing the devices")
        }
        defer { libusb_free_device_list(list, 1) }
        for index in 0..<count {
            if let device = list[index], let value = try body(device) { return value }
        }
        return nil
    }
}
