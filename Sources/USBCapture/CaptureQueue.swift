internal import Dispatch
internal import ProbeLink
internal import Synchronization

/// Holds encoded records between the threads that see transfers and the one that writes them.
///
/// There are two buffers of bounded length: records go into one while the other is written. The lock is held only to
/// copy a record in or to change the two buffers over, never while anything is written.
final class CaptureQueue: Sendable {
    private struct State {
        var writer = PcapngWriter()
        var filling: [UInt8] = []
        var dropped: UInt64 = 0
        var droppedBeforeNext: UInt64 = 0
        var nextID: UInt64 = 1
        var latestNanoseconds: UInt64 = 0
        var isFinished = false
    }

    private let state: Mutex<State>
    private let capacity: Int
    private let arrivals = DispatchSemaphore(value: 0)

    init(capacity: Int, beginningWith head: [UInt8]) {
        self.capacity = max(capacity, head.count)
        var first = State()
        first.filling = head
        first.filling.reserveCapacity(self.capacity)
        state = Mutex(first)
        arrivals.signal()
    }

    /// A new number for a transfer.
    func makeID() -> UInt64 {
        state.withLock { state in
            defer { state.nextID &+= 1 }
            return state.nextID
        }
    }

    /// Takes one record, or drops and counts it when it does not fit.
    func append(_ record: UsbmonRecord, packets: [IsochronousPacket] = [], data: RawSpan) {
        let size = PcapngWriter.size(packets: packets.count, dataBytes: data.byteCount)
        let wasEmpty = state.withLock { state -> Bool in
            guard !state.isFinished else { return false }
            guard state.filling.count + size <= capacity else {
                state.dropped += 1
                state.droppedBeforeNext += 1
                return false
            }
            let wasEmpty = state.filling.isEmpty
            state.latestNanoseconds = max(state.latestNanoseconds, record.nanoseconds)
            state.writer.append(
                record, packets: packets, data: data, droppedBefore: state.droppedBeforeNext, to: &state.filling)
            state.droppedBeforeNext = 0
            return wasEmpty
        }
        if wasEmpty { arrivals.signal() }
    }

    /// Waits for records and changes the buffers over.
    ///
    /// - Returns: whether more may come; `buffer` then holds what is to be written.
    func take(into buffer: inout [UInt8]) -> Bool {
        arrivals.wait()
        buffer.removeAll(keepingCapacity: true)
        return state.withLock { state in
            swap(&state.filling, &buffer)
            return !state.isFinished
        }
    }

    /// Ends the capture with its statistics; what comes later is not captured.
    func finish() -> (records: UInt64, dropped: UInt64) {
        let counts = state.withLock { state in
            if !state.isFinished {
                state.isFinished = true
                state.writer.end(
                    dropped: state.dropped, nanoseconds: state.latestNanoseconds, to: &state.filling)
            }
            return (state.writer.records, state.dropped)
        }
        arrivals.signal()
        return counts
    }
}
