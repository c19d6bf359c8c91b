/// The vendor requests of ODP 1.0, as a host sends them.
public enum ODPRequest {
    /// `bRequest` numbers (ODP 1.0, "Vendor requests").
    enum Code {
        static let identity: UInt8 = 0x01
        static let setAcquisition: UInt8 = 0x10
        static let getAcquisition: UInt8 = 0x11
        static let arm: UInt8 = 0x20
        static let run: UInt8 = 0x21
        static let reset: UInt8 = 0x22
        static let keepAlive: UInt8 = 0x23
        static let status: UInt8 = 0x30
    }

    /// Asks what the probe is; 64 bytes.
    public static let identity = ControlRequest(Code.identity, body: .in(length: UInt16(ODPIdentity.byteCount)))
    /// Asks for the settings in force; 48 bytes.
    public static let getAcquisition = ControlRequest(
        Code.getAcquisition, body: .in(length: UInt16(AcquisitionSettings.odpByteCount)))
    /// Asks for the probe's state; 32 bytes.
    public static let status = ControlRequest(Code.status, body: .in(length: UInt16(ODPStatus.byteCount)))
    /// Back to IDLE and disarmed, with faults, counters, FIFO and events cleared.
    public static let reset = ControlRequest(Code.reset)

    /// Asks for settings; only in IDLE.
    public static func setAcquisition(_ wanted: AcquisitionSettings) -> ControlRequest {
        ControlRequest(Code.setAcquisition, body: .out(wanted.odpBytes))
    }

    /// Allows (`true`) or forbids transmission.
    public static func arm(_ isArmed: Bool) -> ControlRequest {
        ControlRequest(Code.arm, value: isArmed ? 1 : 0)
    }

    /// Starts (`true`) or stops the stream.
    public static func run(_ isRunning: Bool) -> ControlRequest {
        ControlRequest(Code.run, value: isRunning ? 1 : 0)
    }

    /// Renews the keep-alive, which then runs out after so many milliseconds; 0 is refused by the probe.
    public static func keepAlive(milliseconds: UInt16) -> ControlRequest {
        ControlRequest(Code.keepAlive, value: milliseconds)
    }
}
