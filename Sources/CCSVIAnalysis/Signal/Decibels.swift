internal import Glibc

/// Power ratios and decibels.
enum Decibels {
    /// The ratio of powers that a number of dB stands for.
    static func ratio(_ decibels: Double) -> Double { pow(10, decibels / 10) }

    /// The dB of a ratio of powers above 0.
    static func of(_ ratio: Double) -> Double { 10 * log10(ratio) }

    /// The natural logarithm of a number above 0.
    static func logarithm(_ value: Double) -> Double { log(value) }
}
