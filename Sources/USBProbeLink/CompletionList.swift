internal import CLibUSB
internal import Synchronization

/// The transfers that have come back, in the order in which they came, until the run loop takes them.
///
/// libusb calls back on whichever thread handles its events: the acquisition thread, or one that waits for its own
/// control request meanwhile. So the callback may not touch the sink, which belongs to the acquisition thread. It
/// only writes the transfer's pointer here: one store, no lock, no allocation. The run loop takes the pointers right
/// after it has handled events, hands over the bytes and puts the transfers in flight again.
///
/// There is a slot for every transfer, and a transfer is in flight or in one slot, so the list never overflows.
final class CompletionList {
    typealias Transfer = UnsafeMutablePointer<libusb_transfer>

    private let slots: UnsafeMutablePointer<Transfer?>
    private let capacity: Int
    /// Written by callbacks, which libusb runs one at a time under its own event lock.
    private let written = Atomic<Int>(0)
    /// Only used by the run loop.
    private var taken = 0

    init(capacity: Int) {
        self.capacity = capacity
        slots = .allocate(capacity: capacity)
        slots.initialize(repeating: nil, count: capacity)
    }

    deinit {
        slots.deinitialize(count: capacity)
        slots.deallocate()
    }

    /// Takes the transfer that came back first; on the run loop's thread.
    func take() -> Transfer? {
        guard taken != written.load(ordering: .acquiring) else { return nil }
        defer { taken &+= 1 }
        return slots[taken % capacity]
    }

    /// How many can be taken, and how many of them belong to an endpoint; on the run loop's thread.
    func waiting(of endpoint: UInt8) -> (all: Int, ofEndpoint: Int) {
        let end = written.load(ordering: .acquiring)
        let own = (taken..<end).count { slots[$0 % capacity]?.pointee.endpoint == endpoint }
        return (end - taken, own)
    }

    /// Appends one; in a callback.
    private func append(_ transfer: Transfer) {
        let index = written.load(ordering: .relaxed)
        slots[index % capacity] = transfer
        written.store(index &+ 1, ordering: .releasing)
    }

    /// What a transfer carries so that `callback` finds this list; valid as long as the list.
    var userData: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// Does nothing but to append the transfer to the list that it names.
    static let callback: libusb_transfer_cb_fn = { transfer in
        guard let transfer, let list = transfer.pointee.user_data else { return }
        Unmanaged<CompletionList>.fromOpaque(list).takeUnretainedValue().append(transfer)
    }
}
