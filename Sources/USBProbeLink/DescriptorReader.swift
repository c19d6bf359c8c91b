internal import CLibUSB
internal import ProbeLink

/// Reads what a device says of itself: descriptors, and strings where the device can be opened.
struct DescriptorReader {
    /// The device; valid as long as its list or an opened handle.
    let device: OpaquePointer
    private let descriptor: libusb_device_descriptor

    init(_ device: OpaquePointer) throws(TransportError) {
        self.device = device
        var descriptor = libusb_device_descriptor()
        let code = libusb_get_device_descriptor(device, &descriptor)
        guard code == 0 else {
            throw USBErrorTable(device: "usb").error(code, doing: "reading a device descriptor")
        }
        self.descriptor = descriptor
    }

    /// Whether the ids are those of `rule`.
    func hasIDs(of rule: USBMatchRule) -> Bool {
        descriptor.idVendor == rule.vendorID ?? descriptor.idVendor
            && descriptor.idProduct == rule.productID ?? descriptor.idProduct
    }

    /// Opens the device just long enough to read its strings.
    func factsByOpening() -> USBAttachedDevice {
        var handle: OpaquePointer?
        let code = libusb_open(device, &handle)
        guard code == 0, let handle else {
            return facts { $0 == 0 ? .absent : .unreadable(reason: Self.reason(code)) }
        }
        defer { libusb_close(handle) }
        return facts(through: handle)
    }

    /// The facts, with the strings read through an opened handle.
    func facts(through handle: OpaquePointer) -> USBAttachedDevice {
        facts { Self.string($0, through: handle) }
    }

    private func facts(string: (UInt8) -> USBDeviceString) -> USBAttachedDevice {
        USBAttachedDevice(
            vendorID: descriptor.idVendor, productID: descriptor.idProduct, bcdDevice: descriptor.bcdDevice,
            deviceClass: [descriptor.bDeviceClass, descriptor.bDeviceSubClass, descriptor.bDeviceProtocol],
            bus: libusb_get_bus_number(device), address: libusb_get_device_address(device),
            speedMbitPerS: Self.megabits(libusb_get_device_speed(device)),
            manufacturer: string(descriptor.iManufacturer), product: string(descriptor.iProduct),
            serialNumber: string(descriptor.iSerialNumber), interfaces: interfaces())
    }

    /// The active configuration's interfaces, from what the kernel has already read.
    private func interfaces() -> [USBInterfaceSetting] {
        var configuration: UnsafeMutablePointer<libusb_config_descriptor>?
        guard libusb_get_active_config_descriptor(device, &configuration) == 0, let configuration else { return [] }
        defer { libusb_free_config_descriptor(configuration) }
        let all = UnsafeBufferPointer(
            start: configuration.pointee.interface, count: Int(configuration.pointee.bNumInterfaces))
        return all.flatMap { interface in
            UnsafeBufferPointer(start: interface.altsetting, count: Int(interface.num_altsetting)).map(setting)
        }
    }

    private func setting(_ descriptor: libusb_interface_descriptor) -> USBInterfaceSetting {
        let endpoints = UnsafeBufferPointer(start: descriptor.endpoint, count: Int(descriptor.bNumEndpoints))
        let speed = Self.megabits(libusb_get_device_speed(device))
        return USBInterfaceSetting(
            number: descriptor.bInterfaceNumber, alternate: descriptor.bAlternateSetting,
            interfaceClass: [
                descriptor.bInterfaceClass, descriptor.bInterfaceSubClass, descriptor.bInterfaceProtocol,
            ],
            endpoints: endpoints.map {
                USBEndpoint(
                    address: $0.bEndpointAddress, attributes: $0.bmAttributes, maxPacketSize: $0.wMaxPacketSize,
                    interval: $0.bInterval, speedMbitPerS: speed, extra: Self.bytes($0.extra, $0.extra_length))
            },
            classDescriptors: Self.bytes(descriptor.extra, descriptor.extra_length))
    }

    /// What libusb left unread, as far as anybody needs it.
    private static func bytes(_ pointer: UnsafePointer<UInt8>?, _ count: Int32) -> [UInt8] {
        Array(
            UnsafeBufferPointer(start: pointer, count: pointer == nil ? 0 : max(Int(count), 0))
                .prefix(USBInterfaceSetting.mostClassBytes))
    }

    private static func string(_ index: UInt8, through handle: OpaquePointer) -> USBDeviceString {
        guard index != 0 else { return .absent }
        // A string descriptor has at most 255 bytes, USB 2.0, 9.6.7.
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = libusb_get_string_descriptor_ascii(handle, index, &bytes, Int32(bytes.count))
        guard count >= 0 else { return .unreadable(reason: reason(count)) }
        return .read(printable(bytes.prefix(Int(count))))
    }

    /// The text with every control character replaced: it goes to terminals and reports.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case LIBUSB_ERROR_ACCESS.rawValue: "no permission to open the device"
        case LIBUSB_ERROR_NO_DEVICE.rawValue: "the device was unplugged"
        case LIBUSB_ERROR_PIPE.rawValue: "the device refused"
        default: "USB error \(code)"
        }
    }

    private static func megabits(_ speed: Int32) -> Int? {
        // Signalling rates of USB 2.0 and 3.x; libusb's speed codes 2 and up, low speed being 1.5 Mbit/s.
        switch UInt32(bitPattern: speed) {
        case LIBUSB_SPEED_FULL.rawValue: 12
        case LIBUSB_SPEED_HIGH.rawValue: 480
        case LIBUSB_SPEED_SUPER.rawValue: 5_000
        case LIBUSB_SPEED_SUPER_PLUS.rawValue: 10_000
        default: nil
        }
    }
}
