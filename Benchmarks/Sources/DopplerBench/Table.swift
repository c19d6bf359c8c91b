import Foundation

/// Cases that are run in turn, round by round, so that the machine's mood hits all of them alike.
struct Table {
    /// One thing that is measured.
    struct Case {
        var name: String
        /// What one run does, in `unit`s.
        var work: Double
        var run: () -> Threads.Run
        /// What each round took.
        var samples: [Sample] = []
    }

    /// A goal: how one case must compare with another.
    struct Goal {
        var ours: String
        var peer: String
        var atLeast: Double
    }

    var title: String
    var unit: String
    var cases: [Case]
    var goals: [Goal]
    /// Whether two processors take part, so that the way between them matters.
    var usesTwoProcessors: Bool
    /// Round trips between the processors, before and after each run, ns.
    private(set) var roundTrips: [Double] = []
    /// Runs that were taken again because something disturbed them.
    private(set) var repeats = 0

    /// Fewest rounds that must count in a whole run.
    static let fewestRounds = 9

    init(_ title: String, unit: String, usesTwoProcessors: Bool, cases: [Case], goals: [Goal]) {
        self.title = title
        self.unit = unit
        self.usesTwoProcessors = usesTwoProcessors
        self.cases = cases
        self.goals = goals
    }

    mutating func run(rounds: Int, usualTrip: Double) {
        let sampler = Sampler(usualTrip: usesTwoProcessors ? usualTrip : nil)
        for round in 0..<rounds {
            // The order turns with the rounds, so that no case always follows the same one.
            for index in cases.indices {
                let turned = (index + round) % cases.count
                let sample = sampler.sample(cases[turned].run)
                cases[turned].samples.append(sample)
                repeats += sample.repeats
                roundTrips += sample.roundTrips
            }
        }
    }

    /// The rounds that count: those in which nothing disturbed any case.
    var countingRounds: [Int] { allRounds.filter { round in cases.allSatisfy { !$0.samples[round].isDisturbed } } }

    private var allRounds: [Int] { cases.first.map { Array($0.samples.indices) } ?? [] }

    /// What was measured, for the table and for machines.
    var outcome: Outcome {
        let counting = countingRounds
        let isTooDisturbed = counting.count < min(Self.fewestRounds, allRounds.count)
        // A disturbed round says something still, but does not decide.
        let rounds = isTooDisturbed ? allRounds : counting
        let rows = cases.map { item in
            Outcome.Row(name: item.name, rate: Self.median(rounds.map { item.work / item.samples[$0].seconds }))
        }
        let results = goals.map { goal in
            let ours = cases.first { $0.name == goal.ours }
            let peer = cases.first { $0.name == goal.peer }
            let ratios = rounds.compactMap { round -> Double? in
                guard let ours, let peer else { return nil }
                return ours.work / ours.samples[round].seconds / (peer.work / peer.samples[round].seconds)
            }
            return Outcome.Result(
                ours: goal.ours, peer: goal.peer, atLeast: goal.atLeast, ratio: Self.median(ratios),
                least: ratios.min(), most: ratios.max())
        }
        return Outcome(
            isTooDisturbed: isTooDisturbed, title: title,
            unit: unit, rounds: allRounds.count, countingRounds: counting.count, repeats: repeats,
            roundTripNanoseconds: usesTwoProcessors ? Self.median(roundTrips) : nil, rows: rows, results: results)
    }

    /// The middle value; `nil` of none.
    static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// What a table came to.
struct Outcome: Codable {
    struct Row: Codable {
        var name: String
        /// Median, units a second; `nil` when no round counts.
        var rate: Double?
    }

    struct Result: Codable {
        var ours: String
        var peer: String
        var atLeast: Double
        /// Median of the ratios round by round; `nil` when no round counts.
        var ratio: Double?
        var least: Double?
        var most: Double?

        var isReached: Bool? { ratio.map { $0 >= atLeast } }
    }

    /// Whether so few rounds count that the figures say little.
    var isTooDisturbed: Bool
    var title: String
    var unit: String
    var rounds: Int
    var countingRounds: Int
    /// Runs that were taken again because something disturbed them.
    var repeats: Int
    var roundTripNanoseconds: Double?
    var rows: [Row]
    var results: [Result]

    var text: String {
        var lines = ["## \(title)"]
        let trip = roundTripNanoseconds.map { ", round trip between the processors \(Int($0)) ns" } ?? ""
        lines.append("\(countingRounds) of \(rounds) rounds count, \(repeats) runs taken again\(trip)")
        if isTooDisturbed {
            lines.append("  THE MACHINE WAS TOO DISTURBED FOR THIS TABLE TO COUNT: run it again when less goes on.")
        }
        for row in rows {
            let rate = row.rate.map { String(format: "%10.2f", $0) } ?? " not taken"
            lines.append("  \(rate) \(unit)  \(row.name)")
        }
        for result in results {
            guard let ratio = result.ratio, let least = result.least, let most = result.most else {
                lines.append(
                    "  \(result.ours) against \(result.peer): not measured (disturbed, or the peer is missing)")
                continue
            }
            let mark = isTooDisturbed ? "does not count" : ratio >= result.atLeast ? "reached" : "NOT REACHED"
            lines.append(
                "  \(result.ours) against \(result.peer): "
                    + String(format: "%.2f (%.2f to %.2f), goal %.2f: ", ratio, least, most, result.atLeast) + mark)
        }
        return lines.joined(separator: "\n")
    }
}
