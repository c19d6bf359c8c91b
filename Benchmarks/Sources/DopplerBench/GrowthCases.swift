import DopplerDSP
import Foundation

/// How the cost of a piece of work changes with how much there is of it.
struct Growth: Codable {
    struct Point: Codable {
        var size: Double
        /// Median of the rounds, in the growth's unit of cost.
        var cost: Double
    }

    /// What grows, and its unit.
    var title: String
    var unit: String
    /// What the cost is of, with its unit: `ns a sample`.
    var costUnit: String
    var points: [Point]
    /// How much more it costs at the largest size than at the cheapest before it: median of the rounds.
    var growth: Double?
    var rounds: Int
    /// Rounds in which nothing disturbed any size; `nil` = nobody watched that.
    var countingRounds: Int?

    /// A cost that has grown by no more than this over the least before it counts as steady (project choice: more than the
    /// scatter of a shared machine).
    static let steady = 1.25

    /// - Parameters:
    ///   - costs: what each size took in each round, in the unit of cost.
    ///   - disturbed: the rounds in which something disturbed a size; `nil` = nobody watched that.
    init(
        _ title: String, _ unit: String, costUnit: String, sizes: [Double], costs: [[Double]], disturbed: Set<Int>?
    ) {
        self.title = title
        self.unit = unit
        self.costUnit = costUnit
        let all = costs.first.map { Array($0.indices) } ?? []
        let counting = all.filter { !(disturbed ?? []).contains($0) }
        rounds = all.count
        countingRounds = disturbed == nil ? nil : counting.count
        // A disturbed round says something still, but does not decide.
        let taken = Self.isTooFew(counting.count, of: all.count) ? all : counting
        let medians = costs.map { costs in Table.median(taken.map { costs[$0] }) ?? .nan }
        points = zip(sizes, medians).map { Point(size: $0, cost: $1) }
        if let largest = costs.last,
            let cheapest = medians.indices.dropLast().min(by: { medians[$0] < medians[$1] })
        {
            growth = Table.median(taken.map { largest[$0] / costs[cheapest][$0] })
        }
    }

    /// Whether so few rounds count that the figures decide nothing.
    private static func isTooFew(_ counting: Int, of rounds: Int) -> Bool { counting < min(Table.fewestRounds, rounds) }

    private var watch: String {
        countingRounds.map { "\($0) of \(rounds) rounds count" } ?? "\(rounds) rounds, by the clock, disturbed or not"
    }

    var text: String {
        let costs = points.map { String(format: "%g: %.1f", $0.size, $0.cost) }
        let verdict = growth.map {
            String(format: "%.2f at the largest against the cheapest before it, ", $0)
                + (Self.isTooFew(countingRounds ?? rounds, of: rounds)
                    ? "does not count" : $0 <= Self.steady ? "no faster than the work" : "FASTER THAN THE WORK")
        }
        return "## growth: \(title)\n\(watch)\n"
            + "  \(costUnit) by \(unit): \(costs.joined(separator: ", "))\n  \(verdict ?? "")"
    }
}

enum GrowthCases {
    /// A size and a run of it that takes as many samples.
    private struct Size {
        var size: Double
        var samples: Int
        var run: () -> Threads.Run
    }

    static func all(scale: Double, rounds: Int) -> [Growth] {
        let samples = Int(2_000_000 * scale)
        let gates = (0...9).map { 1 << $0 }.map { gates in
            size(Double(gates), ChainCases.settings(gates: gates), pulses: max(2000, samples / gates))
        }
        let rates = [1.0, 2, 5, 10, 20].map { kilohertz in
            size(
                kilohertz, ChainCases.settings(gates: 16, prfHz: kilohertz * 1000),
                pulses: max(2000, Int(kilohertz * 4000 * scale)))
        }
        // A longer transform has more steps: n log n, so that the work of a sample is log n.
        let lengths = [64, 128, 256, 512, 1024].map { length in
            let settings = ChainCases.settings(gates: 16, fftLength: length, hop: length / 4)
            return size(Double(length), settings, pulses: max(4000, samples / 16))
        }
        let signal = ChainCases.signal(gates: 1, pulses: 40 * piece)
        let parts = (0..<40).map { Array(signal[2 * piece * $0..<2 * piece * ($0 + 1)]) }
        let exams = [10.0, 60, 600, 7200].map { seconds in
            let pulses = Int(seconds * 5000 * scale)
            return Size(size: seconds, samples: pulses) { Threads.run([{ live(parts, pulses: pulses) }]) }
        }
        return [
            measure("gates, PRF 5 kHz", "gates", gates, rounds), measure("PRF, 16 gates", "kHz", rates, rounds),
            measure("transform, 16 gates, four windows deep", "pulses", lengths, rounds),
            measure("length of an exam, one gate, taken live", "s", exams, max(3, rounds / 3)),
        ]
    }

    private static func size(_ size: Double, _ settings: SpectralSettings, pulses: Int) -> Size {
        let signal = ChainCases.signal(gates: settings.gates, pulses: pulses)
        let kept = Keeper(settings)
        return Size(size: size, samples: pulses * settings.gates) {
            Threads.run([{ kept.analyse(signal, pulses: pulses) }])
        }
    }

    /// Pulses of 50 ms at 5 kHz.
    private static let piece = 250

    /// A recording in pieces of 50 ms, again and again the same, whose columns are looked at and forgotten.
    private static func live(_ parts: [[Int16]], pulses: Int) {
        do throws(DSPError) {
            var analyser = try SpectralAnalyser(ChainCases.settings(gates: 1))
            var taken: [Spectrogram] = []
            var done = 0
            while done < pulses {
                analyser.take(parts[done / piece % parts.count], firstPulse: UInt64(done))
                analyser.takeColumns(into: &taken)
                done += piece
            }
        } catch {
            peerFail(error)
        }
    }

    private static func measure(_ title: String, _ unit: String, _ sizes: [Size], _ rounds: Int) -> Growth {
        var costs = [[Double]](repeating: [], count: sizes.count)
        var disturbed: Set<Int> = []
        let sampler = Sampler()
        // The first round warms up and does not count.
        for round in 0...rounds {
            for (index, size) in sizes.enumerated() {
                let sample = sampler.sample(size.run)
                guard round > 0 else { continue }
                costs[index].append(1e9 * sample.seconds / Double(size.samples))
                if sample.isDisturbed { disturbed.insert(round - 1) }
            }
        }
        return Growth(
            title, unit, costUnit: "ns a sample", sizes: sizes.map(\.size), costs: costs, disturbed: disturbed)
    }
}
