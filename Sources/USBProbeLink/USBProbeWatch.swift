internal import CLibUSB
internal import Glibc
public import ProbeLink
internal import Synchronization

/// A probe that a watch has seen on the bus.
public struct USBProbeSighting: Sendable, Hashable {
    /// The device.
    public let device: USBAttachedDevice
    /// Which of the watch's rules it is all of: an index into them.
    public let ruleIndex: Int
}

/// Waits until a probe is plugged in.
///
/// Where udevd runs, the library reports every device that comes; elsewhere, as in most containers, nobody does, and
/// the watch looks again and again. Nothing is sent to any device.
public final class USBProbeWatch: Sendable {
    /// How a watch notices a device.
    public enum Method: String, Sendable, CaseIterable {
        /// The library reports it.
        case hotplug
        /// It is looked for at intervals.
        case polling
    }

    /// How often a watch that polls looks, nanoseconds; project choice: a person does not notice half a second.
    public static let pollNanoseconds: UInt64 = 500_000_000
    /// How often a watch that is told looks all the same, nanoseconds.
    ///
    /// Project choice: permissions may change without a device coming or going.
    static let recheckNanoseconds: UInt64 = 5_000_000_000
    /// How long it waits before it looks at the stop signal, nanoseconds; project choice.
    static let sliceNanoseconds: UInt64 = 50_000_000

    /// How this watch notices a device.
    public let method: Method

    private let rules: [USBMatchRule]
    private let serialNumber: String?
    private let clock: @Sendable () -> UInt64
    private let arrivals: HotplugNotice?
    private let connection = Mutex(ProbeConnection())

    /// A watch for devices that are all that one of `rules` describes.
    ///
    /// - Parameters:
    ///   - serialNumber: which device alone is wanted; `nil` = any.
    ///   - hasUdev: whether udevd runs, as in `USBEnvironment`.
    ///   - monotonicNanoseconds: the clock of the intervals.
    /// - Throws: when the USB library cannot be started.
    public init(
        for rules: [USBMatchRule], serialNumber: String? = nil, hasUdev: Bool = USBEnvironment.read().hasUdev,
        monotonicNanoseconds: @escaping @Sendable () -> UInt64 = USBProbeTransport.systemNanoseconds
    ) throws(TransportError) {
        self.rules = rules
        self.serialNumber = serialNumber
        clock = monotonicNanoseconds
        arrivals = hasUdev ? try HotplugNotice() : nil
        method = arrivals == nil ? .polling : .hotplug
    }

    /// What the watch saw last: absent, attached, mismatched or not permitted, with the error that says so.
    public var status: ProbeConnection { connection.withLock { $0 } }

    /// Waits for a probe; one that is there already is found at once.
    ///
    /// One thread at a time may wait.
    ///
    /// - Parameter timeLimit: how long at most, by the watch's clock; `nil` = until `stop` is requested.
    /// - Returns: the probe, or `nil` when `stop` was requested or the time is over.
    /// - Throws: when the USB library fails.
    public func next(
        until stop: StopSignal, timeLimit: Duration? = nil
    ) throws(TransportError) -> USBProbeSighting? {
        let beganNs = clock()
        let limitNs = timeLimit.map(HeartbeatState.nanoseconds) ?? .max
        let lookNs = method == .hotplug ? Self.recheckNanoseconds : Self.pollNanoseconds
        while !stop.isRequested {
            // Whoever comes while the watch looks makes it look again.
            arrivals?.forget()
            if let sighting = try look() { return sighting }
            let lookedNs = clock()
            if lookedNs &- beganNs >= limitNs { return nil }
            while !stop.isRequested, arrivals?.hasChanged != true {
                let now = clock()
                if now &- beganNs >= limitNs { return nil }
                if now &- lookedNs >= lookNs { break }
                try pause()
            }
        }
        return nil
    }

    /// Looks once.
    ///
    /// - Returns: a probe that is all that one of the rules describes; `nil` when there is none, and `status` says
    ///   what stands in its way.
    /// - Throws: when the USB library fails.
    public func look() throws(TransportError) -> USBProbeSighting? {
        let (sighting, seen) = try USBDeviceDiscovery().sighting(rules, serialNumber: serialNumber)
        connection.withLock { $0.note(seen) }
        return sighting
    }

    private func pause() throws(TransportError) {
        guard let arrivals else {
            usleep(UInt32(Self.sliceNanoseconds / 1_000))
            return
        }
        try arrivals.handleEvents(forNs: Self.sliceNanoseconds)
    }
}

extension USBDeviceDiscovery {
    /// The first attached device that is all that one of some rules describes, and what there is to say otherwise.
    func sighting(
        _ rules: [USBMatchRule], serialNumber: String?
    ) throws(TransportError) -> (USBProbeSighting?, ProbeConnectionEvent) {
        let candidates = try devices { reader in rules.contains { reader.hasIDs(of: $0) } }
        var nearest: ProbeConnectionEvent?
        for device in candidates {
            for (index, rule) in rules.enumerated() where device.hasIDs(of: rule) {
                let connection = device.connection(for: rule)
                if connection.state == .attached {
                    guard serialNumber == nil || device.serialNumber.text == serialNumber else { continue }
                    return (USBProbeSighting(device: device, ruleIndex: index), .seen)
                }
                // A rule for any device that does not fit says nothing of this one.
                guard rule.vendorID != nil, let error = connection.lastError else { continue }
                nearest = nearest ?? .failed(error)
            }
        }
        return (nil, nearest ?? .left)
    }
}
