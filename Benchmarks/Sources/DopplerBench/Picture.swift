import Foundation

/// Draws a report as SVG: how far each goal is reached, and how costs grow.
enum Picture {
    private static let width = 1160.0
    private static let rowHeight = 24.0
    private static let plotHeight = 260.0
    private static let reached = "#2a7f4f"
    private static let missed = "#b3402a"
    private static let disturbed = "#8a8a8a"

    /// One goal: a label, how often it is reached (1 = just), and the words beside the bar.
    private struct Bar {
        var label: String
        var share: Double?
        var words: String
        /// Whether too few rounds counted for it to say anything.
        var isDisturbed = false

        var colour: String { isDisturbed ? disturbed : (share ?? 0) >= 1 ? reached : missed }
    }

    static func svg(_ report: Report) -> String {
        let bars = bars(report)
        let plotRows = (report.growths.count + 1) / 2
        let top = 72.0
        let barsHeight = Double(bars.count) * rowHeight
        let height = top + barsHeight + 40 + Double(plotRows) * (plotHeight + 30)
        var parts = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(Int(height))" \
            font-family="sans-serif" font-size="13">
            <rect width="100%" height="100%" fill="white"/>
            """,
            text(20, 30, "DopplerBridge beside its peers", size: 20),
            text(20, 52, report.machine.text, colour: "#555"),
        ]
        parts += draw(bars, top: top)
        for (index, growth) in report.growths.enumerated() {
            let left = 20 + Double(index % 2) * width / 2
            parts.append(plot(growth, left: left, top: top + barsHeight + 40 + Double(index / 2) * (plotHeight + 30)))
        }
        return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private static func bars(_ report: Report) -> [Bar] {
        let ratios = report.tables.flatMap { table in
            table.results.map { result in
                Bar(
                    label: "\(table.title): \(result.ours) / \(result.peer)",
                    share: result.ratio.map { $0 / result.atLeast },
                    words: result.ratio.map {
                        String(format: "%.2f, goal %.2f", $0, result.atLeast)
                            + (table.isTooDisturbed ? ", disturbed" : "")
                    } ?? "not measured", isDisturbed: table.isTooDisturbed)
            }
        }
        let figures = report.figures.map { figure in
            Bar(
                label: figure.title,
                share: figure.value.map { figure.isAtLeast ? $0 / figure.goal : figure.goal / max($0, 1e-9) },
                words: figure.value.map { String(format: "%.4g %@, goal %g", $0, figure.unit, figure.goal) }
                    ?? "not measured", isDisturbed: figure.isTooDisturbed)
        }
        return ratios + figures
    }

    /// Bars from half of the label's end on, whose goal is a line; what is more than twice the goal is cut off.
    private static func draw(_ bars: [Bar], top: Double) -> [String] {
        let left = 660.0
        let goal = 130.0
        var parts: [String] = []
        for (index, bar) in bars.enumerated() {
            let y = top + Double(index) * rowHeight
            parts.append(text(left - 10, y + 16, bar.label, size: 12, anchor: "end"))
            if let share = bar.share {
                let length = min(2, share) * goal
                parts.append(
                    "<rect x=\"\(left)\" y=\"\(y + 4)\" width=\"\(number(length))\" height=\"\(rowHeight - 8)\" "
                        + "fill=\"\(bar.colour)\"/>")
            }
            parts.append(text(left + 2 * goal + 10, y + 16, bar.words, size: 12))
        }
        let end = top + Double(bars.count) * rowHeight
        parts.append(
            "<line x1=\"\(left + goal)\" y1=\"\(top)\" x2=\"\(left + goal)\" y2=\"\(end)\" stroke=\"black\"/>")
        parts.append(text(left + goal, end + 16, "goal", size: 12, anchor: "middle"))
        return parts
    }

    /// Cost against size, the size on a logarithmic scale, the cost from 0 on.
    private static func plot(_ growth: Growth, left: Double, top: Double) -> String {
        let inner = (left: left + 55, top: top + 30, width: width / 2 - 110, height: plotHeight - 80)
        let most = (growth.points.map(\.cost).max() ?? 1) * 1.15
        let sizes = growth.points.map { log2($0.size) }
        let (least, range) = (sizes.min() ?? 0, max((sizes.max() ?? 1) - (sizes.min() ?? 0), 1e-9))
        var parts = [
            text(left + 10, top + 16, "\(growth.title): \(growth.costUnit)", size: 14),
            "<path d=\"M\(inner.left) \(inner.top) v\(inner.height) h\(inner.width)\" fill=\"none\" stroke=\"#555\"/>",
            text(inner.left - 8, inner.top + inner.height + 4, "0", size: 11, anchor: "end"),
            text(inner.left - 8, inner.top + 8, String(format: "%.3g", most), size: 11, anchor: "end"),
            text(inner.left + inner.width / 2, inner.top + inner.height + 36, growth.unit, size: 12, anchor: "middle"),
        ]
        var path = ""
        for (index, point) in growth.points.enumerated() {
            let x = inner.left + (log2(point.size) - least) / range * inner.width
            let y = inner.top + inner.height * (1 - point.cost / most)
            path += "\(index == 0 ? "M" : "L")\(number(x)) \(number(y)) "
            parts.append("<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"3\" fill=\"#1f4e8c\"/>")
            parts.append(
                text(
                    x + (index == 0 ? 6 : 0), y - 8, String(format: "%.3g", point.cost), size: 11,
                    anchor: index == 0 ? "start" : "middle"))
            parts.append(
                text(x, inner.top + inner.height + 16, String(format: "%g", point.size), size: 11, anchor: "middle"))
        }
        parts.append("<path d=\"\(path)\" fill=\"none\" stroke=\"#1f4e8c\" stroke-width=\"1.5\"/>")
        return parts.joined(separator: "\n")
    }

    private static func text(
        _ x: Double, _ y: Double, _ words: String, size: Int = 13, colour: String = "#111", anchor: String = "start"
    ) -> String {
        let escaped = words.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        return "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(size)\" fill=\"\(colour)\" "
            + "text-anchor=\"\(anchor)\">\(escaped)</text>"
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
