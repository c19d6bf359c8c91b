internal import CCSVIAnalysis
public import DopplerDSP

extension SpectralColumn {
    /// Flags of columns that say nothing about flow.
    static let unusable: ColumnFlags = [.tap, .settling, .notTransmitting, .noSignal]

    /// Whether the column says something about flow.
    var isUsable: Bool { flags.isDisjoint(with: Self.unusable) }

    /// The direction of the stronger flow band; `nil` when no flow was detected.
    var direction: FlowDirection? {
        guard !flags.contains(.noFlowDetected) else { return nil }
        return signalToNoiseTowardsDb >= signalToNoiseAwayDb ? .towards : .away
    }
}

extension GateAnalysis {
    /// A gate of which the source promises samples and has none.
    public static func withoutSamples(gate: Int, spectral: SpectralSettings) -> GateAnalysis {
        var analysis = GateAnalysis(
            Spectrogram(settings: spectral, gate: gate, columns: [], power: []), depthMm: nil, scale: nil)
        analysis.isTruncated = true
        return analysis
    }

    /// The result of one gate without reflux, which needs the normal direction.
    ///
    /// - Parameter scale: what turns shifts into velocities; without it velocities are not measured.
    init(_ spectrogram: Spectrogram, depthMm: Double?, scale: DopplerScale?) {
        let columns = spectrogram.columns
        func velocities(_ shift: (SpectralColumn) -> Float?) -> [Double?] {
            columns.map { column in
                guard let scale, let hz = shift(column) else { return nil }
                return scale.velocityCmPerS(ofShiftHz: Double(hz))
            }
        }
        gate = spectrogram.gate
        self.depthMm = depthMm
        isTruncated = false
        timeSeconds = columns.map(\.centreSeconds)
        meanDopplerShiftHz = columns.map(\.meanShiftHz)
        meanVelocityCmPerS = velocities(\.meanShiftHz)
        let unwrapping = VelocityUnwrapping(spectrogram)
        unwrappedMeanVelocityCmPerS = unwrapping.meanShiftHz.map { hz in
            scale.flatMap { scale in hz.map(scale.velocityCmPerS(ofShiftHz:)) }
        }
        spectralMeanVelocityCmPerS = velocities(\.spectralMeanShiftHz)
        envelopeVelocityCmPerS = velocities { column in
            switch column.direction {
            case .towards: column.envelopeTowardsHz
            case .away: column.envelopeAwayHz
            case nil: nil
            }
        }
        envelopeTowardsCmPerS = velocities(\.envelopeTowardsHz)
        envelopeAwayCmPerS = velocities(\.envelopeAwayHz)
        envelopeTowardsHz = columns.map(\.envelopeTowardsHz)
        envelopeAwayHz = columns.map(\.envelopeAwayHz)
        direction = columns.map { $0.direction?.rawValue ?? "none" }
        signalToNoiseTowardsDb = columns.map(\.signalToNoiseTowardsDb)
        signalToNoiseAwayDb = columns.map(\.signalToNoiseAwayDb)
        noiseDb = columns.map(\.noiseDb)
        flags = columns.map { column in
            ColumnFlags.names.filter { column.flags.contains($0.0) }.map(\.1)
        }
        summary = GateSummary(columns, meanVelocities: meanVelocityCmPerS, unwrapping)
    }
}

extension GateSummary {
    init(_ columns: [SpectralColumn], meanVelocities: [Double?], _ unwrapping: VelocityUnwrapping?) {
        let usable = columns.indices.filter { columns[$0].isUsable }
        let towards = usable.filter { columns[$0].direction == .towards }.count
        let away = usable.filter { columns[$0].direction == .away }.count
        func share(_ flag: ColumnFlags) -> Double? {
            guard !usable.isEmpty else { return nil }
            return Double(usable.filter { columns[$0].flags.contains(flag) }.count) / Double(usable.count)
        }
        // Flow in fewer than half of the usable columns is no direction of the whole.
        let isFlowing = !usable.isEmpty && 2 * (towards + away) >= usable.count
        direction = !isFlowing ? "none" : towards >= away ? "towards" : "away"
        usableColumns = usable.count
        tapColumns = columns.count { $0.flags.contains(.tap) }
        unwrappedColumns = unwrapping?.unwrapped.count ?? 0
        ambiguousColumns = unwrapping?.ambiguous.count ?? 0
        medianMeanVelocityCmPerS = isFlowing ? FlowTrace.median(usable.compactMap { meanVelocities[$0] }) : nil
        medianSignalToNoiseTowardsDb = FlowTrace.median(usable.map { Double(columns[$0].signalToNoiseTowardsDb) })
        medianSignalToNoiseAwayDb = FlowTrace.median(usable.map { Double(columns[$0].signalToNoiseAwayDb) })
        aliasedFraction = share(.aliased)
        noFlowFraction = share(.noFlowDetected)
    }
}
