/// The host's buffer of one bulk transfer: it completes when it is full or when a short packet ends it.
struct TransferAssembly {
    /// `bmRequestType`, `bRequest` and `wValue` of CLEAR_FEATURE(ENDPOINT_HALT) (USB 2.0, section 9.4.1).
    private static let clearHalt: (type: UInt8, request: UInt8, value: UInt16) = (0x02, 1, 0)

    /// Room of the buffer, bytes.
    let capacity: Int
    /// What has arrived.
    private(set) var bytes: [UInt8] = []
    /// Whether the transfer is over.
    private(set) var isComplete = false

    /// A buffer of at least one packet, rounded down to whole ones.
    init(capacity: Int, packetBytes: Int) {
        let packet = max(1, packetBytes)
        self.capacity = max(1, capacity / packet) * packet
    }

    /// Collects from the device until the transfer is complete or the device has nothing more yet.
    ///
    /// A halt is cleared once; an endpoint that stays halted is left for the next time.
    mutating func fill(from device: inout any SimulatedDevice) {
        var hasCleared = false
        while !isComplete {
            switch device.read(endpoint: device.streamEndpoint, atMost: capacity - bytes.count) {
            case .bytes(let packets, let endsTransfer):
                bytes += packets
                isComplete = endsTransfer || bytes.count >= capacity
            case .stalled:
                guard !hasCleared else { return }
                hasCleared = true
                let setup = USBSetup(
                    requestType: Self.clearHalt.type, request: Self.clearHalt.request, value: Self.clearHalt.value,
                    index: UInt16(device.streamEndpoint))
                _ = device.control(setup, out: [])
            case .nothingYet:
                return
            }
        }
    }

    /// Empties the buffer for the next transfer.
    mutating func submitAgain() {
        bytes.removeAll(keepingCapacity: true)
        isComplete = false
    }
}
