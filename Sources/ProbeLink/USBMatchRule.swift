/// What an attached USB device must show before anything is sent to it.
///
/// Ids are shared between unrelated devices, and a vendor request may switch a transmitter. So everything that
/// a rule states must hold; on anything less no vendor request is sent.
public struct USBMatchRule: Sendable, Hashable {
    /// `idVendor`; `nil` = any, only for devices that are never sent a vendor request.
    public var vendorID: UInt16?
    /// `idProduct`; `nil` = any, where the maker never settled it and the strings decide.
    public var productID: UInt16?
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
    /// The format in which an alternate setting of USB audio must record; `nil` = not audio.
    public var audio: USBAudioNeed?

    /// A rule that asks for ids, and for whatever else is given.
    public init(
        vendorID: UInt16?, productID: UInt16?, manufacturer: String? = nil, product: String? = nil,
        productPrefix: String? = nil, bcdDeviceMajor: UInt8? = nil, deviceClass: [UInt8]? = nil,
        interfaceClass: [UInt8]? = nil, endpoints: [USBEndpointNeed] = [], audio: USBAudioNeed? = nil
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
        self.audio = audio
    }
}

/// What an alternate setting of a USB audio interface must offer (USB Audio 1.0, Type I formats).
public struct USBAudioNeed: Sendable, Hashable {
    /// Channels of the stream, 1 or 2.
    public var channels: Int
    /// Bits of a sample, 16 or 24.
    public var sampleBits: Int
    /// Sampling frequency, Hz.
    public var sampleRateHz: Int

    /// A need from its fields.
    public init(channels: Int, sampleBits: Int, sampleRateHz: Int) {
        self.channels = channels
        self.sampleBits = sampleBits
        self.sampleRateHz = sampleRateHz
    }
}

extension USBMatchRule {
    /// The ids as `lsusb` writes them, `1209:0001`; `*` stands for any.
    public var idWords: String {
        [vendorID, productID].map { id in
            guard let digits = id.map({ String($0, radix: 16) }) else { return "*" }
            return String(repeating: "0", count: 4 - digits.count) + digits
        }.joined(separator: ":")
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
