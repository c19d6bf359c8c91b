import ProbeLink

/// A source that sends what a test says, all at once.
struct ScriptedSource: FrameSource {
    enum Item: Sendable, Equatable {
        case frame(FrameHeader, [UInt8])
        case loss(StreamLoss)
        case event(ProbeEvent)
    }

    let settings: AcquisitionSettings
    let items: [Item]
    /// Whether it waits while the sink has no room, as files do.
    var waits = false

    var origin: SourceOrigin {
        SourceOrigin(specifier: "script", device: "a script", profileID: nil, isSimulated: true)
    }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings { settings }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var counters = LinkCounters()
        for item in items {
            if case .frame(_, let payload) = item {
                while waits, !sink.hasRoom(forBytes: payload.count), !stop.isRequested {}
            }
            if stop.isRequested { break }
            switch item {
            case .frame(let header, let payload): sink.receive(header, payload.span.bytes)
            case .loss(let loss): sink.lost(loss)
            case .event(let event): sink.event(event)
            }
            counters.frames += 1
        }
        return counters
    }
}

/// A sink that keeps everything.
struct KeepingSink: FrameSink {
    private(set) var items: [ScriptedSource.Item] = []

    func hasRoom(forBytes count: Int) -> Bool { true }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        items.append(.frame(frame, payload.withUnsafeBytes { Array($0) }))
    }

    mutating func lost(_ loss: StreamLoss) { items.append(.loss(loss)) }

    mutating func event(_ event: ProbeEvent) { items.append(.event(event)) }
}

extension AcquisitionSettings {
    /// Settings of a test.
    static func of(prfHz: Double, gates: UInt16 = 1) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: 5_000_000, prfMilliHz: UInt32(prfHz * 1000), firstGateDepthUm: 10_000,
            gateSpacingUm: 500, gateLengthUm: 1000, gates: gates, burstCycles: 8, streams: .iq,
            transmitLevelPerMille: 500)
    }
}

extension ScriptedSource.Item {
    /// A frame of 16-bit I/Q whose I is the pulse's index and whose Q is the gate's, modulo 1000.
    static func iq(at pulse: UInt64, pulses: Int, gates: Int = 1) -> ScriptedSource.Item {
        var bytes: [UInt8] = []
        for index in 0..<pulses {
            for gate in 0..<gates {
                for number in [UInt16((pulse + UInt64(index)) % 1000), UInt16(gate)] {
                    bytes.append(UInt8(truncatingIfNeeded: number))
                    bytes.append(UInt8(truncatingIfNeeded: number >> 8))
                }
            }
        }
        return .frame(
            FrameHeader(
                kind: .iq, format: .iqInt16, flags: .transmitting, sequence: 0, pulseIndex: pulse,
                items: UInt16(gates), records: UInt16(pulses)), bytes)
    }
}
