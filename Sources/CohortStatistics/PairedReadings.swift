internal import Glibc

/// The yes-or-no answers of two readers on the same subjects.
public struct PairedReadings: Sendable, Hashable, Encodable {
    /// Subjects with yes from both.
    public let bothYes: Int
    /// Subjects with yes from the first reader alone.
    public let firstOnly: Int
    /// Subjects with yes from the second reader alone.
    public let secondOnly: Int
    /// Subjects with no from both.
    public let bothNo: Int

    /// The most subjects (project choice: more than any study of readers had, and the bootstrap ends within seconds).
    public static let mostSubjects = 100_000
    /// How many resamples a bootstrap may have (project choice: fewer give no usable 2.5 % limit).
    public static let resamples = 200...20_000
    /// The resamples that are drawn unless another number is asked for (project choice).
    public static let usualResamples = 2000

    /// Answers from their four counts.
    ///
    /// - Throws: `countOutOfRange`.
    public init(bothYes: Int, firstOnly: Int, secondOnly: Int, bothNo: Int) throws(CohortError) {
        let counts = [bothYes, firstOnly, secondOnly, bothNo]
        for value in counts where !(0...Self.mostSubjects).contains(value) {
            throw .countOutOfRange(name: "a count of readings", value: value)
        }
        let all = counts.reduce(0, +)
        guard all <= Self.mostSubjects else { throw .countOutOfRange(name: "the number of subjects", value: all) }
        self.init(counts)
    }

    /// Answers from pairs of them.
    ///
    /// - Throws: `countOutOfRange`.
    public init(_ pairs: [(first: Bool, second: Bool)]) throws(CohortError) {
        try self.init(
            bothYes: pairs.count { $0.first && $0.second }, firstOnly: pairs.count { $0.first && !$0.second },
            secondOnly: pairs.count { !$0.first && $0.second }, bothNo: pairs.count { !$0.first && !$0.second })
    }

    fileprivate init(_ counts: [Int]) {
        bothYes = counts[0]
        firstOnly = counts[1]
        secondOnly = counts[2]
        bothNo = counts[3]
    }

    fileprivate var counts: [Int] { [bothYes, firstOnly, secondOnly, bothNo] }

    /// All subjects.
    public var subjects: Int { bothYes + firstOnly + secondOnly + bothNo }

    /// The share of subjects on whom both readers agree.
    public var observedAgreement: CountedShare {
        CountedShare(bothYes + bothNo, of: subjects, else: .nobodyCounted)
    }

    /// Cohen's kappa: agreement beyond chance over what chance leaves, -1 to 1 (Cohen 1960).
    ///
    /// Undefined when chance alone agrees completely: both readers gave everybody the same answer.
    public var kappa: Figure {
        guard subjects > 0 else { return .undefined(.nobodyCounted) }
        guard bothYes < subjects, bothNo < subjects else { return .undefined(.readersAgreeByChanceAlone) }
        let all = Double(subjects)
        let chance = chanceAgreement
        return .value((Double(bothYes + bothNo) / all - chance) / (1 - chance))
    }

    /// The share on whom readers with these shares of yes would agree by chance.
    private var chanceAgreement: Double {
        let all = Double(subjects)
        let yes = (Double(bothYes + firstOnly) / all, Double(bothYes + secondOnly) / all)
        return yes.0 * yes.1 + (1 - yes.0) * (1 - yes.1)
    }

    /// The large-sample standard error of kappa (Fleiss, Cohen and Everitt 1969).
    ///
    /// It is here to follow printed intervals; limits made from it can leave -1 to 1, which the bootstrap's cannot.
    public var kappaStandardError: Figure {
        guard let kappa = kappa.value else { return kappa }
        let all = Double(subjects)
        let (both, first, second, none) = (
            Double(bothYes) / all, Double(firstOnly) / all, Double(secondOnly) / all, Double(bothNo) / all
        )
        let yes = (first: both + first, second: both + second)
        let rest = 1 - kappa
        func onDiagonal(_ share: Double, _ sum: Double) -> Double {
            let part = 1 - sum * rest
            return share * part * part
        }
        let sum = yes.first + yes.second
        let diagonal = onDiagonal(both, sum) + onDiagonal(none, 2 - sum)
        let crossed = (1 - yes.second + yes.first, 1 - yes.first + yes.second)
        let beside = rest * rest * (second * crossed.0 * crossed.0 + first * crossed.1 * crossed.1)
        let chance = chanceAgreement
        let middle = kappa - chance * rest
        let variance = max(0, diagonal + beside - middle * middle) / ((1 - chance) * (1 - chance) * all)
        return .value(variance.squareRoot())
    }

    /// Agreement on yes: twice the shared yes over all yes (Cicchetti and Feinstein 1990).
    public var positiveAgreement: Figure {
        Figure(2 * bothYes, of: 2 * bothYes + firstOnly + secondOnly, else: .positiveByNeitherReader)
    }

    /// Agreement on no: twice the shared no over all no.
    public var negativeAgreement: Figure {
        Figure(2 * bothNo, of: 2 * bothNo + firstOnly + secondOnly, else: .negativeByNeitherReader)
    }

    /// The share of yes among all answers of both readers.
    public var prevalence: Figure {
        Figure(2 * bothYes + firstOnly + secondOnly, of: 2 * subjects, else: .nobodyCounted)
    }
}

extension PairedReadings {
    /// A bootstrap interval of kappa, with what it rests on.
    public struct KappaInterval: Sendable, Hashable, Encodable {
        /// The limits, within -1 to 1.
        public var limits: Limits
        /// The seed of the resamples.
        public var seed: UInt64
        /// Resamples that were drawn.
        public var resamples: Int
        /// Resamples that have no kappa, because both readers gave everybody the same answer; left out.
        public var resamplesWithoutKappa: Int
    }

    /// The share of resamples that must have a kappa (project choice: with fewer the quantiles speak of a selection).
    private static let leastDefined = 0.5

    /// The 2.5 and 97.5 % quantiles of kappa over resamples of the subjects, clipped to -1 to 1.
    ///
    /// - Throws: `resamplesOutOfRange`.
    public func kappaInterval(seed: UInt64, resamples: Int = usualResamples) throws(CohortError) -> KappaInterval {
        guard Self.resamples.contains(resamples) else { throw .resamplesOutOfRange(resamples) }
        let method = "bootstrap, percentiles, \(resamples) resamples, seed \(seed)"
        guard kappa.value != nil, case let all = subjects else {
            let reason: UndefinedReason = subjects == 0 ? .nobodyCounted : .readersAgreeByChanceAlone
            return KappaInterval(
                limits: .undefined(reason, method), seed: seed, resamples: 0, resamplesWithoutKappa: 0)
        }
        var numbers = SeededNumbers(seed: seed)
        let ends = (bothYes, bothYes + firstOnly, bothYes + firstOnly + secondOnly)
        var kappas: [Double] = []
        for _ in 0..<resamples {
            var drawn = [0, 0, 0, 0]
            for _ in 0..<all {
                let one = numbers.below(all)
                drawn[one < ends.0 ? 0 : one < ends.1 ? 1 : one < ends.2 ? 2 : 3] += 1
            }
            if let value = PairedReadings(drawn).kappa.value { kappas.append(min(1, max(-1, value))) }
        }
        let without = resamples - kappas.count
        guard Double(kappas.count) >= Self.leastDefined * Double(resamples) else {
            return KappaInterval(
                limits: .undefined(.tooFewResamples, method), seed: seed, resamples: resamples,
                resamplesWithoutKappa: without)
        }
        kappas.sort()
        let tail = (1 - Limits.level) / 2
        return KappaInterval(
            limits: Limits(
                lower: .value(Self.quantile(kappas, tail)), upper: .value(Self.quantile(kappas, 1 - tail)),
                method: method), seed: seed, resamples: resamples, resamplesWithoutKappa: without)
    }

    /// A quantile of sorted values, between neighbours by their distance (Hyndman and Fan 1996, type 7).
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
}
