/// The vendor requests that bring an FTDI chip into its synchronous FIFO mode (FTDI AN_130, and the published readers).
///
/// They concern the chip alone and reach nothing behind it. A chip whose memory already says "245 FIFO" needs none.
public struct FTDISynchronousFIFO: Sendable, Hashable {
    /// The times that the chip can wait before it sends a packet that is not full, ms (FTDI AN232B-04).
    public static let latenciesMs: ClosedRange<UInt8> = 1...255
    /// The wait unless told otherwise, ms (project choice: the default of the chip's own driver).
    public static let defaultLatencyMs: UInt8 = 16

    /// `bRequest` numbers.
    private enum Code {
        static let reset: UInt8 = 0x00
        static let latencyTimer: UInt8 = 0x09
        static let bitMode: UInt8 = 0x0B
    }

    /// The first channel, A, which alone has this mode.
    private static let channelA: UInt16 = 1
    /// Synchronous FIFO in the high byte, all pins outputs in the low one.
    private static let synchronousFIFO: UInt16 = 0x40FF
    private static let resetMode: UInt16 = 0x0000

    /// How long the chip waits before it sends a packet that is not full, ms.
    public var latencyMs: UInt8

    /// A mode from its wait; 0 ms is taken as 1.
    public init(latencyMs: UInt8 = defaultLatencyMs) { self.latencyMs = max(1, latencyMs) }

    /// What is sent before the stream is read: reset, which empties the buffers, latency timer, bit mode.
    public var opening: [ControlRequest] {
        [
            ControlRequest(Code.reset, value: 0, index: Self.channelA),
            ControlRequest(Code.latencyTimer, value: UInt16(latencyMs), index: Self.channelA),
            ControlRequest(Code.bitMode, value: Self.synchronousFIFO, index: Self.channelA),
        ]
    }

    /// What is sent when the stream is no longer read: the chip's pins go back to their resting mode.
    public var closing: [ControlRequest] {
        [ControlRequest(Code.bitMode, value: Self.resetMode, index: Self.channelA)]
    }
}
