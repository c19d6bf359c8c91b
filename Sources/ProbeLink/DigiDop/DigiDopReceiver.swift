/// Owns the sink of a run for its length: packets of a DigiDop go in, frames come out.
struct DigiDopReceiver<Sink: FrameSink & ~Copyable>: TransferSink, ~Copyable {
    private var decoder: DigiDopDecoder
    private var drift: ClockDrift
    private var sink: Sink

    init(into sink: consuming Sink, decoder: DigiDopDecoder, prfHz: Double) {
        self.sink = sink
        self.decoder = decoder
        drift = ClockDrift(nominalHz: prfHz)
    }

    /// What was counted and measured.
    var counters: LinkCounters {
        var counters = decoder.counters
        counters.clockDriftPartsPerMillion = drift.partsPerMillion
        return counters
    }

    /// Takes a transfer of the stream; this probe sends no events.
    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        if pipe == .stream { decoder.consume(bytes, into: &sink) }
    }

    /// Puts the gap at its place.
    mutating func missed(packets count: Int, packetNanoseconds: UInt64) {
        decoder.miss(packets: count, packetNanoseconds: packetNanoseconds, into: &sink)
    }

    /// Compares the clocks.
    mutating func transferArrived(hostNanoseconds: UInt64) {
        drift.transferArrives(hostNanoseconds: hostNanoseconds, samplesBefore: decoder.pulsesOfClock)
    }

    /// Whether the sink would keep so many bytes.
    func hasRoom(forBytes count: Int) -> Bool { sink.hasRoom(forBytes: count) }

    /// Ends the stream.
    mutating func finish(countingCutOff: Bool) { decoder.finish(into: &sink, countingCutOff: countingCutOff) }

    /// Gives the sink back.
    consuming func release() -> Sink { sink }
}
