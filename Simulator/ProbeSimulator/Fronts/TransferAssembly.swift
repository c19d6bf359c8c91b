/// The host's buffer of one bulk transfer: it completes when it is full or when a short packet ends it.
struct TransferAssembly {
    /// Room of the buffer, bytes.
    let capacity: Int
    /// What has arrived.
    private(set) var bytes: [UInt8] = []
    /// Whether the transfer is over.
    private(set) var isComplete = false

    /// A buffer of at least one high-speed packet, rounded down to whole ones.
    init(capacity: Int) {
        let packet = SimulatedProbe.Speed.high.bulkPacketBytes
        self.capacity = max(1, capacity / packet) * packet
    }

    /// Collects from the probe until the transfer is complete or the probe has nothing more yet.
    mutating func fill(from probe: inout SimulatedProbe) {
        while !isComplete {
            switch probe.readStream(atMost: capacity - bytes.count) {
            case .bytes(let packets, let endsTransfer):
                bytes += packets
                isComplete = endsTransfer || bytes.count >= capacity
            case .stalled:
                probe.clearStreamHalt()
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
