extension SimulatedProbe {
    /// The standard requests that the probe knows: `bmRequestType` and `bRequest` (USB 2.0, table 9-3).
    private enum Standard {
        static let getDeviceStatus: (UInt8, UInt8) = (0x80, 0)
        static let getInterfaceStatus: (UInt8, UInt8) = (0x81, 0)
        static let getEndpointStatus: (UInt8, UInt8) = (0x82, 0)
        static let clearEndpointFeature: (UInt8, UInt8) = (0x02, 1)
        static let setEndpointFeature: (UInt8, UInt8) = (0x02, 3)
        static let setAddress: (UInt8, UInt8) = (0x00, 5)
        static let getDescriptor: (UInt8, UInt8) = (0x80, 6)
        static let getConfiguration: (UInt8, UInt8) = (0x80, 8)
        static let setConfiguration: (UInt8, UInt8) = (0x00, 9)
        static let getInterface: (UInt8, UInt8) = (0x81, 10)
        static let setInterface: (UInt8, UInt8) = (0x01, 11)
    }

    /// The only feature of an endpoint, ENDPOINT_HALT (USB 2.0, table 9-6).
    private static let endpointHalt: UInt16 = 0
    /// All of `wIndex` but the direction of an endpoint (USB 2.0, figure 9-2); 0 is the control endpoint.
    private static let endpointNumberBits: UInt16 = 0xFF7F

    mutating func standardRequest(_ setup: USBSetup) -> ControlAnswer {
        guard setup.requestType & 0x80 != 0 else { return standardOut(setup) ? .acknowledge : .stall }
        guard let bytes = standardData(setup) else { return .stall }
        return .bytes(Array(bytes.prefix(Int(setup.length))))
    }

    private func standardData(_ setup: USBSetup) -> [UInt8]? {
        switch (setup.requestType, setup.request) {
        case Standard.getDescriptor:
            return Descriptors(identity: identity, speed: speed).descriptor(
                kind: UInt8(setup.value >> 8), index: UInt8(setup.value & 0xFF))
        case Standard.getConfiguration: return [configuration]
        case Standard.getInterface where setup.index == 0: return [0]
        case Standard.getDeviceStatus: return [0, 0]
        case Standard.getInterfaceStatus where setup.index == 0: return [0, 0]
        case Standard.getEndpointStatus where setup.index & Self.endpointNumberBits == 0: return [0, 0]
        case Standard.getEndpointStatus:
            guard let endpoint = endpoint(setup.index) else { return nil }
            return [haltedEndpoints.contains(endpoint) ? 1 : 0, 0]
        default: return nil
        }
    }

    /// Carries out a standard OUT request; `false` = STALL.
    private mutating func standardOut(_ setup: USBSetup) -> Bool {
        switch (setup.requestType, setup.request) {
        case Standard.setAddress: return true
        case Standard.setConfiguration:
            guard setup.value <= 1 else { return false }
            configuration = UInt8(setup.value)
            reset()
            haltedEndpoints.removeAll()
        case Standard.setInterface:
            guard setup.index == 0, setup.value == 0 else { return false }
            haltedEndpoints.removeAll()
        case Standard.clearEndpointFeature:
            guard setup.value == Self.endpointHalt, let endpoint = endpoint(setup.index) else { return false }
            haltedEndpoints.remove(endpoint)
        case Standard.setEndpointFeature:
            guard setup.value == Self.endpointHalt, let endpoint = endpoint(setup.index) else { return false }
            haltedEndpoints.insert(endpoint)
        default: return false
        }
        return true
    }

    /// The address of the IN endpoint that `wIndex` names; `nil` when the probe has none there.
    private func endpoint(_ index: UInt16) -> UInt8? {
        [Self.streamEndpoint, Self.eventEndpoint].first { UInt16($0) == index }
    }
}
