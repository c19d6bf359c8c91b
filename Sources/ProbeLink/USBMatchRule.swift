/// What an attached USB device must show before anything is sent to it.
///
/// Ids are shared between unrelated devices, and a vendor request may switch a transmitter. So everything that
/// a rule states must hold; on anything less no vendor request is sent.
public struct USBMatchRule: Sendable, Hashable {
    /// `idVendor`.
    public var vendorID: UInt16
    /// `idProduct`.
    public var productID: UInt16
    /// The manufacturer string, exactly; `nil` = any.
    public var manufacturer: String?
    /// The product string, exactly; `nil` = any.
    public var product: String?
    /// What the product string begins with; `nil` = anything.
    public var productPrefix: String?
    /// The high byte of `bcdDevice`, binary coded decimal as on the wire; `nil` = any.
    public var bcdDeviceMajor: UInt8?
    /// Class, subclass and protocol of the device, three values; `nil` = any.
    public var deviceClass: [UInt8]?
    /// Class, subclass and protocol of the interface that carries the endpoints, three values; `nil` = any.
    public var interfaceClass: [UInt8]?
    /// The endpoints that one interface must have.
    public var endpoints: [USBEndpointNeed]

    /// A rule that asks for ids, and for whatever else is given.
    public init(
        vendorID: UInt16, productID: UInt16, manufacturer: String? = nil, product: String? = nil,
        productPrefix: String? = nil, bcdDeviceMajor: UInt8? = nil, deviceClass: [UInt8]? = nil,
        interfaceClass: [UInt8]? = nil, endpoints: [USBEndpointNeed] = []
    ) {
        self.vendorID = vendorID
        self.productID = productID
        self.manufacturer = manufacturer
        self.product = product
        self.productPrefix = productPrefix
        self.bcdDeviceMajor = bcdDeviceMajor
        self.deviceClass = deviceClass
        self.interfaceClass = interfaceClass
        self.endpoints = endpoints
    }
}

/// Endpoints that an interface must have, by type and direction; addresses differ between devices of one kind.
public struct USBEndpointNeed: Sendable, Hashable {
    /// Type and direction of an endpoint.
    public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        /// Bulk, to the host.
        case bulkIn
        /// Interrupt, to the host.
        case interruptIn
        /// Isochronous, to the host.
        case isochronousIn
    }

    /// Type and direction.
    public var kind: Kind
    /// How many there must be, 1 or more.
    public var atLeast: Int

    /// A need for endpoints of one kind.
    public init(_ kind: Kind, atLeast: Int = 1) {
        self.kind = kind
        self.atLeast = atLeast
    }
}
