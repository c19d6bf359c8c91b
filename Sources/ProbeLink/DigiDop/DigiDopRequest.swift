/// The vendor requests of the Hochschule Ulm DigiDop, from its published host program.
enum DigiDopRequest {
    /// `bRequest` numbers.
    enum Code {
        static let run: UInt8 = 2
        static let setConfiguration: UInt8 = 3
        static let getConfiguration: UInt8 = 4
        static let versionText: UInt8 = 6
    }

    /// The longest version text that is read (project choice: one packet of endpoint 0).
    private static let versionByteCount: UInt16 = 64

    /// Asks for the firmware's version, a text.
    static let version = ControlRequest(Code.versionText, body: .in(length: versionByteCount))
    /// Asks for the configuration in force.
    static let configuration = ControlRequest(
        Code.getConfiguration, body: .in(length: UInt16(DigiDopTicks.byteCount)))

    /// Starts or stops pulses and stream: this probe knows no difference between them.
    static func run(_ isRunning: Bool) -> ControlRequest { ControlRequest(Code.run, value: isRunning ? 1 : 0) }

    /// Sends settings.
    static func configure(_ ticks: DigiDopTicks) -> ControlRequest {
        ControlRequest(Code.setConfiguration, body: .out(ticks.bytes))
    }
}
