internal import Glibc
internal import Synchronization

/// Brings what an IN endpoint of the device has to the kernel, on a thread of its own.
///
/// A write waits until the host has collected it. What waited when the stream starts anew is taken back, as a device
/// empties its FIFO.
final class FunctionFSFeeder: Sendable {
    private struct State {
        var thread: pthread_t?
        var isWriting = false
        var isHeld = false
        var isEnded = false
    }

    /// Bytes of one write: whole packets at every speed (project choice).
    private static let writeBytes = 16_384
    /// How long the thread rests while the device has nothing, microseconds (project choice).
    private static let restMicroseconds: UInt32 = 1_000

    private let device: LiveDevice
    private let endpoint: FunctionFSDescriptors.Endpoint
    private let file: Int32
    private let isBulk: Bool
    private let state = Mutex(State())

    /// Opens the endpoint's file, which is possible from the writing of the descriptors on.
    init(_ device: LiveDevice, _ endpoint: FunctionFSDescriptors.Endpoint, number: Int) throws(FunctionFSError) {
        self.device = device
        self.endpoint = endpoint
        isBulk = device.look { $0.streamEndpoint } == endpoint.address
        let path = FunctionFSFolder.path(ofEndpoint: number)
        file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw .system(code: errno, doing: "opening \(path)") }
    }

    deinit { close(file) }

    /// Feeds until `end`.
    func run() {
        // A thread that a dispatch queue started has every signal blocked, and hands that on.
        var interrupt = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGUSR1)
        pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
        state.withLock { $0.thread = pthread_self() }
        var transfer: [UInt8] = []
        while true {
            let (isHeld, isEnded) = state.withLock { ($0.isHeld, $0.isEnded) }
            if isEnded { break }
            if isHeld { transfer = [] }
            if isHeld || !collect(&transfer) { usleep(Self.restMicroseconds) }
        }
        state.withLock { $0.thread = nil }
    }

    /// Takes back what waits for the host, and brings nothing until `goOn`.
    func hold() {
        while true {
            let isStill = state.withLock { state in
                state.isHeld = true
                // Interrupts the write, which then gives its request back.
                if state.isWriting, let thread = state.thread { pthread_kill(thread, SIGUSR1) }
                return !state.isWriting
            }
            if isStill { return }
            usleep(Self.restMicroseconds)
        }
    }

    /// Goes on after `hold`.
    func goOn() { state.withLock { $0.isHeld = false } }

    /// Ends `run`, and waits for it.
    func end() {
        state.withLock { $0.isEnded = true }
        hold()
        while state.withLock({ $0.thread != nil }) { usleep(Self.restMicroseconds) }
    }

    /// A signal that interrupts a write and does nothing else.
    static func prepareSignal() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(SIGUSR1, &action, nil)
    }

    /// Collects from the device and writes; `false` when there is nothing to be written yet.
    private func collect(_ transfer: inout [UInt8]) -> Bool {
        let room = isBulk ? Self.writeBytes : endpoint.packetBytes
        var isOver = false
        while !isOver {
            let wanted = room - transfer.count
            let address = endpoint.address
            switch device.look({ $0.read(endpoint: address, atMost: wanted) }) {
            case .nothingYet: return false
            case .stalled:
                stall()
                transfer = []
                return false
            case .bytes(let bytes, let endsTransfer):
                if bytes.isEmpty, !endsTransfer { return false }
                transfer += bytes.prefix(wanted)
                isOver = endsTransfer || transfer.count == room
                guard isOver else { continue }
                // A transfer that ends with a whole packet ends with one more, of no bytes.
                let needsEmptyPacket = isBulk && endsTransfer && transfer.count % endpoint.packetBytes == 0
                if write(transfer), needsEmptyPacket, !transfer.isEmpty { _ = write([]) }
                transfer = []
            }
        }
        return true
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        let mayWrite = state.withLock { state in
            state.isWriting = !state.isHeld
            return state.isWriting
        }
        guard mayWrite else { return false }
        let count = Glibc.write(file, bytes, bytes.count)
        state.withLock { $0.isWriting = false }
        // Not configured, unplugged or interrupted: what was to be sent is lost, as in a device.
        if count < 0 { usleep(Self.restMicroseconds) }
        return count == bytes.count
    }

    /// Halts the endpoint: a read of an IN endpoint does that.
    ///
    /// The kernel keeps the halt until the host clears it.
    private func stall() {
        var nothing: UInt8 = 0
        _ = Glibc.read(file, &nothing, 0)
        let address = UInt16(endpoint.address)
        // CLEAR_FEATURE of ENDPOINT_HALT (USB 2.0, section 9.4.1).
        _ = device.look { $0.control(USBSetup(requestType: 0x02, request: 1, index: address), out: []) }
    }
}
