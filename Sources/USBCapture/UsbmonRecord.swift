/// One record of usbmon: what stands in the 64 bytes before the data of link type 220.
///
/// The layout is that of the kernel's `Documentation/usb/usbmon.rst`, "Raw binary format and API", as
/// LINKTYPE_USB_LINUX_MMAPPED stores it: 64 bytes, then a descriptor of 16 bytes for each isochronous packet, then data.
public struct UsbmonRecord: Sendable, Hashable {
    /// What happened to the URB.
    public enum Event: UInt8, Sendable {
        /// It was submitted: `S`.
        case submit = 0x53
        /// It came back: `C`.
        case complete = 0x43
        /// Its submission failed: `E`.
        case submissionError = 0x45
    }

    /// The kind of transfer, as usbmon counts them.
    public enum TransferType: UInt8, Sendable {
        /// Packets in time, with losses.
        case isochronous = 0
        /// Events.
        case interrupt = 1
        /// Requests on endpoint 0.
        case control = 2
        /// Data without losses.
        case bulk = 3
    }

    /// Tells which completion belongs to which submission.
    public var id: UInt64
    /// What happened.
    public var event: Event
    /// The kind of transfer.
    public var type: TransferType
    /// The endpoint's address with its direction bit.
    public var endpoint: UInt8
    /// Address on the bus.
    public var deviceAddress: UInt8
    /// Number of the bus.
    public var bus: UInt16
    /// 0 or the negative error number of Linux; -EINPROGRESS for submissions.
    public var status: Int32
    /// Bytes asked for (submissions) or carried (completions).
    public var urbBytes: UInt32
    /// The eight bytes of the request; `nil` where there are none.
    public var setup: [UInt8]?
    /// Distance of isochronous packets, microframes of 125 us; 0 for other transfers.
    public var intervalMicroframes: UInt32
    /// When it happened, nanoseconds since 1970.
    public var nanoseconds: UInt64

    /// Bytes of the fixed part.
    static let headerBytes = 64
    /// -EINPROGRESS of Linux, the status of a submission.
    static let inProgress: Int32 = -115

    /// A record from its fields.
    public init(
        id: UInt64, event: Event, type: TransferType, endpoint: UInt8, deviceAddress: UInt8, bus: UInt16,
        status: Int32, urbBytes: UInt32, setup: [UInt8]? = nil, intervalMicroframes: UInt32 = 0, nanoseconds: UInt64
    ) {
        self.id = id
        self.event = event
        self.type = type
        self.endpoint = endpoint
        self.deviceAddress = deviceAddress
        self.bus = bus
        self.status = status
        self.urbBytes = urbBytes
        self.setup = setup
        self.intervalMicroframes = intervalMicroframes
        self.nanoseconds = nanoseconds
    }
}

/// One packet of an isochronous transfer.
public struct IsochronousPacket: Sendable, Hashable, BitwiseCopyable {
    /// 0 or the negative error number of Linux.
    public var status: Int32
    /// Where its bytes begin among the transfer's.
    public var offset: UInt32
    /// Bytes that came.
    public var length: UInt32

    /// Bytes of a packet's descriptor.
    static let descriptorBytes = 16
    /// -EXDEV of Linux: the packet did not come, or not whole.
    public static let missedStatus: Int32 = -18

    /// A packet from its fields.
    public init(status: Int32, offset: UInt32, length: UInt32) {
        self.status = status
        self.offset = offset
        self.length = length
    }
}
