internal import StrictYAML

/// How the blood of the brain leaves through the neck in both postures: it sets the flow of the jugular and vertebral
/// veins.
public struct Drainage: Sendable, Hashable, Codable {
    /// The outflow in one posture.
    public struct Outflow: Sendable, Hashable, Codable {
        /// Jugular, vertebral and all other veins together, mL/min.
        public var outflowMlPerMin: Double
        /// Share of both internal jugular veins at J2, 0 to 1.
        public var jugularShare: Double
        /// Share of both vertebral veins, 0 to 1; the rest leaves through veins that the exam does not look at.
        public var vertebralShare: Double
        /// Share of the right side in both, 0 to 1.
        public var rightShare: Double

        /// Flow at a level of an internal jugular vein, mL/min.
        func jugularMlPerMin(isRight: Bool, level: String) -> Double {
            outflowMlPerMin * jugularShare * (isRight ? rightShare : 1 - rightShare)
                * (Drainage.levelFactors[level] ?? 1)
        }

        /// Flow in a vertebral vein, mL/min.
        func vertebralMlPerMin(isRight: Bool) -> Double {
            outflowMlPerMin * vertebralShare * (isRight ? rightShare : 1 - rightShare)
        }
    }

    /// Flow at a level over that at J2: it grows downwards (Phlebology 2014;29:528-35; the figures are the project's
    /// choice).
    static let levelFactors = ["j1": 1.1, "j2": 1.0, "j3": 0.85]

    /// Type of drainage by the jugular share lying down: 1 above 2/3, 2 from 1/3 to 2/3, 3 below 1/3 (Doepp 2004,
    /// Neuroradiology 46:565: 72, 22 and 6 % of 50 healthy people).
    public static func type(ofJugularShare share: Double) -> Int {
        if share > 2.0 / 3 { return 1 }
        return share < 1.0 / 3 ? 3 : 2
    }
}

extension Drainage {
    private static let outflowMlPerMin = 50.0...2500.0
    private static let share = 0.0...1.0
    private static let types = 1...3

    /// The rules that a file's `drainage` stands for.
    static func rules(_ value: YAMLValue?, _ log: YAMLLog) -> [SiteRule] {
        guard let value else { return [] }
        var map = YAMLMap(value, log: log)
        let stated = map.optionalInt("type", in: types)
        var rules: [SiteRule] = []
        for posture in SiteIdentity.postures {
            guard let part = map.optionalMap(posture), let outflow = Outflow.reading(part, log) else { continue }
            let real = type(ofJugularShare: outflow.jugularShare)
            if posture == "supine", let stated, stated != real {
                log.note("a jugular share of \(outflow.jugularShare) lying down makes it type \(real)", at: part.value)
            }
            rules += outflow.rules(posture: posture)
        }
        map.finish()
        return rules
    }
}

extension Drainage.Outflow {
    fileprivate static func reading(_ read: YAMLMap, _ log: YAMLLog) -> Drainage.Outflow? {
        var map = read
        let outflow = map.double("outflowMlPerMin", in: Drainage.outflowMlPerMin)
        let jugular = map.double("jugularShare", in: Drainage.share)
        let vertebral = map.double("vertebralShare", in: Drainage.share)
        let right = map.double("rightShare", in: Drainage.share)
        map.finish()
        guard let outflow, let jugular, let vertebral, let right else { return nil }
        if jugular + vertebral > 1 {
            log.note("`jugularShare` and `vertebralShare` together must be at most 1", at: map.value)
        }
        return Drainage.Outflow(
            outflowMlPerMin: outflow, jugularShare: jugular, vertebralShare: vertebral, rightShare: right)
    }

    fileprivate func rules(posture: String) -> [SiteRule] {
        var flows: [(id: String, mlPerMin: Double)] = []
        for side in SiteIdentity.sides {
            let isRight = side == "right"
            for level in SiteIdentity.levels {
                flows.append(
                    ("ijv.\(side).\(level).\(posture)", jugularMlPerMin(isRight: isRight, level: level)))
            }
            flows.append(("vv.\(side).\(posture)", vertebralMlPerMin(isRight: isRight)))
        }
        return flows.compactMap { flow in
            guard let pattern = SitePattern(flow.id) else { return nil }
            var rule = SiteRule(pattern: pattern)
            rule.flowMlPerMin = flow.mlPerMin
            return rule
        }
    }
}
