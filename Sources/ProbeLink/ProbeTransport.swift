/// What carries bytes between the bridge and one probe: USB, or the simulated probe in this process.
///
/// A transport knows how transfers arrive and nothing of what they mean. `run` belongs to the acquisition
/// thread: it hands each completed transfer to the sink and returns when it is told to stop or when the
/// device is gone. `control` may be called from another thread while `run` is at work.
public protocol ProbeTransport: Sendable {
    /// What this transport leads to, in words for a person: `usb 1209:0001 ODP Reference SN0001`.
    var label: String { get }

    /// Transfers that failed and were repeated, over all runs that have ended.
    var failedTransfers: UInt64 { get }

    /// Sends one vendor request on endpoint 0, device recipient.
    ///
    /// - Returns: the data of an IN request, cut to what the probe sent; empty for OUT.
    /// - Throws: `TransportError.stalled` when the probe refuses it.
    @discardableResult
    func control(_ request: ControlRequest) throws(TransportError) -> [UInt8]

    /// Says how fast the stream will come, bytes each second, so that transfers can be sized by time.
    func expect(bytesPerSecond: Int)

    /// Remembers requests that end transmission, to be sent should the program die while this transport is held.
    func sendAtCrash(_ requests: [ControlRequest])

    /// Streams until `stop` is requested, giving every transfer to `sink` in the order of the wire.
    ///
    /// - Parameter heartbeat: a request that is repeated from this loop, so that a loop that hangs lets the
    ///   probe's keep-alive run out and transmission end.
    /// - Throws: the reason why the stream ended by itself. What arrived before has been delivered.
    func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError)
}

extension ProbeTransport {
    /// A transport without transfers of a size has nothing to prepare.
    public func expect(bytesPerSecond: Int) {}

    /// What leads to no hardware transmits nothing.
    public func sendAtCrash(_ requests: [ControlRequest]) {}

    /// A transport without transfers has none that fail.
    public var failedTransfers: UInt64 { 0 }
}

/// Takes the bytes of a probe, transfer by transfer, on the acquisition thread.
///
/// It must not block.
public protocol TransferSink: ~Copyable {
    /// Takes one transfer's bytes. Packet boundaries may lie anywhere in them.
    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe)

    /// Whether so many bytes more would be kept. A live probe never asks; the simulated one and files wait.
    func hasRoom(forBytes count: Int) -> Bool

    /// Notes that packets of an isochronous stream did not arrive, or came damaged, at this place.
    ///
    /// - Parameters:
    ///   - count: how many in a row.
    ///   - packetNanoseconds: the interval in which the bus asks for one packet.
    mutating func missed(packets count: Int, packetNanoseconds: UInt64)

    /// Tells the host's monotonic clock at the arrival of the transfer that is received next.
    ///
    /// The clock of the probe, told by its samples, can be measured against it.
    mutating func transferArrived(hostNanoseconds: UInt64)
}

extension TransferSink where Self: ~Copyable {
    /// A stream that is not isochronous misses no packets.
    public mutating func missed(packets count: Int, packetNanoseconds: UInt64) {}

    /// Most sinks need no clock.
    public mutating func transferArrived(hostNanoseconds: UInt64) {}
}

/// The two ways in from a probe.
public enum ProbePipe: Sendable {
    /// Bulk or isochronous IN: the samples.
    case stream
    /// Interrupt IN: buttons and faults.
    case events
}

/// A request to the probe on endpoint 0: a vendor request to the device unless told otherwise.
public struct ControlRequest: Sendable, Equatable {
    /// Whose request it is and to which part of the device (USB 2.0, table 9-2).
    public enum Scope: Sendable, Equatable {
        /// Of the maker, to the device.
        case vendorDevice
        /// Of the device class, to an interface.
        case classInterface
        /// Of the device class, to an endpoint: the sampling frequency of USB audio.
        case classEndpoint

        /// Bits 6 to 0 of `bmRequestType`.
        public var requestTypeBits: UInt8 {
            switch self {
            case .vendorDevice: 0x40
            case .classInterface: 0x21
            case .classEndpoint: 0x22
            }
        }
    }

    /// Whose request it is.
    public var scope: Scope
    /// `bRequest`.
    public var request: UInt8
    /// `wValue`.
    public var value: UInt16
    /// `wIndex`.
    public var index: UInt16
    /// What is carried, and which way.
    public var body: Body

    /// The data stage of a vendor request.
    public enum Body: Sendable, Equatable {
        /// To the probe; may be empty.
        case out([UInt8])
        /// From the probe, at most so many bytes (`wLength`).
        case `in`(length: UInt16)
    }

    /// A vendor request to the device, `wIndex` 0 unless told otherwise.
    public init(
        _ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, body: Body = .out([]), scope: Scope = .vendorDevice
    ) {
        self.scope = scope
        self.request = request
        self.value = value
        self.index = index
        self.body = body
    }
}

/// A request that the streaming loop repeats, so that the probe knows that somebody is listening.
public struct Heartbeat: Sendable, Equatable {
    /// What is sent.
    public var request: ControlRequest
    /// How often, by the transport's own clock.
    public var interval: Duration

    /// Repeats `request` every `interval`.
    public init(_ request: ControlRequest, every interval: Duration) {
        self.request = request
        self.interval = interval
    }
}
