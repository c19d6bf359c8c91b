/// An interface in one of its alternate settings, as SET_INTERFACE names it.
public struct InterfaceSetting: Sendable, Hashable {
    /// `bInterfaceNumber`.
    public var interface: UInt8
    /// `bAlternateSetting`.
    public var alternate: UInt8

    /// A setting from its numbers.
    public init(interface: UInt8, alternate: UInt8) {
        self.interface = interface
        self.alternate = alternate
    }
}
