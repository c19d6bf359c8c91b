import ProbeLink

@testable import USBProbeLink

/// Tries to start another run from within one, and sends a request from there.
struct NestingSink: TransferSink, ~Copyable {
    let transport: USBProbeTransport
    let stop: StopSignal
    var refusal: TransportError?
    var answer: [UInt8] = []

    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        guard refusal == nil else { return }
        var inner = CounterSink(stop: stop)
        refusal = RigSuite.stream(transport, &inner)
        do throws(TransportError) {
            answer = try transport.control(ControlRequest(0x01, body: .in(length: 4)))
        } catch {
            answer = []
        }
        stop.request()
    }

    func hasRoom(forBytes count: Int) -> Bool { true }
}
