import CohortStatistics

/// The agreement of two readers as text.
struct AgreementText {
    let questions: [AgreementSummary]

    init(_ questions: [AgreementSummary]) { self.questions = questions }

    private static let heads = ["question", "read", "left out", "agree", "kappa", "yes agree", "no agree", "yes"]
    private static let widths = [16, 6, 10, 9, 24, 11, 10, 8]

    /// The whole text.
    var text: String {
        var lines = [row(Self.heads)]
        var remarks: [String] = []
        for question in questions {
            let kappa = question.kappa
            let interval = CohortText.interval(question.kappaInterval.limits, CohortText.coefficient)
            lines.append(
                row([
                    question.question, "\(question.counts.subjects)", "\(question.leftOut)",
                    percent(question.observedAgreement.share),
                    kappa.value == nil ? "undefined" : "\(CohortText.coefficient(kappa)) (\(interval))",
                    percent(question.positiveAgreement), percent(question.negativeAgreement),
                    percent(question.prevalence),
                ]))
            if let reason = kappa.reason { remarks.append("\(question.question): no kappa: \(reason.words).") }
        }
        lines += remarks
        lines.append(
            "`yes agree` and `no agree`: positive and negative agreement; `yes`: prevalence, the share of yes among "
                + "all answers.")
        if let method = questions.first?.kappaInterval.limits.method {
            lines.append(
                "Limits of kappa: 95 %, \(method). With a rare finding kappa is low although nearly all agree.")
        }
        return lines.joined(separator: "\n")
    }

    private func row(_ cells: [String]) -> String {
        zip(cells, Self.widths).map { ($0 + " ").padding(to: $1) }.joined().trimmingSuffix()
    }

    private func percent(_ figure: Figure) -> String {
        figure.value == nil ? "undefined" : CohortText.percent(figure) + " %"
    }
}

extension String {
    /// The text without blanks at its end.
    fileprivate func trimmingSuffix() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
