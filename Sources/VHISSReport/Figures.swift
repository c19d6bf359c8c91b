import CCSVIAnalysis

/// Numbers as the report prints them: fixed decimals, no locale, and words for what is no number.
enum Figures {
    /// Above this a fixed-point figure would not fit a table's cell, so an exponent is printed (project choice).
    private static let largestFixed = 1e7

    /// A number with fixed decimals: `12.40`; `invalid` when it is not finite.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "invalid" }
        guard abs(value) < largestFixed else { return "\(value)" }
        var factor = 1
        for _ in 0..<decimals { factor *= 10 }
        let scaled = Int((abs(value) * Double(factor)).rounded())
        let sign = value < 0 && scaled > 0 ? "\u{2212}" : ""
        guard decimals > 0 else { return sign + "\(scaled)" }
        let fraction = "\(scaled % factor)"
        return sign + "\(scaled / factor)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// A number with as few decimals as it needs, at most `decimals`: `2`, `2.5`.
    static func short(_ value: Double, _ decimals: Int) -> String {
        var text = fixed(value, decimals)
        guard text.contains("."), !text.contains("e") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// A number above 0 rounded down, for `at least`: `1.39`.
    static func roundedDown(_ value: Double, _ decimals: Int) -> String {
        var step = 1.0
        for _ in 0..<decimals { step /= 10 }
        // A thousandth of the last decimal back, so that 1.42 does not become 1.41 in floating point.
        return fixed(value - step * 0.499, decimals)
    }

    /// The length of a reflux with its uncertainty: `1.40 ±0.01 s`.
    static func duration(_ reflux: RefluxEpisode) -> String { durationFigure(reflux) + " s" }

    /// The same without the unit: `1.40 ±0.01`.
    static func durationFigure(_ reflux: RefluxEpisode) -> String {
        let uncertainty = reflux.durationUncertaintySeconds.map { " \u{00B1}\(fixed($0, 2))" } ?? ""
        return fixed(reflux.durationSeconds, 2) + uncertainty
    }

    /// A share from 0 to 1 as a percentage: `3 %`.
    static func percent(_ share: Double) -> String {
        let percent = share * 100
        return percent > 0 && percent < 1 ? "< 1 %" : fixed(percent, 0) + " %"
    }

    /// A range of values: `30`, or `30 to 50` when they differ; `none` when there are none.
    static func range(_ values: [Double], _ decimals: Int) -> String {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return values.isEmpty ? "none" : "invalid" }
        let texts = (short(low, decimals), short(high, decimals))
        return texts.0 == texts.1 ? texts.0 : "\(texts.0) to \(texts.1)"
    }

    /// A count with its noun: `1 pulse`, `3 pulses`.
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
