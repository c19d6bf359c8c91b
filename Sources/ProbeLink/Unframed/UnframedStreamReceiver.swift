/// Owns the sink of a run for its length: transfers of bare samples go in, frames come out.
struct UnframedStreamReceiver<Sink: FrameSink & ~Copyable>: TransferSink, ~Copyable {
    private var decoder: UnframedIQDecoder
    private var sink: Sink

    init(into sink: consuming Sink, decoder: UnframedIQDecoder) {
        self.sink = sink
        self.decoder = decoder
    }

    /// What was counted.
    var counters: LinkCounters { decoder.counters }

    /// Takes a transfer of the stream; these probes send no events.
    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        if pipe == .stream { decoder.consume(bytes, into: &sink) }
    }

    /// Whether the sink would keep so many bytes.
    func hasRoom(forBytes count: Int) -> Bool { sink.hasRoom(forBytes: count) }

    /// Ends the stream.
    mutating func finish(countingCutOff: Bool) { decoder.finish(into: &sink, countingCutOff: countingCutOff) }

    /// Gives the sink back.
    consuming func release() -> Sink { sink }
}
