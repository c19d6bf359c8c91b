internal import Glibc

/// Several studies of one question together: each study's ratio, and both pooled ones.
public struct Forest: Sendable, Hashable, Encodable {
    /// The ratio that is pooled.
    public enum Measure: String, Sendable, Hashable, Codable, CaseIterable {
        case oddsRatio, riskRatio
    }

    /// How the fixed effect is pooled.
    public enum FixedMethod: String, Sendable, Hashable, Codable, CaseIterable {
        /// Studies weigh by the inverse of the variance of their logarithm.
        case inverseVariance
        /// Mantel and Haenszel's weights, from the counts as they are.
        case mantelHaenszel

        /// The method's name for people.
        public var words: String { self == .inverseVariance ? "inverse variance" : "Mantel-Haenszel" }
    }

    /// One study in the forest.
    public struct Row: Sendable, Hashable, Encodable {
        /// The study.
        public var study: CohortStudy
        /// Its ratio.
        public var estimate: RatioEstimate
        /// Its share of the fixed effect's weights, 0 to 1.
        public var fixedWeight: Double
        /// Its share of the random effects' weights, 0 to 1.
        public var randomWeight: Double
    }

    /// A study that is not pooled, with the reason.
    public struct LeftOut: Sendable, Hashable, Encodable {
        /// The study.
        public var study: CohortStudy
        /// Why.
        public var reason: UndefinedReason
    }

    /// A pooled ratio.
    public struct Pooled: Sendable, Hashable, Encodable {
        /// The ratio.
        public var ratio: Figure
        /// Its limits.
        public var limits: Limits
    }

    /// How far the studies differ more than chance makes them.
    public struct Heterogeneity: Sendable, Hashable, Encodable {
        /// Cochran's Q.
        public var q: Figure
        /// Its degrees of freedom.
        public var degreesOfFreedom: Int
        /// The probability of such a Q if all studies measure one ratio.
        public var probability: Figure
        /// I2: the share of the spread that is more than chance, 0 to 1 (Higgins 2003).
        public var iSquared: Figure
        /// Variance between studies of the logarithm (DerSimonian and Laird 1986), 0 or above.
        public var tauSquared: Figure
    }

    /// The ratio that is pooled.
    public var measure: Measure
    /// How the fixed effect was pooled.
    public var fixedMethod: FixedMethod
    /// The studies that are pooled, in the order in which they were given.
    public var rows: [Row]
    /// The studies that are not, each with its reason.
    public var leftOut: [LeftOut]
    /// The pooled ratio if all studies measure one.
    public var fixed: Pooled
    /// The pooled ratio if they do not.
    public var random: Pooled
    /// How far they differ.
    public var heterogeneity: Heterogeneity

    /// A forest of studies.
    ///
    /// - Throws: `cohortTwice` when two studies share a cohort.
    public init(
        _ studies: [CohortStudy], measure: Measure = .oddsRatio, fixedMethod: FixedMethod = .inverseVariance
    ) throws(CohortError) {
        for (index, study) in studies.enumerated() {
            let same = studies.filter { $0.cohort == study.cohort }
            guard same.count == 1 || studies.prefix(index).contains(where: { $0.cohort == study.cohort }) else {
                throw .cohortTwice(cohort: study.cohort, studies: same.map(\.name))
            }
        }
        var effects: [Effect] = []
        var leftOut: [LeftOut] = []
        for study in studies {
            let estimate = measure == .oddsRatio ? study.counts.oddsRatio : study.counts.riskRatio
            guard let ratio = estimate.ratio.value, let error = estimate.standardErrorOfLog.value else {
                let reason = [estimate.ratio, estimate.standardErrorOfLog].lazy.compactMap(\.reason).first
                leftOut.append(LeftOut(study: study, reason: reason ?? .noSpread))
                continue
            }
            effects.append(
                Effect(study: study, estimate: estimate, log: Glibc.log(ratio), variance: error * error))
        }
        self.init(effects, leftOut: leftOut, measure: measure, fixedMethod: fixedMethod)
    }

    /// A study with the figures that are pooled.
    fileprivate struct Effect {
        var study: CohortStudy
        var estimate: RatioEstimate
        var log: Double
        var variance: Double
    }

    private init(_ effects: [Effect], leftOut: [LeftOut], measure: Measure, fixedMethod: FixedMethod) {
        self.measure = measure
        self.fixedMethod = fixedMethod
        self.leftOut = leftOut
        let weights = effects.map { 1 / $0.variance }
        heterogeneity = Heterogeneity(logs: effects.map(\.log), weights: weights)
        let between = heterogeneity.tauSquared.value ?? 0
        let randomWeights = effects.map { 1 / ($0.variance + between) }
        random = Pooled(
            logs: effects.map(\.log), weights: randomWeights, method: "random effects, DerSimonian-Laird")
        var fixedWeights = weights
        switch fixedMethod {
        case .inverseVariance:
            fixed = Pooled(logs: effects.map(\.log), weights: weights, method: "fixed effect, inverse variance")
        case .mantelHaenszel:
            let pooled = MantelHaenszel(effects.map(\.study.counts), measure)
            fixed = pooled.ratio
            fixedWeights = pooled.weights
        }
        let sums = (fixedWeights.reduce(0, +), randomWeights.reduce(0, +))
        rows = effects.indices.map { index in
            Row(
                study: effects[index].study, estimate: effects[index].estimate,
                fixedWeight: sums.0 > 0 ? fixedWeights[index] / sums.0 : 0,
                randomWeight: sums.1 > 0 ? randomWeights[index] / sums.1 : 0)
        }
    }
}

extension Figure {
    /// Why there is no number; `nil` where there is one.
    public var reason: UndefinedReason? {
        if case .undefined(let reason) = self { return reason }
        return nil
    }
}

extension Forest.Pooled {
    /// The mean of logarithms by weights that are inverse variances.
    fileprivate init(logs: [Double], weights: [Double], method: String) {
        let all = weights.reduce(0, +)
        guard all > 0 else {
            self.init(.noUsableStudy, method)
            return
        }
        let mean = zip(logs, weights).reduce(0) { $0 + $1.0 * $1.1 } / all
        self.init(log: mean, error: (1 / all).squareRoot(), method: method)
    }

    init(log: Double, error: Double, method: String) {
        let reach = Limits.normalQuantile * error
        ratio = .value(exp(log))
        limits = Limits(lower: .value(exp(log - reach)), upper: .value(exp(log + reach)), method: method)
    }

    init(_ reason: UndefinedReason, _ method: String) {
        ratio = .undefined(reason)
        limits = .undefined(reason, method)
    }
}

extension Forest.Heterogeneity {
    /// Cochran's Q and what follows from it, by inverse variance weights.
    fileprivate init(logs: [Double], weights: [Double]) {
        degreesOfFreedom = max(0, logs.count - 1)
        guard logs.count > 1 else {
            let reason: UndefinedReason = logs.isEmpty ? .noUsableStudy : .onlyOneStudy
            (q, probability, iSquared, tauSquared) = (
                .undefined(reason), .undefined(reason), .undefined(reason), .undefined(reason)
            )
            return
        }
        let all = weights.reduce(0, +)
        let mean = zip(logs, weights).reduce(0) { $0 + $1.0 * $1.1 } / all
        let spread = zip(logs, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
        let surplus = max(0, spread - Double(degreesOfFreedom))
        let scale = all - weights.reduce(0) { $0 + $1 * $1 } / all
        q = .value(spread)
        probability = .value(ChiSquare.upperTail(spread, degreesOfFreedom: degreesOfFreedom))
        iSquared = .value(spread > 0 ? surplus / spread : 0)
        tauSquared = .value(scale > 0 ? surplus / scale : 0)
    }
}
