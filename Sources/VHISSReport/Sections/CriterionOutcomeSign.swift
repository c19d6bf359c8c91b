import CCSVIAnalysis

/// The sign of an outcome: the four differ in shape, so that no colour is needed to tell them apart.
struct CriterionOutcomeSign {
    /// The outcome.
    let outcome: CriterionOutcome

    private static let radius = 5.0

    /// Draws the sign about a point.
    func draw(on canvas: PDFCanvas, x: Double, y: Double) {
        let radius = Self.radius
        let arm = 2.6
        switch outcome {
        case .met:
            canvas.disc(x: x, y: y, radius: radius + 0.4, .met)
            canvas.stroke([(x - arm, y), (x + arm, y)], .white, width: 1.5)
            canvas.stroke([(x, y - arm), (x, y + arm)], .white, width: 1.5)
        case .notMet:
            canvas.disc(x: x, y: y, radius: radius, .text, lineWidth: 0.9)
            canvas.stroke([(x - arm, y), (x + arm, y)], .text, width: 1.2)
        case .notExamined:
            canvas.disc(x: x, y: y, radius: radius, .open, lineWidth: 0.9, dash: [1.6, 1.5])
        case .notAssessable:
            let corner = radius - 0.6
            canvas.stroke(
                [
                    (x - corner, y - corner), (x + corner, y - corner), (x + corner, y + corner),
                    (x - corner, y + corner),
                ],
                .open, width: 0.9, isClosed: true)
            canvas.stroke([(x - corner, y - corner), (x + corner, y + corner)], .open, width: 0.9)
            canvas.stroke([(x - corner, y + corner), (x + corner, y - corner)], .open, width: 0.9)
        }
    }
}
