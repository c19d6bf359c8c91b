internal import Glibc
public import ProbeLink
internal import Synchronization

/// Offers one simulated device to USB/IP hosts; the first that imports it has it until its connection ends.
///
/// Everything is done on the thread that calls `run`. Afterwards, and whenever a host leaves, the device is as just
/// switched on.
public final class USBIPServer: Sendable {
    /// What happened to a host's connection.
    public enum Event: Sendable, Hashable {
        /// A host has the device now.
        case attached
        /// The host that had the device is gone.
        case detached
        /// A host sent what USB/IP does not allow and was let go.
        case refused(USBIPError)
    }

    /// One host; known to the serving thread alone.
    private final class Peer {
        let socket: USBIPSocket
        var connection: USBIPConnection

        init(_ descriptor: Int32, _ connection: USBIPConnection) throws(USBIPError) {
            socket = try USBIPSocket(descriptor)
            self.connection = connection
        }
    }

    /// Hosts that may be connected at once, most of which only list (project choice).
    private static let mostPeers = 8
    /// How long the thread waits while a host waits for data, milliseconds (project choice: far less than the 20 ms
    /// of a packet).
    private static let busyMilliseconds: Int32 = 1
    /// How long it waits otherwise, milliseconds (project choice: how late a stop is noticed).
    private static let idleMilliseconds: Int32 = 20

    private let device: LiveDevice
    private let export: Mutex<USBIPExport>
    private let speed: USBBusSpeed
    private let report: @Sendable (Event) -> Void

    /// A server for a device.
    ///
    /// - Parameters:
    ///   - device: whose time is 0 or continues.
    ///   - speed: of the bus; `superSpeed` adds the descriptors of USB 3.
    ///   - clock: by which the device's time goes.
    ///   - times: how many times faster than that it goes, at least 1.
    ///   - report: told of every host, on the serving thread.
    /// - Throws: `noDescriptors`.
    public init(
        _ device: any SimulatedDevice, speed: USBBusSpeed = .high, clock: any Clock<Duration>, times: Int = 1,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(USBIPError) {
        var offered: any SimulatedDevice = speed == .superSpeed ? SuperSpeedDevice(device) : device
        export = Mutex(try USBIPExport(&offered, speed: speed))
        self.speed = speed
        self.device = LiveDevice(offered, clock: clock, times: times)
        self.report = report
    }

    /// Holds the transducer somewhere else: from the next start on, the signal comes from this source.
    public func place(_ source: any SignalSource) { device.look { $0.place(source) } }

    /// Serves hosts that connect to a listener, until `stop`.
    public func run(_ listener: borrowing USBIPListener, until stop: StopSignal) {
        var peers: [Peer] = []
        while !stop.isRequested {
            wait(for: peers, listener: listener.descriptor)
            while peers.count < Self.mostPeers, let descriptor = listener.accept() {
                do throws(USBIPError) {
                    peers.append(try Peer(descriptor, USBIPConnection(export.withLock { $0 })))
                } catch {
                    report(.refused(error))
                }
            }
            lookAround(&peers)
        }
        switchOff()
    }

    /// Plugs the device into this computer's own kernel and serves it until `stop` or until it is detached.
    ///
    /// - Parameter folder: where the kernel shows its virtual host controller.
    /// - Throws: `noHostController`, `noFreePort`, or `system`.
    public func runAttached(
        folder: String = USBIPKernelPort.usualFolder, until stop: StopSignal
    ) throws(USBIPError) {
        var isThere = true
        while isThere {
            try run(attached: try USBIPKernelPort.attach(speed, folder: folder).socket, until: stop)
            isThere = stop.isRequested ? false : try comesBack()
        }
    }

    /// Whether the device has left the bus by itself, and is another one now.
    private func comesBack() throws(USBIPError) -> Bool {
        let fresh = device.look { device -> Result<USBIPExport, USBIPError>? in
            guard device.needsReenumeration else { return nil }
            device.reenumerate()
            return Result { () throws(USBIPError) in try USBIPExport(&device, speed: speed) }
        }
        guard let fresh else { return false }
        let changed = try fresh.get()
        export.withLock { $0 = changed }
        return true
    }

    /// Serves a socket on which the device is attached already; it is closed at the end, which unplugs the device.
    func run(attached descriptor: Int32, until stop: StopSignal) throws(USBIPError) {
        var peers = [try Peer(descriptor, USBIPConnection(export.withLock { $0 }, isAttached: true))]
        report(.attached)
        while !stop.isRequested, !peers.isEmpty {
            wait(for: peers, listener: nil)
            lookAround(&peers)
            // What has left the bus keeps what made it leave.
            if device.look({ $0.needsReenumeration }) { return }
        }
        switchOff()
    }

    /// Waits until a socket has something, or until the device may have.
    private func wait(for peers: [Peer], listener: Int32?) {
        var descriptors = peers.map { peer in
            let events = POLLIN | (peer.socket.unsentBytes > 0 ? POLLOUT : 0)
            return pollfd(fd: peer.socket.descriptor, events: Int16(events), revents: 0)
        }
        if let listener { descriptors.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
        let isBusy = peers.contains { $0.connection.isWaiting && $0.socket.unsentBytes == 0 }
        poll(&descriptors, nfds_t(descriptors.count), isBusy ? Self.busyMilliseconds : Self.idleMilliseconds)
    }

    /// Serves every host; those that are gone are left out afterwards.
    private func lookAround(_ peers: inout [Peer]) {
        for peer in peers {
            let wasAttached = peer.connection.isAttached
            let isFree = !peers.contains { $0.connection.isAttached }
            let isThere = serve(peer, isFree: isFree)
            if !wasAttached, peer.connection.isAttached { report(.attached) }
            guard !isThere else { continue }
            peers.removeAll { $0 === peer }
            guard peer.connection.isAttached else { continue }
            switchOff()
            report(.detached)
        }
    }

    /// Takes what a host sent and sends what it is to have; `false` = it is gone.
    private func serve(_ peer: Peer, isFree: Bool) -> Bool {
        guard let bytes = peer.socket.receive() else { return false }
        let (answer, problem) = device.look { device -> ([UInt8], USBIPError?) in
            var problem: USBIPError?
            do throws(USBIPError) {
                try peer.connection.receive(bytes, device: &device, isFree: isFree)
            } catch {
                problem = error
            }
            return (peer.connection.serve(&device, unsentBytes: peer.socket.unsentBytes), problem)
        }
        let isThere = peer.socket.send(answer)
        guard let problem else { return isThere }
        report(.refused(problem))
        return false
    }

    private func switchOff() { device.look { $0.cyclePower() } }
}
