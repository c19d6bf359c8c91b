/// The device side of one simulated USB device, without threads, transport or clock of its own.
///
/// Whoever holds it (a front) moves its time with `advance`, sends it control transfers and asks its endpoints for
/// what they have ready. Descriptors are what it answers to GET_DESCRIPTOR. A device that wraps another passes every
/// member on, those with a default too.
public protocol SimulatedDevice: Sendable {
    /// What a person calls the device: product and serial number.
    var label: String { get }
    /// The speed of its bus.
    var speed: BusSpeed { get }
    /// The device's clock, nanoseconds since it was made.
    var nowNanoseconds: UInt64 { get }
    /// Whether it streams, so that a front whose time may stand still knows when to let it go on.
    var isStreaming: Bool { get }
    /// The IN endpoint of the samples.
    var streamEndpoint: UInt8 { get }
    /// How the samples' endpoint transfers; bulk unless the device says otherwise.
    var streamKind: StreamKind { get }
    /// The alternate setting that a host selects for the samples; `nil` = the device has just one.
    var streamSetting: InterfaceSetting? { get }
    /// The interrupt IN endpoint of its events; `nil` = it has none, which is usual.
    var eventEndpoint: UInt8? { get }
    /// How its samples are framed, for those who count what a damaged cable does to them; unframed is usual.
    var streamFraming: StreamFraming { get }
    /// Whether it answers at all; a front lets requests time out while it does not.
    var isAnswering: Bool { get }
    /// Whether it has left the bus by itself and comes back as another device once `reenumerate` is called.
    var needsReenumeration: Bool { get }
    /// The device that this one wraps; `nil` = none, which is usual.
    var inner: (any SimulatedDevice)? { get set }

    /// Answers one control transfer, standard requests included.
    mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer

    /// Collects what an IN endpoint has ready.
    ///
    /// A bulk or interrupt endpoint gives whole USB packets up to `limit` bytes. An isochronous endpoint gives the
    /// packet of one interval, oldest first, `endsTransfer` being true; it makes one in each interval of its time
    /// and drops the oldest when nobody collects them.
    mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead

    /// Collects the oldest interval of an isochronous IN endpoint, and says whether its packet came intact.
    ///
    /// By default every packet that `read` gives is intact.
    mutating func readInterval(endpoint: UInt8, atMost limit: Int) -> IsochronousInterval

    /// Takes what the host sends to a bulk OUT endpoint; `false` = stalled.
    mutating func write(endpoint: UInt8, _ bytes: [UInt8]) -> Bool

    /// Lets the device's clock go on.
    mutating func advance(byNanoseconds nanoseconds: UInt64)

    /// Holds the transducer somewhere else: from the next start on, the signal comes from this source.
    mutating func place(_ source: any SignalSource)

    /// A reset of the bus: not configured, no endpoint halted.
    mutating func resetBus()

    /// Unplugs the device and plugs it in again; its clock goes on.
    mutating func cyclePower()

    /// Comes back to the bus after `needsReenumeration`, with other descriptors.
    mutating func reenumerate()
}

extension SimulatedDevice {
    /// Most devices stream in bulk.
    public var streamKind: StreamKind { .bulk }
    /// Most devices have no alternate settings.
    public var streamSetting: InterfaceSetting? { nil }
    /// Most devices send no events.
    public var eventEndpoint: UInt8? { nil }
    /// Most devices do not frame their samples.
    public var streamFraming: StreamFraming { .unframed }
    /// Most devices answer always.
    public var isAnswering: Bool { true }
    /// Most devices stay on the bus.
    public var needsReenumeration: Bool { false }
    /// Most devices wrap no other; setting it changes nothing then.
    public var inner: (any SimulatedDevice)? {
        get { nil }
        set {}
    }

    /// Most devices have no OUT endpoint.
    public mutating func write(endpoint: UInt8, _ bytes: [UInt8]) -> Bool { false }

    /// Most devices stay what they are.
    public mutating func reenumerate() {}

    /// Takes every packet of `read` as intact.
    public mutating func readInterval(endpoint: UInt8, atMost limit: Int) -> IsochronousInterval {
        switch read(endpoint: endpoint, atMost: limit) {
        case .bytes(let bytes, _): .packet(bytes)
        case .nothingYet, .stalled: .nothingYet
        }
    }

    /// Does something to the device of this type, be it this one or one that it wraps.
    ///
    /// - Returns: what `body` returns; `nil` when no such device is here.
    public mutating func with<Device: SimulatedDevice, Result>(
        _ type: Device.Type, _ body: (inout Device) -> Result
    ) -> Result? {
        if var device = self as? Device, Device.self == Self.self {
            defer { if let changed = device as? Self { self = changed } }
            return body(&device)
        }
        guard var wrapped = inner else { return nil }
        let result = wrapped.with(type, body)
        inner = wrapped
        return result
    }
}
