public import ProbeLink

/// One alternate setting of one interface.
public struct USBInterfaceSetting: Sendable, Hashable {
    /// `bInterfaceNumber`.
    public let number: UInt8
    /// `bAlternateSetting`.
    public let alternate: UInt8
    /// Class, subclass and protocol of the interface.
    public let interfaceClass: [UInt8]
    /// Its endpoints in the order of the descriptor.
    public let endpoints: [USBEndpoint]
    /// The descriptors of its class, as the device sent them; cut to `mostClassBytes`.
    let classDescriptors: [UInt8]

    /// The most bytes of class descriptors that are read of one setting; project choice, ten times what is usual.
    static let mostClassBytes = 4_096

    init(
        number: UInt8, alternate: UInt8, interfaceClass: [UInt8], endpoints: [USBEndpoint],
        classDescriptors: [UInt8] = []
    ) {
        self.number = number
        self.alternate = alternate
        self.interfaceClass = interfaceClass
        self.endpoints = endpoints
        self.classDescriptors = classDescriptors
    }

    /// The endpoints of one kind.
    public func endpoints(_ kind: USBEndpointNeed.Kind) -> [USBEndpoint] {
        endpoints.filter { $0.kind == kind }
    }

    /// The endpoints of one kind that can carry anything: a packet of no bytes is a lie or an idle setting.
    func usableEndpoints(_ kind: USBEndpointNeed.Kind) -> [USBEndpoint] {
        endpoints(kind).filter { $0.packetBytes > 0 }
    }

    /// Where the samples come from: bulk before isochronous; `nil` = from nowhere.
    var streamEndpoint: USBEndpoint? { usableEndpoints(.bulkIn).first ?? usableEndpoints(.isochronousIn).first }
}
