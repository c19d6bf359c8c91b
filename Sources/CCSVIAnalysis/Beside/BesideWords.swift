extension BesideFindings {
    /// What stands over these findings, on paper and on the screen.
    public static let title = "Beside the criteria, never scored"

    /// Everything, one line for each finding; empty where nothing is known.
    public var lines: [String] {
        azygos.map(\.text) + modalities.map(\.line) + flow.figures.map(\.line)
            + (flow.figures.isEmpty ? [] : flow.totals.map(\.line)) + flow.measures.map(\.line)
    }
}

extension ModalityComparison.Agreement {
    /// The agreement in words: `agree`.
    public var words: String {
        switch self {
        case .agrees: "agree"
        case .differs: "differ"
        case .notComparable: "not comparable"
        }
    }
}

extension ModalityComparison {
    /// The finding, what ultrasound says and whether they agree, in one line.
    public var line: String {
        "\(finding.place): \(finding.words); ultrasound: \(ultrasound): \(agreement.words)"
    }
}

extension FlowView.Figure {
    /// The flow with its site and method, in one line.
    public var line: String { "\(name): \(flowText(mlPerMin)) mL/min (\(method.words))" }
}

extension FlowView.Total {
    /// What is summed: `outflow of jugular and vertebral veins, supine`.
    public var name: String { "outflow of jugular and vertebral veins, \(posture.rawValue)" }

    /// The sum with its unit, or what is missing.
    public var valueWords: String {
        mlPerMin.map { "\(flowText($0)) mL/min" } ?? "not known, missing: \(missing.joined(separator: "; "))"
    }

    /// The sum in one line.
    public var line: String { "\(name): \(valueWords)" }
}

extension FlowView.Measure {
    /// The value with its unit and what it says: `412 mL/min, at or below the cut-off`; `not known` without one.
    public var valueWords: String {
        let hundredths = 100.0
        let number = value.map { value in
            unit.isEmpty ? "\((value * hundredths).rounded() / hundredths), " : "\(flowText(value)) \(unit), "
        }
        return (number ?? "") + reading
    }

    /// The measure in one line.
    public var line: String { "\(name): \(valueWords) (\(cutOff); \(citation))" }
}

extension FlowView {
    /// A flow as it is printed, mL/min: without decimals.
    public static func words(_ mlPerMin: Double) -> String { flowText(mlPerMin) }
}

/// A number without decimals; one that is far too large keeps its own words.
private func flowText(_ value: Double) -> String { Int(exactly: value.rounded()).map { "\($0)" } ?? "\(value)" }
