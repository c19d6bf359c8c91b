internal import CLibUSB
internal import Glibc
internal import ProbeLink
internal import Synchronization

/// Sends a probe the requests that end transmission when the program dies by a signal such as a trap.
///
/// A probe with a keep-alive stops by itself when its host is gone. One without transmits on, and a program that
/// crashed cannot be asked any more. So each opened probe has a second descriptor of its node, on which a signal
/// handler can send the requests by one system call each. SIGKILL and loss of power cannot be caught.
final class EmergencyStop: Sendable {
    /// Probes that can be opened at once (project choice).
    private static let capacity = 8
    /// Requests for each probe (transmitter, stream, receiver).
    private static let requestsPerProbe = 4
    /// How long the kernel waits for the probe, milliseconds (project choice: a dying program must not hang).
    private static let timeoutMs: UInt32 = 200
    /// Signals that end the program at once and can be caught.
    private static let signals = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGQUIT]

    private struct Slot {
        /// The node's descriptor; -1 = free.
        var node: Int32 = -1
        var count = 0
    }

    // Sound: written only under `lock`, a slot's descriptor last when it is taken and first when it is given back; the
    // handler only reads. The memory lives as long as the program.
    nonisolated(unsafe) private static let slots = memory(Slot(), count: capacity)
    // Sound: as above.
    nonisolated(unsafe) private static let requests = memory(
        usbdevfs_ctrltransfer(), count: capacity * requestsPerProbe)
    private static let lock = Mutex<Bool>(false)

    private let index: Int?

    /// Remembers the requests for the device at a place on the bus; does nothing where its node cannot be opened
    /// again.
    init(bus: UInt8, address: UInt8, send list: [ControlRequest]) {
        let node = open("/dev/bus/usb/" + Self.threeDigits(bus) + "/" + Self.threeDigits(address), O_RDWR | O_CLOEXEC)
        guard node >= 0 else {
            index = nil
            return
        }
        index = Self.lock.withLock { isInstalled in
            guard let free = (0..<Self.capacity).first(where: { Self.slots[$0].node < 0 }) else { return nil }
            let kept = list.prefix(Self.requestsPerProbe)
            for (offset, request) in kept.enumerated() {
                Self.requests[free * Self.requestsPerProbe + offset] = usbdevfs_ctrltransfer(
                    bRequestType: request.scope.requestTypeBits, bRequest: request.request, wValue: request.value,
                    wIndex: request.index, wLength: 0, timeout: Self.timeoutMs, data: nil)
            }
            Self.slots[free].count = kept.count
            Self.slots[free].node = node
            if !isInstalled { Self.install() }
            isInstalled = true
            return free
        }
        if index == nil { close(node) }
    }

    deinit {
        guard let index else { return }
        let node = Self.lock.withLock { _ in
            let node = Self.slots[index].node
            Self.slots[index].node = -1
            return node
        }
        close(node)
    }

    private static func install() {
        for number in signals {
            var action = sigaction()
            // Once only: what happens in the handler, or after it, ends the program.
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
            action.__sigaction_handler.sa_handler = { number in
                for index in 0..<EmergencyStop.capacity where EmergencyStop.slots[index].node >= 0 {
                    for offset in 0..<EmergencyStop.slots[index].count {
                        let place = index * EmergencyStop.requestsPerProbe + offset
                        _ = usbfs_control(EmergencyStop.slots[index].node, EmergencyStop.requests + place)
                    }
                }
                raise(number)
            }
            sigaction(number, &action, nil)
        }
    }

    private static func memory<Element>(_ value: Element, count: Int) -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
        memory.initialize(repeating: value, count: count)
        return memory
    }

    private static func threeDigits(_ number: UInt8) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }
}
