/// The setup stage of one control transfer, as in USB 2.0, table 9-2.
public struct USBSetup: Sendable, Hashable {
    /// `bmRequestType`: bit 7 direction (1 = from the device), bits 6 to 5 type, bits 4 to 0 recipient.
    public var requestType: UInt8
    /// `bRequest`.
    public var request: UInt8
    /// `wValue`.
    public var value: UInt16
    /// `wIndex`.
    public var index: UInt16
    /// `wLength`, bytes.
    public var length: UInt16

    /// A setup stage from its fields.
    public init(requestType: UInt8, request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: UInt16 = 0) {
        self.requestType = requestType
        self.request = request
        self.value = value
        self.index = index
        self.length = length
    }

    /// `bmRequestType` of a vendor request to the device, with or without OUT data.
    public static let vendorOut: UInt8 = 0x40
    /// `bmRequestType` of a vendor request from the device.
    public static let vendorIn: UInt8 = 0xC0
}
