public import CCSVIAnalysis
public import DopplerDSP
public import ProbeSimulator

/// The Doppler chain under test: from the samples of one gate to what it says of them.
///
/// Tests put deliberately wrong chains in its place, to see that every clause can fail.
public struct QAChain: Sendable {
    /// What it is called in the record.
    public let name: String
    private let body: @Sendable (TestSignal, QASetup) throws(DSPError) -> ChainReading

    /// A chain from what it does.
    public init(
        name: String, _ body: @escaping @Sendable (TestSignal, QASetup) throws(DSPError) -> ChainReading
    ) {
        self.name = name
        self.body = body
    }

    /// Reads one signal.
    public func read(_ signal: TestSignal, _ setup: QASetup) throws(DSPError) -> ChainReading {
        try body(signal, setup)
    }

    /// The chain of this program, as it runs in an exam.
    public static let standard = QAChain(name: RefluxDetector.algorithm) { (signal, setup) throws(DSPError) in
        ChainReading(try spectrogram(signal, setup.spectral), setup)
    }

    /// Pulses of a frame, as probes deliver them (project choice).
    private static let framePulses = 128

    /// The spectrogram of a signal that arrives in frames, its losses and clipped frames included.
    public static func spectrogram(
        _ signal: TestSignal, _ settings: SpectralSettings
    ) throws(DSPError) -> Spectrogram {
        var analyser = try SpectralAnalyser(settings)
        let frameIsClipped = clippedFrames(signal)
        for piece in signal.arriving {
            var first = piece.lowerBound
            while first < piece.upperBound {
                let frame = first / framePulses
                let end = min(piece.upperBound, (frame + 1) * framePulses)
                let counts = signal.counts(first..<end)
                try analyser.process(
                    counts.span.bytes, format: .int32, pulses: end - first, firstPulse: UInt64(first),
                    flags: frameIsClipped.contains(frame) ? [.transmitting, .clipped] : .transmitting)
                first = end
            }
        }
        let gates = analyser.finish()
        return gates.first ?? Spectrogram(settings: settings, gate: 0, columns: [], power: [])
    }

    private static func clippedFrames(_ signal: TestSignal) -> Set<Int> {
        var frames: Set<Int> = []
        for run in signal.clipped {
            frames.formUnion(run.lowerBound / framePulses...(run.upperBound - 1) / framePulses)
        }
        return frames
    }
}

/// Whether a recording shows reflux longer than a threshold.
public enum RefluxAnswer: String, Sendable, Hashable, Codable, CaseIterable {
    case yes, no, uncertain
}

/// What the chain says of one signal.
public struct ChainReading: Sendable {
    /// Spectra and figures of each column.
    public var spectrogram: Spectrogram
    /// Reflux as it was found.
    public var reflux: RefluxDetector.Result
    /// Whether flow is present, and what is wrong with the signal.
    public var assessment: FlowAssessment
    /// The lowest shift that the chain states to detect, Hz.
    public var lowestShiftHz: Double
    /// Whether reflux lasted longer than the criterion's 0.88 s.
    public var answer: RefluxAnswer

    /// Length that reflux must exceed, seconds (the criteria readings of the project, C1).
    public static let thresholdSeconds = 0.88

    /// What this program's chain says of a spectrogram.
    public init(_ spectrogram: Spectrogram, _ setup: QASetup) {
        self.spectrogram = spectrogram
        reflux = RefluxDetector().detect(
            in: spectrogram, scale: setup.scale, normalDirection: setup.normalDirection, breaths: nil,
            manoeuvre: .quietBreathing)
        assessment = FlowAssessment(
            spectrogram, scale: setup.scale, normalDirection: setup.normalDirection, site: setup.site)
        lowestShiftHz = WallFilter.lowestDetectableHz(
            cutoffHz: setup.spectral.wallFilterCutoffHz, prfHz: setup.spectral.prfHz)
        answer = Self.answer(reflux)
    }

    /// What the detector answers for the criterion's threshold.
    static func answer(_ result: RefluxDetector.Result) -> RefluxAnswer {
        switch result.answer(longerThanSeconds: thresholdSeconds).answer {
        case .yes: .yes
        case .no: .no
        case .uncertain: .uncertain
        }
    }

    /// Length of the longest reflux that was found, seconds; `nil` when none was.
    var longestRefluxSeconds: Double? { reflux.episodes.map(\.durationSeconds).max() }

    /// Columns that are neither settling, a tap nor without transmission.
    var usableColumns: [SpectralColumn] {
        spectrogram.columns.filter { $0.flags.isDisjoint(with: [.settling, .tap, .notTransmitting, .noSignal]) }
    }
}
