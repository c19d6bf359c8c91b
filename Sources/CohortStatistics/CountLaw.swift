internal import Glibc

/// A law of counts whose neighbouring probabilities have a ratio that falls: the binomial and the hypergeometric law.
///
/// Odds tilt it: p(k + 1) / p(k) = `ratio(k)` x odds. Everything is summed from the most probable count outwards, so
/// that neither tail loses digits.
struct CountLaw {
    /// The possible counts.
    let counts: ClosedRange<Int>
    /// p(k + 1) / p(k) at odds 1, from the lowest count up to but not including the highest; falls.
    let ratio: (Int) -> Double

    /// Findings among `people` at odds 1, that is with an even chance each.
    static func binomial(people: Int) -> CountLaw {
        CountLaw(counts: 0...people) { Double(people - $0) / Double($0 + 1) }
    }

    /// Findings among the cases when all four margins are given and the odds are alike in both groups.
    static func hypergeometric(cases: Int, controls: Int, findings: Int) -> CountLaw {
        CountLaw(counts: max(0, findings - controls)...min(findings, cases)) { count in
            Double(findings - count) * Double(cases - count)
                / (Double(count + 1) * Double(controls - findings + count + 1))
        }
    }

    /// Probabilities around a count: up to and with it, from it on, and no more probable than it.
    struct Tails {
        var upTo: Double
        var from: Double
        var asRareOrRarer: Double
    }

    /// Counts as probable as the observed one within this ratio count as equally probable (project choice: well above
    /// the rounding of the sums, well below any real difference).
    private static let sameProbability = 1 + 1e-7

    /// The tails of a count.
    func tails(of count: Int, odds: Double = 1) -> Tails {
        let mode = mode(odds: odds)
        var own = 0.0
        walk(from: mode, odds: odds) { if $0 == count { own = $1 } }
        var sums = (all: 0.0, below: 0.0, above: 0.0, rare: 0.0)
        let limit = own * Self.sameProbability
        walk(from: mode, odds: odds) { place, weight in
            sums.all += weight
            if place < count { sums.below += weight }
            if place > count { sums.above += weight }
            if weight <= limit { sums.rare += weight }
        }
        // A probability below what a number can hold reads as the smallest one, never as 0.
        func share(_ sum: Double) -> Double { min(1, max(sum / sums.all, .leastNormalMagnitude)) }
        return Tails(upTo: share(sums.below + own), from: share(sums.above + own), asRareOrRarer: share(sums.rare))
    }

    /// The odds at which the count is just not too high and just not too low: exact limits (Clopper and Pearson 1934
    /// for the binomial law, Cornfield 1956 for the hypergeometric one).
    func exactOdds(of count: Int) -> (lower: Figure, upper: Figure) {
        let tail = (1 - Limits.level) / 2
        let lower: Figure =
            count <= counts.lowerBound
            ? .value(0) : .value(exp(crossing { tails(of: count, odds: exp($0)).from >= tail }))
        let upper: Figure =
            count >= counts.upperBound
            ? .unbounded : .value(exp(crossing { tails(of: count, odds: exp($0)).upTo < tail }))
        return (lower, upper)
    }

    /// Logarithms of odds between which limits are sought; the counts are bounded, so the limits are, too.
    private static let logOdds = (low: -60.0, high: 60.0)
    /// Halvings of that range: to the last digit of a number.
    private static let halvings = 60

    /// Where a condition that holds above some place begins to hold.
    private func crossing(_ holds: (Double) -> Bool) -> Double {
        var (low, high) = Self.logOdds
        for _ in 0..<Self.halvings {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle }
        }
        return (low + high) / 2
    }

    /// The most probable count.
    private func mode(odds: Double) -> Int {
        var (low, high) = (counts.lowerBound, counts.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if ratio(middle) * odds >= 1 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Visits counts with their weights, 1 at the most probable one, until a weight has no full precision any more.
    ///
    /// Smaller ones would not fall to 0: the least number times a ratio above a half rounds to itself.
    private func walk(from mode: Int, odds: Double, _ visit: (Int, Double) -> Void) {
        visit(mode, 1)
        var (place, weight) = (mode, 1.0)
        while place < counts.upperBound, weight >= .leastNormalMagnitude {
            weight *= ratio(place) * odds
            place += 1
            visit(place, weight)
        }
        (place, weight) = (mode, 1)
        while place > counts.lowerBound, weight >= .leastNormalMagnitude {
            place -= 1
            weight /= ratio(place) * odds
            visit(place, weight)
        }
    }
}
