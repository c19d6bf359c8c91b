internal import ProbeLink

/// A source that sends one B-mode picture, in packets as a probe sends it, without the lines that are missing of it.
struct PictureSource: FrameSource {
    /// Picture samples of one packet (project choice: well within ODP's longest payload of 65,536 bytes).
    private static let packetSamples = 32_768

    private let picture: BModePicture
    let origin: SourceOrigin

    init(_ picture: BModePicture, origin: SourceOrigin) {
        self.picture = picture
        self.origin = origin
    }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings { wanted }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var counters = LinkCounters()
        let linesAPacket = max(1, Self.packetSamples / max(1, picture.samplesPerLine))
        var line = 0
        while line < picture.lines {
            let missing = picture.missingLines.first { $0.contains(line) }
            if let missing {
                line = missing.upperBound
                continue
            }
            let next = picture.missingLines.first { $0.lowerBound > line }?.lowerBound ?? picture.lines
            let count = min(linesAPacket, next - line)
            send(line..<line + count, sequence: UInt32(truncatingIfNeeded: counters.frames), into: &sink)
            counters.frames += 1
            line += count
        }
        return counters
    }

    /// Sends some lines: frame index, first line, lines of the frame, samples (ODP 1.0, "Payloads").
    private func send<Sink: FrameSink & ~Copyable>(_ lines: Range<Int>, sequence: UInt32, into sink: inout Sink) {
        var payload: [UInt8] = []
        payload.reserveCapacity(8 + lines.count * picture.samplesPerLine)
        payload.append(contentsOf: [0, 0, 0, 0])
        for value in [UInt16(clamping: lines.lowerBound), UInt16(clamping: picture.lines)] {
            payload.append(UInt8(truncatingIfNeeded: value))
            payload.append(UInt8(truncatingIfNeeded: value >> 8))
        }
        let start = lines.lowerBound * picture.samplesPerLine
        payload.append(contentsOf: picture.samples[start..<start + lines.count * picture.samplesPerLine])
        let header = FrameHeader(
            kind: .bMode, format: .odpBMode, flags: picture.isTransmitting ? .transmitting : [], sequence: sequence,
            pulseIndex: picture.pulseIndex, items: UInt16(clamping: lines.count),
            records: UInt16(clamping: picture.samplesPerLine))
        sink.receive(header, payload.span.bytes)
    }
}
