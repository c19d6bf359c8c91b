internal import Glibc

/// The pooled ratio after Mantel and Haenszel 1959, from the counts as they are.
///
/// The variance of its logarithm: Robins, Breslow and Greenland 1986 (odds), Greenland and Robins 1985 (risks).
struct MantelHaenszel {
    /// The pooled ratio.
    let ratio: Forest.Pooled
    /// The studies' weights.
    let weights: [Double]

    private static let method = "fixed effect, Mantel-Haenszel"

    init(_ tables: [TwoByTwo], _ measure: Forest.Measure) {
        switch measure {
        case .oddsRatio: self.init(odds: tables)
        case .riskRatio: self.init(risks: tables)
        }
    }

    private init(odds tables: [TwoByTwo]) {
        var (up, down, crossed) = (0.0, 0.0, (up: 0.0, mixed: 0.0, down: 0.0))
        var weights: [Double] = []
        for table in tables {
            let all = Double(table.people)
            let share = (Double(table.casesWith + table.controlsWithout) / all)
            let own = (
                up: Double(table.casesWith) * Double(table.controlsWithout) / all,
                down: Double(table.casesWithout) * Double(table.controlsWith) / all
            )
            up += own.up
            down += own.down
            crossed.up += share * own.up
            crossed.mixed += share * own.down + (1 - share) * own.up
            crossed.down += (1 - share) * own.down
            weights.append(own.down)
        }
        self.weights = weights
        guard up > 0, down > 0 else {
            ratio = Forest.Pooled(.noUsableStudy, Self.method)
            return
        }
        let variance =
            crossed.up / (2 * up * up) + crossed.mixed / (2 * up * down) + crossed.down / (2 * down * down)
        ratio = Forest.Pooled(log: log(up / down), error: variance.squareRoot(), method: Self.method)
    }

    private init(risks tables: [TwoByTwo]) {
        var (up, down, spread) = (0.0, 0.0, 0.0)
        var weights: [Double] = []
        for table in tables {
            let (cases, controls, all) = (Double(table.cases), Double(table.controls), Double(table.people))
            let events = (Double(table.casesWith), Double(table.controlsWith))
            up += events.0 * controls / all
            down += events.1 * cases / all
            let mean = cases * controls * (events.0 + events.1) - events.0 * events.1 * all
            spread += mean / (all * all)
            weights.append(events.1 * cases / all)
        }
        self.weights = weights
        guard up > 0, down > 0, spread > 0 else {
            ratio = Forest.Pooled(.noUsableStudy, Self.method)
            return
        }
        ratio = Forest.Pooled(log: log(up / down), error: (spread / (up * down)).squareRoot(), method: Self.method)
    }
}
