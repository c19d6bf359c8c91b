import ProbeLink
import Synchronization

/// A transport that answers as a test says and writes down what it was asked.
final class ScriptedTransport: ProbeTransport {
    /// What `run` does, step by step.
    enum Step: Sendable {
        case stream([UInt8])
        case events([UInt8])
        /// Isochronous packets that do not arrive.
        case missed(packets: Int, packetNanoseconds: UInt64)
        /// The next transfer arrives at this time.
        case arrived(hostNanoseconds: UInt64)
        /// The operator stops the run.
        case stop
        case fail(TransportError)
    }

    /// What was done with the transport, in order.
    enum Call: Equatable {
        case control(ControlRequest)
        case run(Heartbeat?)
        case expect(bytesPerSecond: Int)
    }

    private struct State {
        var calls: [Call] = []
        var answers: [UInt8: [UInt8]]
        var failures: [UInt8: TransportError]
    }

    let label = "test 1209:0001 Maker ODP Test SN0001"
    let stop = StopSignal()
    private let steps: [Step]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - answers: the data of IN requests by `bRequest`.
    ///   - failures: what OUT and IN requests fail with.
    init(answers: [UInt8: [UInt8]], failures: [UInt8: TransportError] = [:], steps: [Step] = []) {
        self.steps = steps
        state = Mutex(State(answers: answers, failures: failures))
    }

    var calls: [Call] { state.withLock { $0.calls } }

    /// `bRequest` and `wValue` of every request, and -1 for the run.
    var order: [[Int]] {
        calls.compactMap {
            switch $0 {
            case .control(let request): [Int(request.request), Int(request.value)]
            case .run: [-1]
            case .expect: nil
            }
        }
    }

    func answer(_ request: UInt8, with bytes: [UInt8]) { state.withLock { $0.answers[request] = bytes } }
    func fail(_ request: UInt8, with error: TransportError?) { state.withLock { $0.failures[request] = error } }

    func expect(bytesPerSecond: Int) { state.withLock { $0.calls.append(.expect(bytesPerSecond: bytesPerSecond)) } }

    func control(_ request: ControlRequest) throws(TransportError) -> [UInt8] {
        let (failure, answer) = state.withLock { state in
            state.calls.append(.control(request))
            return (state.failures[request.request], state.answers[request.request])
        }
        if let failure { throw failure }
        guard case .in(let length) = request.body else { return [] }
        return Array((answer ?? []).prefix(Int(length)))
    }

    func run<Sink: TransferSink & ~Copyable>(
        into sink: inout Sink, heartbeat: Heartbeat?, until stop: StopSignal
    ) throws(TransportError) {
        state.withLock { $0.calls.append(.run(heartbeat)) }
        for step in steps where !stop.isRequested {
            switch step {
            case .stream(let bytes): sink.receive(bytes.span.bytes, from: .stream)
            case .events(let bytes): sink.receive(bytes.span.bytes, from: .events)
            case .missed(let packets, let nanoseconds):
                sink.missed(packets: packets, packetNanoseconds: nanoseconds)
            case .arrived(let nanoseconds): sink.transferArrived(hostNanoseconds: nanoseconds)
            case .stop: self.stop.request()
            case .fail(let error): throw error
            }
        }
    }
}

extension AcquisitionSettings {
    /// Settings of one gate for tests.
    static func test(level: UInt16 = 500, streams: StreamMask = .iq) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: 2_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 50_000, gateLengthUm: 5_000,
            burstCycles: 10, streams: streams, transmitLevelPerMille: level)
    }
}
