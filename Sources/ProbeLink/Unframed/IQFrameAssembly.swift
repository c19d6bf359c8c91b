/// Collects the pulses of one frame, little-endian.
struct IQFrameAssembly: Sendable {
    private let format: UnframedIQFormat
    private let pulsesPerFrame: UInt16
    private let flags: FrameFlags
    private var payload: [UInt8] = []
    private var sequence: UInt32 = 0
    /// The next pulse's index.
    private(set) var nextPulse: UInt64 = 0
    /// Pulses collected so far.
    private(set) var pulses: UInt16 = 0

    init(format: UnframedIQFormat, pulsesPerFrame: UInt16, flags: FrameFlags) {
        self.format = format
        self.pulsesPerFrame = pulsesPerFrame
        self.flags = flags
        payload.reserveCapacity(Int(pulsesPerFrame) * format.bytesPerPair)
    }

    /// Whether the frame has all its pulses.
    var isFull: Bool { pulses == pulsesPerFrame }

    /// Takes one pulse; a full frame is delivered before.
    mutating func append(_ bytes: [UInt8], at offset: Int) {
        let size = format.bytesPerSample
        for sample in [offset, offset + size] {
            for byte in 0..<size {
                let place = format.byteOrder == .littleEndian ? byte : size - 1 - byte
                payload.append(bytes[sample + place])
            }
        }
        pulses += 1
        nextPulse += 1
    }

    /// Leaves out one pulse; the frame before it has been delivered.
    mutating func skipPulse() { nextPulse += 1 }

    /// Hands the frame on and begins the next one.
    mutating func deliver<Sink: FrameSink & ~Copyable>(into sink: inout Sink) {
        let header = FrameHeader(
            kind: .iq, format: format.frameFormat, flags: sequence == 0 ? flags.union(.first) : flags,
            sequence: sequence, pulseIndex: nextPulse - UInt64(pulses), items: 1, records: pulses)
        sink.receive(header, payload.span.bytes)
        payload.removeAll(keepingCapacity: true)
        sequence &+= 1
        pulses = 0
    }
}
