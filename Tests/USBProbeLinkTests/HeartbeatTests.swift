import Testing

@testable import USBProbeLink

@Suite("Heartbeat")
struct HeartbeatTests {
    @Test(
        "intervals become nanoseconds without overflow",
        arguments: [
            (Duration.milliseconds(250), UInt64(250_000_000)), (.seconds(2), 2_000_000_000), (.seconds(-1), 0),
            (.seconds(Int64.max), UInt64.max / 2),
        ])
    func converts(duration: Duration, expected: UInt64) {
        #expect(HeartbeatState.nanoseconds(duration) == expected)
    }
}
