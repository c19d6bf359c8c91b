import ProbeLink

/// Keeps everything that it is given.
struct CollectingSink: FrameSink {
    var frames: [FrameHeader] = []
    var payloads: [[UInt8]] = []
    var losses: [StreamLoss] = []
    var events: [ProbeEvent] = []

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        frames.append(frame)
        payloads.append(payload.withUnsafeBytes { Array($0) })
    }
    mutating func lost(_ loss: StreamLoss) { losses.append(loss) }
    mutating func event(_ event: ProbeEvent) { events.append(event) }
    func hasRoom(forBytes count: Int) -> Bool { true }
}

/// Delivers I/Q frames of one gate, `pulses` pulses each, whose samples count up; optionally never waits.
struct CountingSource: FrameSource {
    var frames: Int
    var pulses: UInt16 = 20
    var waits = true
    var failure: SourceError?
    var origin: SourceOrigin {
        SourceOrigin(specifier: "test", device: "counting source", profileID: nil, isSimulated: true)
    }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings { wanted }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var counters = LinkCounters()
        var payload = [UInt8](repeating: 0, count: Int(pulses) * 4)
        for index in 0..<frames {
            if stop.isRequested { return counters }
            while waits && !sink.hasRoom(forBytes: payload.count) { if stop.isRequested { return counters } }
            for byte in payload.indices { payload[byte] = UInt8(truncatingIfNeeded: index &+ byte) }
            let header = FrameHeader(
                kind: .iq, format: .iqInt16, flags: .transmitting, sequence: UInt32(index),
                pulseIndex: UInt64(index) * UInt64(pulses), items: 1, records: pulses)
            sink.receive(header, payload.span.bytes)
            counters.frames += 1
            counters.pulses += UInt64(pulses)
        }
        if let failure { throw SourceRunError(failure, counters: counters) }
        return counters
    }
}
