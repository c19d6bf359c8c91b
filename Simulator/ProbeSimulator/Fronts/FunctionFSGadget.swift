internal import Foundation
internal import Glibc
public import ProbeLink

/// A simulated device as a gadget of this computer: on its USB device port, or on dummy_hcd's loop.
///
/// Vendor requests reach the device, with one limit of FunctionFS: a request with OUT data is acknowledged before the
/// device has seen the data, so that it cannot refuse them. The kernel chooses the endpoints' addresses.
public final class FunctionFSGadget: Sendable {
    /// How long the thread waits for an event, milliseconds (project choice: how late a stop is noticed).
    private static let waitMilliseconds: Int32 = 20
    /// Events that are read at once.
    private static let eventsAtOnce = 4
    /// bMaxPower counts 2 mA at high speed (USB 2.0, table 9-10).
    private static let powerStepMilliamperes = 2
    private static let inBit: UInt8 = 0x80
    /// SET_CONFIGURATION (USB 2.0, table 9-4).
    private static let setConfiguration = USBSetup(requestType: 0, request: 9, value: 1)

    private let device: LiveDevice
    private let deviceDescriptor: [UInt8]
    private let strings: [String]
    private let speed: USBBusSpeed
    private let powerMilliamperes: Int
    private let descriptors: FunctionFSDescriptors

    /// A gadget for a device at high speed; at 5 Gbit/s the descriptors of USB 3 are given.
    ///
    /// - Parameters:
    ///   - speed: the highest at which it shows itself.
    ///   - clock: by which the device's time goes.
    ///   - times: how many times faster than that it goes, at least 1.
    /// - Throws: `notPossible` for a device that FunctionFS cannot be.
    public init(
        _ device: any SimulatedDevice, upTo speed: USBBusSpeed = .superSpeed, clock: any Clock<Duration>,
        times: Int = 1
    ) throws(FunctionFSError) {
        var asked = device
        guard let first = Self.descriptor(&asked, kind: 1, index: 0), first.count >= 18,
            let configuration = Self.descriptor(&asked, kind: 2, index: 0), configuration.count >= 9
        else { throw .notPossible(device: device.label, what: "no device or configuration descriptor") }
        self.speed = speed
        deviceDescriptor = first
        powerMilliamperes = Int(configuration[8]) * Self.powerStepMilliamperes
        strings = first[14...16].map { Self.text(Self.descriptor(&asked, kind: 3, index: $0) ?? []) }
        descriptors = try FunctionFSDescriptors(highSpeed: configuration, device: device.label)
        self.device = LiveDevice(device, clock: clock, times: times)
    }

    /// Holds the transducer somewhere else: from the next start on, the signal comes from this source.
    public func place(_ source: any SignalSource) { device.look { $0.place(source) } }

    /// Plugs the device in and serves it until `stop`, then unplugs it.
    ///
    /// - Throws: `noDeviceController`, or `system`.
    public func run(until stop: StopSignal) throws(FunctionFSError) {
        try FunctionFSFolder.make(
            device: deviceDescriptor, strings: strings, speed: speed, powerMilliamperes: powerMilliamperes)
        defer { FunctionFSFolder.remove() }
        let path = FunctionFSFolder.path(ofEndpoint: 0)
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw .system(code: errno, doing: "opening \(path)") }
        defer { close(file) }
        for bytes in [descriptors.bytes, FunctionFSDescriptors.strings] {
            guard write(file, bytes, bytes.count) == bytes.count else {
                throw .system(code: errno, doing: "describing the interface")
            }
        }
        FunctionFSFeeder.prepareSignal()
        let feeders = try startFeeders()
        defer { for feeder in feeders { feeder.end() } }
        try FunctionFSFolder.bind()
        while !stop.isRequested { answerEvents(file, feeders) }
        try FunctionFSFolder.unbind()
        device.look { $0.cyclePower() }
    }

    private func startFeeders() throws(FunctionFSError) -> [FunctionFSFeeder] {
        var feeders: [FunctionFSFeeder] = []
        for (index, endpoint) in descriptors.endpoints.enumerated() where endpoint.address & Self.inBit != 0 {
            feeders.append(try FunctionFSFeeder(device, endpoint, number: index + 1))
        }
        for feeder in feeders { Thread.detachNewThread { feeder.run() } }
        return feeders
    }

    /// Waits for the kernel's events and answers them; the device's time goes on meanwhile.
    private func answerEvents(_ file: Int32, _ feeders: [FunctionFSFeeder]) {
        var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        poll(&waiting, 1, Self.waitMilliseconds)
        device.look { _ in }
        guard Int32(waiting.revents) & POLLIN != 0 else { return }
        var bytes = [UInt8](repeating: 0, count: Self.eventsAtOnce * FunctionFSEvent.byteCount)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return }
        for event in FunctionFSEvent.all(in: Array(bytes.prefix(count))) {
            switch event {
            case .enable: _ = device.look { $0.control(Self.setConfiguration, out: []) }
            case .disable: device.look { $0.resetBus() }
            case .setup(let setup): answer(setup, file, feeders)
            case .other: break
            }
        }
    }

    /// Carries out a control transfer; a transfer of `ep0` in the wrong direction stalls it.
    private func answer(_ setup: USBSetup, _ file: Int32, _ feeders: [FunctionFSFeeder]) {
        let isIn = setup.requestType & Self.inBit != 0
        var data: [UInt8] = []
        if !isIn, setup.length > 0 {
            data = [UInt8](repeating: 0, count: Int(setup.length))
            let count = read(file, &data, data.count)
            guard count == data.count else { return }
        }
        // What a device still holds when its stream starts is gone.
        let mayStart = !isIn && !device.look { $0.isStreaming }
        if mayStart { for feeder in feeders { feeder.hold() } }
        let answer = device.look { [data] in $0.control(setup, out: data) }
        if mayStart { for feeder in feeders { feeder.goOn() } }
        var nothing: UInt8 = 0
        switch answer {
        case .bytes(let bytes) where isIn: _ = write(file, bytes, bytes.count)
        case .acknowledge where !isIn && setup.length == 0: _ = read(file, &nothing, 0)
        case .stall where isIn: _ = read(file, &nothing, 0)
        case .stall where setup.length == 0: _ = write(file, &nothing, 0)
        default: break
        }
    }

    private static func descriptor(_ device: inout any SimulatedDevice, kind: UInt16, index: UInt8) -> [UInt8]? {
        let setup = USBSetup(requestType: 0x80, request: 6, value: kind << 8 | UInt16(index), length: .max)
        guard case .bytes(let bytes) = device.control(setup, out: []) else { return nil }
        return bytes
    }

    /// The text of a string descriptor.
    private static func text(_ descriptor: [UInt8]) -> String {
        let units = stride(from: 2, to: descriptor.count - 1, by: 2).map { offset in
            descriptor.littleEndian(at: offset, as: UInt16.self)
        }
        return String(decoding: units, as: UTF16.self)
    }
}
