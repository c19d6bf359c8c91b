/// The firmware of a Cypress FX2 board, ready to be loaded into a chip that has none.
///
/// The cold chip knows one request, 0xA0, which writes to its memory (Cypress EZ-USB FX2LP Technical Reference Manual,
/// 3.8, "Firmware Load"). It takes everything and checks nothing, and so nothing is asked of it but that it takes each
/// request; whether the firmware runs shows when the board comes back under its warm identity, which is matched anew.
public struct FX2Firmware: Sendable, Equatable {
    /// Bytes that follow each other in the chip's memory.
    public struct Segment: Sendable, Equatable {
        /// Where the first one goes.
        public var address: UInt16
        /// The bytes.
        public var bytes: [UInt8]

        /// A segment from its place and bytes.
        public init(address: UInt16, bytes: [UInt8]) {
            self.address = address
            self.bytes = bytes
        }
    }

    /// The memory that the cold chip can write: program and data, 16 KiB, and 512 bytes of scratch memory (Technical
    /// Reference Manual, figure 5-3).
    static let writableMemory: [ClosedRange<UInt32>] = [0x0000...0x3FFF, 0xE000...0xE1FF]
    /// The most bytes of one request (project choice: well below what the kernel takes at once, as other loaders do).
    public static let greatestChunk = 1024
    /// The request that writes to the memory.
    private static let load: UInt8 = 0xA0
    /// The register whose lowest bit holds the processor in reset (Technical Reference Manual, CPUCS).
    private static let resetRegister: UInt16 = 0xE600

    /// What is loaded, by rising address; segments neither touch nor overlap.
    public let segments: [Segment]

    /// Firmware from a file in Intel HEX (Intel, Hexadecimal Object File Format Specification, revision A).
    ///
    /// Upper and lower case, any line ending and blank lines are taken. Start addresses are read over: the chip
    /// always starts at 0.
    ///
    /// - Throws: the first thing that is wrong, with its line.
    public init(intelHex file: [UInt8]) throws(FX2FirmwareError) {
        var reader = IntelHexReader()
        segments = try reader.read(file)
    }

    /// Firmware from its plain bytes, as they lie in the memory from address 0 on.
    ///
    /// - Throws: `empty`, or `tooLong` when they do not fit the program memory.
    public init(image: [UInt8]) throws(FX2FirmwareError) {
        let most = Int(Self.writableMemory[0].upperBound) + 1
        guard !image.isEmpty else { throw .empty }
        guard image.count <= most else { throw .tooLong(bytes: image.count, most: most) }
        segments = [Segment(address: 0, bytes: image)]
    }

    /// What is sent to the cold chip, in this order: the processor is held, the memory written, the processor let go.
    public var requests: [ControlRequest] {
        var requests = [Self.hold(true)]
        for segment in segments {
            var offset = 0
            while offset < segment.bytes.count {
                let end = min(segment.bytes.count, offset + Self.greatestChunk)
                requests.append(
                    ControlRequest(
                        Self.load, value: segment.address &+ UInt16(truncatingIfNeeded: offset),
                        body: .out(Array(segment.bytes[offset..<end]))))
                offset = end
            }
        }
        requests.append(Self.hold(false))
        return requests
    }

    /// Loads the firmware; the board then leaves the bus and comes back with its warm identity.
    ///
    /// - Throws: what went wrong; a board that leaves while the processor is let go has done what it should.
    public func load(over transport: any ProbeTransport) throws(TransportError) {
        let requests = requests
        for (index, request) in requests.enumerated() {
            do {
                try transport.control(request)
            } catch .disconnected where index == requests.count - 1 {
                return
            }
        }
    }

    /// Holds the processor in reset, or lets it go.
    private static func hold(_ isHeld: Bool) -> ControlRequest {
        ControlRequest(load, value: resetRegister, body: .out([isHeld ? 1 : 0]))
    }
}
