/// A number with a fixed number of decimals, for sentences; `not a number` and infinities are named.
func decimalText(_ value: Double, places: Int) -> String {
    /// Beyond this a whole number of thousandths no longer fits (project choice, far beyond any figure of an exam).
    let largest = 1e12
    guard value.isFinite, abs(value) < largest else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * scale).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let whole = scaled / Int(scale)
    guard places > 0 else { return "\(sign)\(whole)" }
    let digits = "\(scaled % Int(scale))"
    return "\(sign)\(whole)." + String(repeating: "0", count: places - digits.count) + digits
}

/// A number with as few decimals as it needs, at most `places`: `24`, `30.5`.
func shortDecimalText(_ value: Double, places: Int) -> String {
    var text = decimalText(value, places: places)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
}
