/// Answers the standard requests of USB 2.0, chapter 9, from a device's description, and keeps what they set.
struct StandardRequests: Sendable {
    /// What a request changed beside this value.
    enum Change: Sendable, Hashable {
        case nothing
        /// SET_CONFIGURATION: every interface is in its setting 0.
        case configured
        /// SET_INTERFACE.
        case selected(InterfaceSetting)
    }

    /// `bmRequestType` and `bRequest` (USB 2.0, table 9-3).
    private enum Code {
        static let getDeviceStatus: (UInt8, UInt8) = (0x80, 0)
        static let getInterfaceStatus: (UInt8, UInt8) = (0x81, 0)
        static let getEndpointStatus: (UInt8, UInt8) = (0x82, 0)
        static let clearDeviceFeature: (UInt8, UInt8) = (0x00, 1)
        static let setDeviceFeature: (UInt8, UInt8) = (0x00, 3)
        static let clearEndpointFeature: (UInt8, UInt8) = (0x02, 1)
        static let setEndpointFeature: (UInt8, UInt8) = (0x02, 3)
        static let setAddress: (UInt8, UInt8) = (0x00, 5)
        static let getDescriptor: (UInt8, UInt8) = (0x80, 6)
        static let getConfiguration: (UInt8, UInt8) = (0x80, 8)
        static let setConfiguration: (UInt8, UInt8) = (0x00, 9)
        static let getInterface: (UInt8, UInt8) = (0x81, 10)
        static let setInterface: (UInt8, UInt8) = (0x01, 11)
    }

    /// Features (USB 2.0, table 9-6).
    private enum Feature {
        static let endpointHalt: UInt16 = 0
        static let remoteWakeUp: UInt16 = 1
    }

    /// Bits of `bmAttributes` of a configuration (USB 2.0, table 9-10).
    private enum Attribute {
        static let selfPowered: UInt8 = 0x40
        static let remoteWakeUp: UInt8 = 0x20
    }

    /// All of `wIndex` but the direction of an endpoint (USB 2.0, figure 9-2); 0 is the control endpoint.
    private static let endpointNumberBits: UInt16 = 0xFF7F

    private let description: DeviceDescription
    private let speed: BusSpeed
    private let layout: ConfigurationLayout
    private var configuration: UInt8 = 0
    private var alternates: [UInt8: UInt8] = [:]
    private var halted: Set<UInt8> = []
    private var wakesHost = false

    /// A device that has just been reset.
    init(_ description: DeviceDescription, speed: BusSpeed) {
        self.description = description
        self.speed = speed
        layout = ConfigurationLayout(description.configuration(at: speed))
    }

    /// Whether a request is one of these: bits 6 and 5 of `bmRequestType` are 0.
    static func covers(_ setup: USBSetup) -> Bool { setup.requestType & 0x60 == 0 }

    /// The setting that an interface is in.
    func alternate(of interface: UInt8) -> UInt8 { alternates[interface] ?? 0 }

    /// Whether an endpoint is halted.
    func isHalted(_ endpoint: UInt8) -> Bool { halted.contains(endpoint) }

    /// Whether an endpoint is there in the selected settings.
    func has(endpoint: UInt8) -> Bool {
        layout.endpoints.contains { setting, endpoints in
            alternate(of: setting.interface) == setting.alternate && endpoints.contains(endpoint)
        }
    }

    /// Everything as after a reset of the bus.
    mutating func reset() { self = StandardRequests(description, speed: speed) }

    /// Answers a request, and says what it changed.
    mutating func answer(_ setup: USBSetup) -> (ControlAnswer, Change) {
        guard setup.requestType & 0x80 == 0 else {
            guard let bytes = data(setup) else { return (.stall, .nothing) }
            return (.bytes(Array(bytes.prefix(Int(setup.length)))), .nothing)
        }
        guard let change = carryOut(setup) else { return (.stall, .nothing) }
        return (.acknowledge, change)
    }

    private func data(_ setup: USBSetup) -> [UInt8]? {
        switch (setup.requestType, setup.request) {
        case Code.getDescriptor:
            return description.descriptor(
                kind: UInt8(setup.value >> 8), index: UInt8(setup.value & 0xFF), at: speed)
        case Code.getConfiguration: return [configuration]
        case Code.getInterface: return interface(setup.index).map { [alternate(of: $0)] }
        case Code.getDeviceStatus:
            return [(layout.attributes & Attribute.selfPowered != 0 ? 1 : 0) | (wakesHost ? 2 : 0), 0]
        case Code.getInterfaceStatus: return interface(setup.index).map { _ in [0, 0] }
        case Code.getEndpointStatus where setup.index & Self.endpointNumberBits == 0: return [0, 0]
        case Code.getEndpointStatus: return endpoint(setup.index).map { [isHalted($0) ? 1 : 0, 0] }
        default: return nil
        }
    }

    /// Carries out an OUT request; `nil` = STALL.
    private mutating func carryOut(_ setup: USBSetup) -> Change? {
        switch (setup.requestType, setup.request) {
        case Code.setAddress: return .nothing
        case Code.setConfiguration:
            guard setup.value <= 1 else { return nil }
            reset()
            configuration = UInt8(setup.value)
            return .configured
        case Code.setInterface: return select(setup)
        case Code.clearEndpointFeature, Code.setEndpointFeature:
            guard setup.value == Feature.endpointHalt, let endpoint = endpoint(setup.index) else { return nil }
            if setup.request == Code.setEndpointFeature.1 {
                halted.insert(endpoint)
            } else {
                halted.remove(endpoint)
            }
            return .nothing
        case Code.clearDeviceFeature, Code.setDeviceFeature:
            guard setup.value == Feature.remoteWakeUp, layout.attributes & Attribute.remoteWakeUp != 0 else {
                return nil
            }
            wakesHost = setup.request == Code.setDeviceFeature.1
            return .nothing
        default: return nil
        }
    }

    private mutating func select(_ setup: USBSetup) -> Change? {
        guard let interface = UInt8(exactly: setup.index), let alternate = UInt8(exactly: setup.value) else {
            return nil
        }
        let setting = InterfaceSetting(interface: interface, alternate: alternate)
        guard let endpoints = layout.endpoints[setting] else { return nil }
        halted.subtract(endpoints)
        alternates[interface] = alternate
        return .selected(setting)
    }

    private func interface(_ index: UInt16) -> UInt8? {
        UInt8(exactly: index).flatMap { layout.has(interface: $0) ? $0 : nil }
    }

    private func endpoint(_ index: UInt16) -> UInt8? {
        UInt8(exactly: index).flatMap { has(endpoint: $0) ? $0 : nil }
    }
}

/// Matches the two bytes that name a standard request.
func ~= (pattern: (UInt8, UInt8), value: (UInt8, UInt8)) -> Bool { pattern == value }
