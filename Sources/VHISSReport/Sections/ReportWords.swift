import CCSVIAnalysis
import DopplerDSP

extension Criterion {
    /// What speaks against the criterion.
    ///
    /// Baracchini et al., J Neurol 2012;259:2585-9 (European Society of Neurosonology); for C1 also Nedelmann et
    /// al. 2005, whose valve closure times under Valsalva give 0.46 + 3 x 0.14 = 0.88 s.
    var objection: String {
        switch self {
        case .c1: "0.88 s was derived at the jugular valve under Valsalva; not validated for spontaneous reflux."
        case .c2: "0.5 s comes from leg veins after cuff deflation; never validated inside the skull."
        case .c3: "0.3 cm² comes from intensive care; probe pressure and neck muscles change the area."
        case .c4: "Never validated; occurs in healthy people; depends on PRF, wall filter and gain."
        case .c5: "A difference of areas is not flow; external pressure and hydration change it."
        }
    }
}

extension CriterionOutcome {
    /// The colour of the words, which stand beside a sign.
    var ink: Ink {
        switch self {
        case .met: .met
        case .notMet: .text
        case .notExamined, .notAssessable: .open
        }
    }
}

extension Verdict {
    /// Why the counts give this verdict.
    func reason(open: Int) -> String {
        switch self {
        case .positive: "Two or more criteria are met; nothing that is open can undo that."
        case .negative: "Fewer than two criteria can be met, whatever the open ones would show."
        case .borderline: "One criterion is met and \(open) open: one more would make it positive."
        case .indeterminate: "No criterion is met and \(open) open: the exam does not decide."
        }
    }
}

extension EnvelopeMethod {
    /// The method in words.
    var words: String {
        switch self {
        case .noiseThreshold: "noise threshold"
        case .modifiedGeometric: "modified geometric"
        case .signalNoiseSlopeIntersection: "signal-noise slope intersection"
        case .percentile: "95th percentile"
        }
    }
}

extension String {
    /// The text with its first letter in upper case.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
