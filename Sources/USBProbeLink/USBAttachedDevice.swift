/// What an attached USB device says of itself, without any vendor request.
public struct USBAttachedDevice: Sendable, Hashable {
    /// `idVendor`.
    public let vendorID: UInt16
    /// `idProduct`.
    public let productID: UInt16
    /// `bcdDevice`, binary coded decimal as on the wire.
    public let bcdDevice: UInt16
    /// Class, subclass and protocol of the device.
    public let deviceClass: [UInt8]
    /// Number of the bus.
    public let bus: UInt8
    /// Address on the bus; another one after every plugging in.
    public let address: UInt8
    /// Signalling rate, millions of bits per second; `nil` = not known.
    public let speedMbitPerS: Int?
    /// Manufacturer string.
    public let manufacturer: USBDeviceString
    /// Product string.
    public let product: USBDeviceString
    /// Serial number string.
    public let serialNumber: USBDeviceString
    /// Every alternate setting of every interface of the active configuration; empty when none is active.
    public let interfaces: [USBInterfaceSetting]

    /// The device in words for a person: `usb 1209:0001 ODP Reference SN0001`.
    public var label: String {
        let ids = "usb " + hexadecimal(vendorID) + ":" + hexadecimal(productID)
        let names = [product.text, serialNumber.text].compactMap { $0 }
        return ([ids] + names).joined(separator: " ")
    }
}

/// A string of a device, or why there is none.
public enum USBDeviceString: Sendable, Hashable {
    /// The device has no such string.
    case absent
    /// What the device answered, with everything but printable ASCII replaced by question marks.
    case read(String)
    /// It could not be asked, and why: no permission to open the device, most often.
    case unreadable(reason: String)

    /// The string; `nil` when there is none or it could not be read.
    public var text: String? {
        if case .read(let text) = self { text } else { nil }
    }
}

/// Four hexadecimal digits.
func hexadecimal(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
}
