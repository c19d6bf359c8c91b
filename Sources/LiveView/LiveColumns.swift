internal import DopplerDSP

/// Makes the columns of the gate that is looked at, each of them once and at once.
///
/// The analyser holds columns back while a rise of the noise may turn out to be a tap. They are shown without waiting; that
/// they were one stands in the recording's columns only.
struct LiveColumns: Sendable {
    private var analyser: SpectralAnalyser
    private let packer: ColumnPacker
    private let settings: SpectralSettings
    private var taken: [Spectrogram] = []
    /// Of the columns that are not decided yet, how many were shown.
    private var shown = 0
    /// Number of the next piece.
    private(set) var sequence: UInt32
    private var parts: [(columns: [SpectralColumn], power: [Float])] = []

    init(_ look: LiveLook, fullScale: Double, sequence: UInt32) throws(DSPError) {
        analyser = try SpectralAnalyser(look.spectral)
        settings = look.spectral
        packer = ColumnPacker(look.spectral, gate: look.gate, fullScale: fullScale)
        self.sequence = sequence
    }

    mutating func add(
        _ samples: RawSpan, _ format: IQFormat, pulses: Int, firstPulse: UInt64, flags: FrameConditions
    ) throws(DSPError) {
        try analyser.process(samples, format: format, pulses: pulses, firstPulse: firstPulse, flags: flags)
    }

    /// What is known of gain and phase differences of I and Q.
    var correction: IQCorrection { analyser.corrections.first ?? .none }

    /// Ends the run: what was held back is decided.
    mutating func finish() {
        analyser.finish(into: &taken)
        keep(taken.first, isDecided: true)
    }

    /// Takes away what there is, one piece for each unbroken stretch.
    mutating func take(sampledAtMs: Double, into pieces: inout [LivePiece]) {
        analyser.takeColumns(into: &taken)
        keep(taken.first, isDecided: true)
        keep(analyser.undecidedColumns().first, isDecided: false)
        for part in parts { pack(part.columns, part.power, sampledAtMs, into: &pieces) }
        parts.removeAll(keepingCapacity: true)
    }

    /// Keeps the columns that were not shown yet.
    private mutating func keep(_ spectrogram: Spectrogram?, isDecided: Bool) {
        guard let spectrogram else { return }
        let count = spectrogram.columns.count
        let skipped = min(shown, count)
        if isDecided { shown -= skipped } else { shown = count }
        guard count > skipped else { return }
        parts.append(
            (
                columns: Array(spectrogram.columns[skipped...]),
                power: Array(spectrogram.power[(skipped * settings.fftLength)...])
            ))
    }

    private mutating func pack(
        _ columns: [SpectralColumn], _ power: [Float], _ sampledAtMs: Double, into pieces: inout [LivePiece]
    ) {
        let hop = UInt64(settings.hopPulses)
        var start = 0
        while start < columns.count {
            var end = start + 1
            while end < columns.count, end - start < Int(UInt16.max),
                columns[end].firstPulse == columns[end - 1].firstPulse &+ hop
            {
                end += 1
            }
            var piece = packer.begin(
                columns: end - start, firstPulse: columns[start].firstPulse, sequence: sequence,
                sampledAtMs: sampledAtMs)
            let length = settings.fftLength
            for index in start..<end {
                packer.add(columns[index], power[index * length..<(index + 1) * length], to: &piece)
            }
            pieces.append(LivePiece(bytes: piece.bytes))
            sequence &+= 1
            start = end
        }
    }
}
