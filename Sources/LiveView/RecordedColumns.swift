public import Acquisition
public import DopplerDSP
internal import ProbeLink

/// The columns of a whole recording as one piece: the picture of a review.
///
/// Where samples are missing the piece has columns that say so (flag 0x8000), so that every column keeps its place; behind a
/// gap a column stands at the place nearest to its own.
public enum RecordedColumns {
    /// The most columns of a piece: their number has 16 bits.
    public static let mostColumns = Int(UInt16.max)

    /// Analyses a recording and packs one of its gates.
    ///
    /// Blocks the calling thread.
    /// - Parameter spectral: how the exam computed its spectra, with all gates of the recording.
    /// - Throws: why there is no such picture.
    public static func piece(
        of recording: Recording, spectral: SpectralSettings, gate: Int = 0
    ) throws(LiveViewError) -> LivePiece {
        guard gate >= 0, gate < spectral.gates else { throw .noSuchGate(gate: gate, gates: spectral.gates) }
        var sink: ColumnSink
        do throws(DSPError) { sink = try ColumnSink(spectral) } catch { throw .signal(error) }
        do throws(SourceRunError) {
            _ = try ReplaySource(recording).run(into: &sink, until: StopSignal())
        } catch {
            throw .source(error.reason)
        }
        let spectrogram = sink.finish()[gate]
        return try pack(spectrogram, gate: gate, fullScale: sink.fullScale)
    }

    private static func pack(
        _ spectrogram: Spectrogram, gate: Int, fullScale: Double
    ) throws(LiveViewError) -> LivePiece {
        let settings = spectrogram.settings
        let places = try places(spectrogram)
        let packer = ColumnPacker(settings, gate: gate, fullScale: fullScale)
        var piece = packer.begin(
            columns: places.last.map { $0 + 1 } ?? 0, firstPulse: spectrogram.columns.first?.firstPulse ?? 0,
            sequence: 0, sampledAtMs: 0)
        var next = 0
        for (index, place) in places.enumerated() {
            for _ in next..<place { packer.addMissing(to: &piece) }
            let start = index * settings.fftLength
            packer.add(
                spectrogram.columns[index], spectrogram.power[start..<start + settings.fftLength], to: &piece)
            next = place + 1
        }
        return LivePiece(bytes: piece.bytes)
    }

    /// Where each column stands, counted in hops from the first one.
    private static func places(_ spectrogram: Spectrogram) throws(LiveViewError) -> [Int] {
        guard let first = spectrogram.columns.first?.firstPulse else { return [] }
        let hop = Double(spectrogram.settings.hopPulses)
        var places: [Int] = []
        places.reserveCapacity(spectrogram.columns.count)
        for column in spectrogram.columns {
            let hops = (Double(column.firstPulse &- first) / hop).rounded()
            guard hops < Double(mostColumns) else { throw .tooLong(most: mostColumns) }
            places.append(max(Int(hops), (places.last ?? -1) + 1))
        }
        guard (places.last ?? 0) < mostColumns else { throw .tooLong(most: mostColumns) }
        return places
    }
}

/// Analyses what a recording holds.
private struct ColumnSink: FrameSink {
    private var analyser: SpectralAnalyser
    private let gates: Int
    private(set) var fullScale = Double(Int16.max)

    init(_ settings: SpectralSettings) throws(DSPError) {
        analyser = try SpectralAnalyser(settings)
        gates = settings.gates
    }

    func hasRoom(forBytes count: Int) -> Bool { true }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        guard frame.kind == .iq, Int(frame.items) == gates else { return }
        var conditions: FrameConditions = []
        if frame.flags.contains(.clipped) { conditions.insert(.clipped) }
        if frame.flags.contains(.transmitting) { conditions.insert(.transmitting) }
        let isWide = frame.format == .iqInt32
        if isWide { fullScale = Double(Int32.max) }
        do throws(DSPError) {
            try analyser.process(
                payload, format: isWide ? .int32 : .int16, pulses: Int(frame.records),
                firstPulse: frame.pulseIndex, flags: conditions)
        } catch {
            // As in the exam's own analysis: a frame that does not fit its header is passed over.
            return
        }
    }

    mutating func lost(_ loss: StreamLoss) {}

    mutating func event(_ event: ProbeEvent) {}

    mutating func finish() -> [Spectrogram] { analyser.finish() }
}
