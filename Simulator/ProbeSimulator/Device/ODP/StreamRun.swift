/// What the probe keeps from RUN 1 to the end of the stream.
struct StreamRun: Sendable {
    /// The settings in force.
    let settings: DeviceSettings
    /// Pulses and physiology samples by time.
    let clock: PulseClock
    /// The device's clock at RUN 1.
    let startNanoseconds: UInt64
    /// Sequence numbers.
    var writer = PacketWriter()
    /// The first pulse behind the last end of a transfer.
    var batchStart: UInt64 = 0
    /// The first pulse that is in no I/Q packet yet.
    var packetStart: UInt64 = 0
    /// The first physiology sample that is in no packet yet.
    var nextSample: UInt64 = 0
    /// The first B-mode frame that is in no packet yet.
    var nextFrame: UInt64 = 0

    init(settings: DeviceSettings, startNanoseconds: UInt64) {
        self.settings = settings
        self.startNanoseconds = startNanoseconds
        clock = PulseClock(prfMilliHz: settings.prfMilliHz)
    }

    /// Bytes of one pulse in an I/Q packet.
    private var pulseBytes: Int { 4 * Int(max(1, settings.gates)) }

    /// The end of the transfer that the next pulse belongs to: at the latest with the next B-mode frame.
    var batchEnd: UInt64 {
        let usual = batchStart + clock.pulsesPerBatch
        guard sends(DeviceIdentity.StreamBit.bMode) else { return usual }
        return min(usual, max(pulseIndex(ofFrame: nextFrame), batchStart) + 1)
    }

    /// The last pulse that does not lie after a B-mode frame.
    func pulseIndex(ofFrame frame: UInt64) -> UInt64 {
        UInt64(
            truncatingIfNeeded: UInt128(frame) * UInt128(clock.prfMilliHz)
                / UInt128(max(1, settings.bModeFrameRateMilliHz)))
    }

    /// When a B-mode frame is taken, seconds since RUN.
    func seconds(ofFrame frame: UInt64) -> Double {
        Double(frame) * Self.milliHzPerHz / Double(max(1, settings.bModeFrameRateMilliHz))
    }

    private static let milliHzPerHz = 1000.0

    /// The first pulse that the next I/Q packet can no longer hold.
    var packetEnd: UInt64 {
        min(batchEnd, packetStart + UInt64(max(1, PacketWriter.longestPayloadBytes / pulseBytes)))
    }

    /// Whether a stream is enabled.
    func sends(_ bit: UInt8) -> Bool { settings.streamMask & bit != 0 }
}
