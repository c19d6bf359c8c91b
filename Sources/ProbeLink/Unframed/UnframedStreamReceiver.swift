/// Owns the sink of a run for its length: transfers of bare samples go in, frames come out.
struct UnframedStreamReceiver<Sink: FrameSink & ~Copyable>: TransferSink, ~Copyable {
    private var decoder: UnframedIQDecoder
    private var drift: ClockDrift
    private var receivedBytes: UInt64 = 0
    private let bytesPerPulse: Double
    private var sink: Sink

    init(into sink: consuming Sink, decoder: UnframedIQDecoder, format: UnframedIQFormat, prfHz: Double) {
        self.sink = sink
        self.decoder = decoder
        bytesPerPulse = Double(format.bytesPerPair)
        drift = ClockDrift(nominalHz: prfHz)
    }

    /// What was counted and measured.
    var counters: LinkCounters {
        var counters = decoder.counters
        counters.clockDriftPartsPerMillion = drift.partsPerMillion
        return counters
    }

    /// Takes a transfer of the stream; these probes send no events.
    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        guard pipe == .stream else { return }
        receivedBytes = receivedBytes.saturatingSum(UInt64(bytes.byteCount))
        decoder.consume(bytes, into: &sink)
    }

    /// Compares the clocks, by the bytes that have come: the decoder holds some back.
    mutating func transferArrived(hostNanoseconds: UInt64) {
        drift.transferArrives(
            hostNanoseconds: hostNanoseconds, samplesBefore: Double(receivedBytes) / bytesPerPulse)
    }

    /// Whether the sink would keep so many bytes.
    func hasRoom(forBytes count: Int) -> Bool { sink.hasRoom(forBytes: count) }

    /// Ends the stream.
    mutating func finish(countingCutOff: Bool) { decoder.finish(into: &sink, countingCutOff: countingCutOff) }

    /// Gives the sink back.
    consuming func release() -> Sink { sink }
}
