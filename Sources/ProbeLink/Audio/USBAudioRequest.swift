/// The class requests of USB audio that a recording needs (USB Audio 1.0, 5.2.3.2.3.1).
enum USBAudioRequest {
    /// `bRequest` numbers (USB Audio 1.0, table A-9).
    enum Code {
        static let setCurrent: UInt8 = 0x01
        static let getCurrent: UInt8 = 0x81
    }

    /// SAMPLING_FREQ_CONTROL in the high byte of `wValue` (USB Audio 1.0, table A-19).
    private static let samplingFrequency: UInt16 = 0x0100
    /// Bytes of a sampling frequency.
    static let rateByteCount = 3
    /// Sampling frequencies that are believed, Hz (project choice: telephone to the fastest interfaces).
    static let ratesHz = 8_000...192_000

    /// Sets the sampling frequency of an endpoint.
    static func setRate(hz: Int, endpoint: UInt8) -> ControlRequest {
        let bytes = (0..<rateByteCount).map { UInt8(truncatingIfNeeded: hz >> (8 * $0)) }
        return ControlRequest(
            Code.setCurrent, value: samplingFrequency, index: UInt16(endpoint), body: .out(bytes),
            scope: .classEndpoint)
    }

    /// Asks for the sampling frequency of an endpoint.
    static func rate(endpoint: UInt8) -> ControlRequest {
        ControlRequest(
            Code.getCurrent, value: samplingFrequency, index: UInt16(endpoint),
            body: .in(length: UInt16(rateByteCount)), scope: .classEndpoint)
    }

    /// The sampling frequency of an answer, Hz; `nil` when it is none.
    static func rate(in answer: [UInt8]) -> Int? {
        guard answer.count == rateByteCount else { return nil }
        return Int(answer[0]) | Int(answer[1]) << 8 | Int(answer[2]) << 16
    }
}
