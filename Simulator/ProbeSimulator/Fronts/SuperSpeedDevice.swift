/// A simulated device as it would be at 5 Gbit/s: the same answers with the descriptors of USB 3.
///
/// Its bulk endpoints have packets of 1024 bytes; what a transfer brings stays the same.
public struct SuperSpeedDevice: SimulatedDevice {
    private var device: any SimulatedDevice

    /// The device at another speed; it should itself be at high speed.
    public init(_ device: any SimulatedDevice) { self.device = device }

    /// What a person calls the device.
    public var label: String { device.label }
    /// The speed below SuperSpeed, which is all that its core knows.
    public var speed: BusSpeed { device.speed }
    /// The device's clock, nanoseconds.
    public var nowNanoseconds: UInt64 { device.nowNanoseconds }
    /// Whether it streams.
    public var isStreaming: Bool { device.isStreaming }
    /// The IN endpoint of the samples.
    public var streamEndpoint: UInt8 { device.streamEndpoint }

    /// How the samples' endpoint transfers.
    public var streamKind: StreamKind { device.streamKind }
    /// The alternate setting that a host selects for the samples.
    public var streamSetting: InterfaceSetting? { device.streamSetting }
    /// The interrupt IN endpoint of its events.
    public var eventEndpoint: UInt8? { device.eventEndpoint }
    /// How its samples are framed.
    public var streamFraming: StreamFraming { device.streamFraming }
    /// Whether it answers at all.
    public var isAnswering: Bool { device.isAnswering }
    /// Whether it has left the bus by itself.
    public var needsReenumeration: Bool { device.needsReenumeration }
    /// The device at its other speed.
    public var inner: (any SimulatedDevice)? {
        get { device }
        set { if let newValue { device = newValue } }
    }

    /// Answers one control transfer: descriptors of USB 3, and the requests that are new with it.
    public mutating func control(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        guard setup.requestType != Request.getDescriptor.0 || setup.request != Request.getDescriptor.1 else {
            return descriptor(setup)
        }
        let isNew = Request.acknowledged.contains { type, request, values in
            type == setup.requestType && request == setup.request && values.contains(setup.value)
        }
        return isNew ? .acknowledge : device.control(setup, out: out)
    }

    /// Collects what an IN endpoint has ready.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        device.read(endpoint: endpoint, atMost: limit)
    }

    /// Collects the oldest interval of an isochronous IN endpoint.
    public mutating func readInterval(endpoint: UInt8, atMost limit: Int) -> IsochronousInterval {
        device.readInterval(endpoint: endpoint, atMost: limit)
    }

    /// Takes what the host sends.
    public mutating func write(endpoint: UInt8, _ bytes: [UInt8]) -> Bool {
        device.write(endpoint: endpoint, bytes)
    }

    /// Lets the device's clock go on.
    public mutating func advance(byNanoseconds nanoseconds: UInt64) { device.advance(byNanoseconds: nanoseconds) }

    /// Holds the transducer somewhere else.
    public mutating func place(_ source: any SignalSource) { device.place(source) }

    /// A reset of the bus.
    public mutating func resetBus() { device.resetBus() }

    /// Unplugs the device and plugs it in again.
    public mutating func cyclePower() { device.cyclePower() }

    /// Comes back to the bus with other descriptors.
    public mutating func reenumerate() { device.reenumerate() }

    private enum Request {
        static let getDescriptor: (UInt8, UInt8) = (0x80, 6)
        /// Requests that concern the link alone (USB 3.2, table 9-4): SET_SEL, SET_ISOCH_DELAY, U1, U2 and LTM on and
        /// off, and the suspending of a function.
        static let acknowledged: [(type: UInt8, request: UInt8, values: ClosedRange<UInt16>)] = [
            (0x00, 48, 0...UInt16.max), (0x00, 49, 0...UInt16.max), (0x00, 3, 48...50), (0x00, 1, 48...50),
            (0x01, 3, 0...0), (0x01, 1, 0...0),
        ]
    }

    private mutating func descriptor(_ setup: USBSetup) -> ControlAnswer {
        var whole = setup
        whole.length = .max
        let kind = UInt8(setup.value >> 8)
        let bytes: [UInt8]
        switch (kind, device.control(whole, out: [])) {
        case (SuperSpeedDescriptors.Kind.capabilities, _): bytes = SuperSpeedDescriptors.capabilities
        case (SuperSpeedDescriptors.Kind.qualifier, _): return .stall
        case (SuperSpeedDescriptors.Kind.device, .bytes(let old)): bytes = SuperSpeedDescriptors.device(old)
        case (SuperSpeedDescriptors.Kind.configuration, .bytes(let old)):
            bytes = SuperSpeedDescriptors.configuration(old)
        case (_, .bytes(let old)): bytes = old
        case (_, let refusal): return refusal
        }
        return .bytes(Array(bytes.prefix(Int(setup.length))))
    }
}
