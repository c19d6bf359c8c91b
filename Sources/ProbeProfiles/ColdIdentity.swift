/// What a board shows before its firmware is loaded, and which firmware that is (Cypress FX2).
///
/// Such a board has ids of the chip's maker and no strings: nothing tells it from any other board with that chip.
/// Firmware is therefore loaded only when the profile was named by the user, never by the ids alone.
public struct ColdIdentity: Sendable, Hashable {
    /// `idVendor` before the firmware is loaded.
    public var vendorID: UInt16
    /// `idProduct` before the firmware is loaded.
    public var productID: UInt16
    /// `bcdDevice` before the firmware is loaded, binary coded decimal as on the wire; `nil` = any.
    public var bcdDevice: UInt16?
    /// The firmware's file, relative to the profile's folder: Intel HEX (`.ihx`, `.hex`), or the plain image from
    /// address 0 on.
    public var firmwareFile: String
    /// The file's SHA-256, 64 small hexadecimal digits; another file is refused.
    public var firmwareSHA256: String

    /// An identity from its fields.
    public init(
        vendorID: UInt16, productID: UInt16, bcdDevice: UInt16? = nil, firmwareFile: String, firmwareSHA256: String
    ) {
        self.vendorID = vendorID
        self.productID = productID
        self.bcdDevice = bcdDevice
        self.firmwareFile = firmwareFile
        self.firmwareSHA256 = firmwareSHA256
    }

    /// Whether a device looks like this board before its firmware is loaded.
    ///
    /// - Parameter hasStrings: whether it has a manufacturer or a product string, which a bare chip has not.
    public func isShown(vendorID: UInt16, productID: UInt16, bcdDevice: UInt16, hasStrings: Bool) -> Bool {
        !hasStrings && vendorID == self.vendorID && productID == self.productID
            && bcdDevice == self.bcdDevice ?? bcdDevice
    }
}
