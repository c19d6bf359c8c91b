/// The events that wait for the interrupt endpoint (ODP 1.0, "Events").
struct EventQueue: Sendable {
    /// What happened; the wire's first byte.
    enum Code: UInt8 {
        case button = 1
        case footSwitch = 2
        case temperatureWarning = 3
        case disarmed = 4
        case fault = 5
    }

    /// How many events are kept (ODP 1.0, "Events").
    static let capacity = 64
    private var events: [[UInt8]] = []
    private var counter: UInt16 = 0

    /// Queues one event; the oldest goes when the queue is full.
    mutating func add(_ code: Code, value: UInt8, pulseIndex: UInt64) {
        var event: [UInt8] = [code.rawValue, value]
        event.appendLittleEndian(counter)
        event.appendLittleEndian(UInt32(0))
        event.appendLittleEndian(pulseIndex)
        counter &+= 1
        if events.count == Self.capacity { events.removeFirst() }
        events.append(event)
    }

    /// The oldest event, 16 bytes; `nil` when none waits.
    mutating func take() -> [UInt8]? { events.isEmpty ? nil : events.removeFirst() }
}
