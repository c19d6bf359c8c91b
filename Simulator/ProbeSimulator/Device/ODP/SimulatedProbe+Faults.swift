extension SimulatedProbe {
    /// A fault from outside that stops the probe.
    public enum InjectedFault: Sendable, Hashable, CaseIterable {
        /// The transducer's face is too hot.
        case overTemperature
        /// The supply has failed.
        case supply
    }

    /// What a person does to the probe, or what it warns of.
    public enum Incident: Sendable, Hashable {
        /// A button (0 to 127) is pressed or released.
        case button(UInt8, isReleased: Bool)
        /// A foot switch (0 to 127) is pressed or released.
        case footSwitch(UInt8, isReleased: Bool)
        /// The transducer's face is getting hot.
        case temperatureWarning
    }

    private static let releasedBit: UInt8 = 0x80

    /// Lets a fault happen: disarmed, state FAULT, the stream ends behind what is queued.
    public mutating func inject(_ fault: InjectedFault) {
        let bit: FaultBits.Fault =
            switch fault {
            case .overTemperature: .overTemperature
            case .supply: .supply
            }
        let pulseIndex = eventPulseIndex
        cutPackets()
        disarm(because: bit, pulseIndex: pulseIndex)
        run = nil
        state = .fault
        raise(bit, pulseIndex: pulseIndex)
    }

    /// Lets something happen that the probe reports as an event.
    public mutating func report(_ incident: Incident) {
        let pulseIndex = eventPulseIndex
        switch incident {
        case .button(let number, let isReleased):
            events.add(.button, value: Self.switchValue(number, isReleased), pulseIndex: pulseIndex)
        case .footSwitch(let number, let isReleased):
            events.add(.footSwitch, value: Self.switchValue(number, isReleased), pulseIndex: pulseIndex)
        case .temperatureWarning:
            events.add(.temperatureWarning, value: 0, pulseIndex: pulseIndex)
        }
    }

    /// Halts the bulk endpoint for a moment: it STALLs until CLEAR_FEATURE or SET_INTERFACE, and loses nothing
    /// that the FIFO can hold.
    public mutating func stallStream() { haltedEndpoints.insert(Self.streamEndpoint) }

    /// Clears the halt of the bulk endpoint, as a host does with CLEAR_FEATURE.
    mutating func clearStreamHalt() { haltedEndpoints.remove(Self.streamEndpoint) }

    /// The keep-alive time has run out.
    mutating func loseKeepAlive() {
        let pulseIndex = eventPulseIndex
        cutPackets()
        disarm(because: .keepAliveLost, pulseIndex: pulseIndex)
        raise(.keepAliveLost, pulseIndex: pulseIndex)
    }

    /// Sets a fault bit, and reports it when it was 0.
    mutating func raise(_ fault: FaultBits.Fault, pulseIndex: UInt64) {
        guard faults.set(fault) else { return }
        events.add(.fault, value: fault.rawValue, pulseIndex: pulseIndex)
    }

    private mutating func disarm(because fault: FaultBits.Fault, pulseIndex: UInt64) {
        guard isArmed else { return }
        keepAliveDeadline = nil
        events.add(.disarmed, value: fault.rawValue, pulseIndex: pulseIndex)
    }

    private static func switchValue(_ number: UInt8, _ isReleased: Bool) -> UInt8 {
        (number & ~releasedBit) | (isReleased ? releasedBit : 0)
    }
}
