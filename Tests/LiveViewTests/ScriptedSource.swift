import ProbeLink
import Synchronization

/// A source that sends what a test says, all at once or when it is told to.
struct ScriptedSource: FrameSource {
    enum Item: Sendable, Equatable {
        case frame(FrameHeader, [UInt8])
        case loss(StreamLoss)
        case event(ProbeEvent)
    }

    let settings: AcquisitionSettings
    let items: [Item]
    var failure: SourceError?
    var counters = LinkCounters()

    init(_ settings: AcquisitionSettings, _ items: [Item]) {
        self.settings = settings
        self.items = items
        counters.frames = UInt64(items.count)
    }

    var origin: SourceOrigin {
        SourceOrigin(specifier: "script", device: "a script", profileID: nil, isSimulated: true)
    }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings { settings }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        for item in items {
            if stop.isRequested { break }
            switch item {
            case .frame(let header, let payload): sink.receive(header, payload.span.bytes)
            case .loss(let loss): sink.lost(loss)
            case .event(let event): sink.event(event)
            }
        }
        if let failure { throw SourceRunError(failure, counters: counters) }
        return counters
    }
}

/// A sink that keeps everything.
struct KeepingSink: FrameSink {
    private(set) var items: [ScriptedSource.Item] = []

    func hasRoom(forBytes count: Int) -> Bool { count < 1000 }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        items.append(.frame(frame, payload.withUnsafeBytes { Array($0) }))
    }

    mutating func lost(_ loss: StreamLoss) { items.append(.loss(loss)) }

    mutating func event(_ event: ProbeEvent) { items.append(.event(event)) }
}

extension AcquisitionSettings {
    /// Settings of a test.
    static func of(prfHz: Double, gates: UInt16 = 1, streams: StreamMask = .iq) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: 5_000_000, prfMilliHz: UInt32(prfHz * 1000), firstGateDepthUm: 10_000,
            gateSpacingUm: 500, gateLengthUm: 1000, gates: gates, burstCycles: 8, streams: streams,
            transmitLevelPerMille: 500)
    }
}

extension FrameHeader {
    /// A frame of 16-bit I/Q.
    static func iq(at pulse: UInt64, gates: Int = 1, pulses: Int) -> FrameHeader {
        FrameHeader(
            kind: .iq, format: .iqInt16, flags: .transmitting, sequence: 0, pulseIndex: pulse,
            items: UInt16(gates), records: UInt16(pulses))
    }
}
