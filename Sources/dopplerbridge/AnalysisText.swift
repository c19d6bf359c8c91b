import CCSVIAnalysis
import ExamSession
import ProbeLink

/// An analysis as a person reads it on a terminal.
struct AnalysisText {
    let document: AnalysisDocument

    init(_ document: AnalysisDocument) { self.document = document }

    /// One line for each gate, and the reflux under it.
    var text: String {
        var lines = ["\(document.origin.device)\(document.origin.isSimulated ? "  SIMULATED" : "")"]
        for segment in document.segments {
            lines.append("\(segment.name)")
            if segment.scale == nil {
                lines.append("  velocities are not given: angle, frequency or speed of sound is not known")
            }
            lines += segment.settingsChanged.map { "  \($0)" }
            if let scale = segment.velocityScaleCmPerS {
                lines.append("  scale \(scale.map { ExamText.rounded($0, 1) }.joined(separator: " to ")) cm/s")
            }
            for gate in segment.gates {
                lines.append("  " + Self.words(gate))
                lines += gate.flow.map { ["    " + Self.words($0)] } ?? []
                lines += (gate.refluxEpisodes ?? []).map { "    " + Self.words($0) }
            }
            let missing = segment.losses.reduce(0) { $0 &+ $1.pulses }
            if missing > 0 { lines.append("  \(missing) pulses missing") }
        }
        return (lines + document.problems).joined(separator: "\n")
    }

    /// One gate in a line.
    static func words(_ gate: GateAnalysis) -> String {
        let summary = gate.summary
        let depth = gate.depthMm.map { " at \(ExamText.rounded($0, 1)) mm" } ?? ""
        let unmeasured = summary.usableColumns > 0 && summary.direction == "none" ? "no flow" : "not measured"
        let velocity = summary.medianMeanVelocityCmPerS.map { "\(ExamText.rounded($0, 1)) cm/s" } ?? unmeasured
        func decibels(_ value: Double?) -> String { value.map { ExamText.rounded($0, 1) } ?? "-" }
        let ratio =
            "SNR \(decibels(summary.medianSignalToNoiseTowardsDb)) dB towards, "
            + "\(decibels(summary.medianSignalToNoiseAwayDb)) dB away"
        let truncated =
            gate.isTruncated
            ? ", TRUNCATED: \(gate.foundSamples ?? 0) of \(gate.expectedSamples ?? 0) samples" : ""
        let aliased =
            summary.unwrappedColumns + summary.ambiguousColumns > 0
            ? ", \(summary.unwrappedColumns) unwrapped, \(summary.ambiguousColumns) beyond the scale" : ""
        return "gate \(gate.gate + 1)\(depth): direction \(summary.direction), median velocity \(velocity), \(ratio), "
            + "\(gate.timeSeconds.count) columns, \(summary.tapColumns) tapped\(aliased)\(truncated)"
    }

    private static func words(_ flow: FlowVolume) -> String {
        let measured = flow.millilitresPerMinute
        return "flow \(ExamText.rounded(measured.value, 0)) +/- \(ExamText.rounded(measured.standardError, 0)) mL/min"
    }

    private static func words(_ episode: RefluxEpisode) -> String {
        let onset = episode.onsetSeconds.map { " from \(ExamText.rounded($0, 2)) s" } ?? ""
        let certainty = episode.confidence.map { ", confidence \(ExamText.rounded($0, 2))" } ?? ""
        let uncertainty = episode.durationUncertaintySeconds.map { " +/- \(ExamText.rounded($0, 2))" } ?? ""
        return "reflux\(onset) for \(ExamText.rounded(episode.durationSeconds, 2))\(uncertainty) s\(certainty)"
    }
}
