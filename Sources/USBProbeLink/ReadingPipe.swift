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
    /// How many are in flight or wait to be taken.
    var inFlight = 0
    var phase = Phase.flowing
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

    /// Cancels everything in flight, the last first, so that bytes cannot overtake each other.
    func cancel() {
        // "Not found" says that a transfer is on its way back already.
        for transfer in transfers.reversed() { libusb_cancel_transfer(transfer) }
    }
}
