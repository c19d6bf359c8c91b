internal import CCSVIAnalysis
internal import DopplerDSP

extension RecordingRun.Outcome {
    /// How angle and wall filter differ from those of the protocol, in sentences; empty where they do not.
    ///
    /// The probe knows neither, so that its own settings do not say so.
    func changes(fromPlanned preset: SettingsPreset) -> [String] {
        var changes: [String] = []
        let angle = scale.insonationAngleDegrees
        if angle != preset.insonationAngleDegrees {
            let beyond =
                angle > preset.largestAngleDegrees
                ? ", beyond the \(Self.text(preset.largestAngleDegrees)) degrees that the protocol accepts" : ""
            changes.append(
                "angle: \(Self.text(preset.insonationAngleDegrees)) degrees planned, \(Self.text(angle)) degrees "
                    + "entered\(beyond)")
        }
        if spectral.wallFilterCutoffHz != preset.wallFilterHz {
            changes.append(
                "wall filter: \(Self.text(preset.wallFilterHz)) Hz planned, "
                    + "\(Self.text(spectral.wallFilterCutoffHz)) Hz chosen")
        }
        return changes
    }

    /// A figure without needless decimals.
    private static func text(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        // The value may come from a file: beyond what any figure here can be it is written as it is.
        let isWhole = tenths == tenths.rounded() && abs(tenths) < 1e9
        return isWhole ? "\(Int(tenths))" : "\(tenths)"
    }
}
