/// The vendor requests of the Hochschule Ulm USD3.0, from its published firmware; times count ticks of 64 MHz.
enum USD3Request {
    /// `bRequest` numbers of OUT requests; the argument is `wValue`.
    private enum Code {
        static let frequency: UInt8 = 5
        static let prf: UInt8 = 6
        static let burst: UInt8 = 7
        static let gateStart: UInt8 = 8
        static let gateStop: UInt8 = 9
        static let gateLength: UInt8 = 10
        static let mode: UInt8 = 11
        static let transmitter: UInt8 = 12
        static let receiver: UInt8 = 13
        static let reset: UInt8 = 14
    }

    /// `bRequest` numbers of IN requests, which are counted apart from the OUT requests.
    private enum Question {
        static let version: UInt8 = 3
    }

    /// The longest version text that is read (project choice: one packet of endpoint 0).
    private static let versionByteCount: UInt16 = 64

    /// Back to the state after power-on.
    static let reset = ControlRequest(Code.reset)
    /// Asks for the firmware's version, a text.
    static let version = ControlRequest(Question.version, body: .in(length: versionByteCount))
    /// The `bRequest` of the start, for reports of a refusal.
    static let runCode = Code.mode

    /// Starts or stops the stream.
    static func run(_ isRunning: Bool) -> ControlRequest { ControlRequest(Code.mode, value: isRunning ? 1 : 0) }

    /// Switches the transmitter.
    static func transmitter(_ isOn: Bool) -> ControlRequest {
        ControlRequest(Code.transmitter, value: isOn ? 1 : 0)
    }

    /// Switches the receiver.
    static func receiver(_ isOn: Bool) -> ControlRequest { ControlRequest(Code.receiver, value: isOn ? 1 : 0) }

    /// The requests that bring settings into force.
    static func settings(_ ticks: USD3Ticks) -> [ControlRequest] {
        [
            ControlRequest(Code.frequency, value: ticks.frequencyCode.rawValue),
            ControlRequest(Code.prf, value: ticks.prfPeriod),
            ControlRequest(Code.burst, value: ticks.burst),
            ControlRequest(Code.gateStart, value: ticks.gateStart),
            ControlRequest(Code.gateStop, value: ticks.gateStop),
            ControlRequest(Code.gateLength, value: ticks.gateStop - ticks.gateStart),
        ]
    }
}
