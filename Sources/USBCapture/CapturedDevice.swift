/// The device whose traffic is captured, as the records name it.
public struct CapturedDevice: Sendable, Hashable {
    /// Number of the bus.
    public var bus: UInt16
    /// Address on the bus.
    public var address: UInt8
    /// The device in words for a person; it comes back as the label of a replay.
    public var label: String
    /// Addresses of its interrupt endpoints, such as 0x82; all others are taken as bulk unless they are isochronous.
    public var interruptEndpoints: [UInt8]

    /// A device from its fields.
    public init(bus: UInt16, address: UInt8, label: String, interruptEndpoints: [UInt8]) {
        self.bus = bus
        self.address = address
        self.label = label
        self.interruptEndpoints = interruptEndpoints
    }
}
