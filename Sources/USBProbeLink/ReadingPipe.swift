internal import CLibUSB
internal import ProbeLink

/// One IN endpoint of a run: its transfers, and where it stands after trouble.
struct ReadingPipe {
    /// What the pipe is doing.
    enum Phase: Equatable {
        /// Transfers go back in flight as they come.
        case flowing
        /// After trouble: the others are cancelled, and their return is awaited.
        case returning
        /// Everything is back and the next attempt waits until then, monotonic nanoseconds.
        case pausing(untilNs: UInt64)
    }

    /// What the sink is told.
    let pipe: ProbePipe
    let endpoint: UInt8
    let transfers: [TransferPool.Transfer]
    /// How the packets of an isochronous endpoint follow each other; `nil` = it is not isochronous.
    var packets: PacketTiming?
    /// The most transfers that may be in flight; fewer than there are when the kernel had no memory for them.
    var mostInFlight: Int
    /// How many are in flight or wait to be taken.
    var inFlight = 0
    var phase = Phase.flowing
    /// When the transfers were called back last, monotonic nanoseconds; none brought anything after that.
    var calledBackNs: UInt64 = 0
    /// Attempts to go on since data last came.
    var attempts = 0
    /// The status or error that began the trouble.
    var lastCode: Int32 = 0

    /// The most attempts to go on before the run ends; with the pause below half a second.
    ///
    /// Project choice: longer than the window in which an unplugged device still takes transfers.
    static let mostAttempts = 10
    /// The wait before a further attempt, nanoseconds; project choice.
    static let pauseNs: UInt64 = 50_000_000

    init(
        _ pipe: ProbePipe, of endpoint: UInt8, transfers: [TransferPool.Transfer], packets: PacketTiming? = nil
    ) {
        self.pipe = pipe
        self.endpoint = endpoint
        self.transfers = transfers
        self.packets = packets
        mostInFlight = transfers.count
    }

    /// Goes on with half as many transfers after the kernel had no memory for one more.
    ///
    /// - Returns: whether enough are in flight, or may still be tried, to go on.
    mutating func makeDoWithFewer() -> Bool {
        guard mostInFlight > TransferPlan.leastCount else { return inFlight >= TransferPlan.leastCount }
        mostInFlight = max(mostInFlight / 2, TransferPlan.leastCount)
        return true
    }

    /// Cancels everything in flight, the last first, so that bytes cannot overtake each other.
    func cancel() {
        // "Not found" says that a transfer is on its way back already.
        for transfer in transfers.reversed() { libusb_cancel_transfer(transfer) }
    }
}
