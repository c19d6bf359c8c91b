/// Owns the sink of a run for its length: transfers go in, frames and events come out.
struct ODPStreamReceiver<Sink: FrameSink & ~Copyable>: TransferSink, ~Copyable {
    private var decoder: ODPDecoder
    private var drift: ClockDrift
    /// Interrupt transfers that were not a whole number of events.
    private var badEventTransfers: UInt64 = 0
    /// Pulses that were marked as missing after the last frame.
    private var tailPulses: UInt64 = 0
    private var sink: Sink
    /// Given when the probe says that it has ended the stream.
    private let ended: StopSignal

    init(into sink: consuming Sink, ended: StopSignal, prfHz: Double, joinsRunningStream: Bool = false) {
        self.sink = sink
        self.ended = ended
        decoder = ODPDecoder(joinsRunningStream: joinsRunningStream)
        drift = ClockDrift(nominalHz: prfHz)
    }

    /// Takes a transfer of the stream or of the events.
    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        switch pipe {
        case .stream: decoder.consume(bytes, into: &sink)
        case .events: receiveEvents(bytes)
        }
    }

    /// Compares the clocks, by the pulses that the whole packets so far account for.
    mutating func transferArrived(hostNanoseconds: UInt64) {
        drift.transferArrives(hostNanoseconds: hostNanoseconds, samplesBefore: Double(decoder.nextPulse))
    }

    /// Whether the sink would keep so many bytes.
    func hasRoom(forBytes count: Int) -> Bool { sink.hasRoom(forBytes: count) }

    /// Ends the stream.
    mutating func finish(countingCutOff: Bool) { decoder.finish(into: &sink, countingCutOff: countingCutOff) }

    /// Marks the pulses that the probe made and that never came, which the stream itself cannot show.
    mutating func markTail(_ status: ODPStatus) {
        let next = decoder.nextPulse
        guard status.pulsePeriods > next else { return }
        tailPulses = status.pulsePeriods - next
        sink.lost(
            StreamLoss(
                kind: .iq, place: status.state == .fault ? .probe : .link, firstPulse: next, pulses: tailPulses,
                packets: 0))
    }

    /// What was counted, with everything that was marked.
    var counters: LinkCounters {
        var counters = decoder.counters
        counters.bad = counters.bad.saturatingSum(badEventTransfers)
        counters.missingPulses = counters.missingPulses.saturatingSum(tailPulses)
        counters.clockDriftPartsPerMillion = drift.partsPerMillion
        return counters
    }

    /// Gives the sink back.
    consuming func release() -> Sink { sink }

    private mutating func receiveEvents(_ bytes: RawSpan) {
        var offset = 0
        while let event = ProbeEvent(odp: bytes, at: offset) {
            sink.event(event)
            if event.endsStream { ended.request() }
            offset += ProbeEvent.odpByteCount
        }
        if offset < bytes.byteCount { badEventTransfers += 1 }
    }
}
