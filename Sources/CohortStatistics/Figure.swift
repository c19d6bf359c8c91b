/// A figure of a cohort: a number, a limit without end, or a reason why there is none.
///
/// It is never NaN and never 0 in the place of an unknown.
public enum Figure: Sendable, Hashable {
    /// A finite number.
    case value(Double)
    /// The data set no upper limit.
    case unbounded
    /// The figure does not exist, with the reason.
    case undefined(UndefinedReason)

    /// The number; `nil` where there is none.
    public var value: Double? {
        if case .value(let value) = self { return value }
        return nil
    }

    /// A number, or the reason where it is not finite.
    init(_ value: Double, else reason: UndefinedReason) {
        self = value.isFinite ? .value(value) : .undefined(reason)
    }

    /// A share, or the reason where nothing was counted.
    init(_ count: Int, of total: Int, else reason: UndefinedReason) {
        self = total > 0 ? .value(Double(count) / Double(total)) : .undefined(reason)
    }

    /// The same figure through a function of finite numbers.
    func map(_ change: (Double) -> Double, else reason: UndefinedReason) -> Figure {
        if case .value(let value) = self { return Figure(change(value), else: reason) }
        return self
    }
}

extension Figure: Encodable {
    private enum CodingKeys: String, CodingKey { case value, unbounded, undefined }

    /// Writes `{"value": 1.5}`, `{"unbounded": true}` or `{"undefined": "nobodyWithFinding"}`.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .value(let value): try fields.encode(value, forKey: .value)
        case .unbounded: try fields.encode(true, forKey: .unbounded)
        case .undefined(let reason): try fields.encode(reason, forKey: .undefined)
        }
    }
}

/// Why a figure does not exist.
public enum UndefinedReason: String, Sendable, Hashable, Codable, CaseIterable {
    case noCases, noControls, nobodyWithFinding, nobodyWithoutFinding
    case nobodyCounted, noSpread
    case readersAgreeByChanceAlone, positiveByNeitherReader, negativeByNeitherReader, tooFewResamples
    case noUsableStudy, onlyOneStudy

    /// The reason in words.
    public var words: String {
        switch self {
        case .noCases: "there are no cases"
        case .noControls: "there are no controls"
        case .nobodyWithFinding: "nobody has the finding"
        case .nobodyWithoutFinding: "everybody has the finding"
        case .nobodyCounted: "nobody was counted"
        case .noSpread: "every share is 0 or 1, which leaves no spread to estimate"
        case .readersAgreeByChanceAlone: "both readers gave everybody the same answer, which chance gives as well"
        case .positiveByNeitherReader: "no reader gave a positive answer"
        case .negativeByNeitherReader: "no reader gave a negative answer"
        case .tooFewResamples: "too few resamples have a kappa"
        case .noUsableStudy: "no study can be used"
        case .onlyOneStudy: "there is only one study"
        }
    }
}

/// The limits of a 95 % interval, and how they were found.
public struct Limits: Sendable, Hashable, Encodable {
    /// The lower limit.
    public var lower: Figure
    /// The upper limit.
    public var upper: Figure
    /// The method's name: `Woolf`.
    public var method: String

    /// Both limits missing for one reason.
    static func undefined(_ reason: UndefinedReason, _ method: String) -> Limits {
        Limits(lower: .undefined(reason), upper: .undefined(reason), method: method)
    }

    /// The share of an interval that all limits have, both sides together (convention of every paper compared with).
    static let level = 0.95
    /// The normal quantile of 97.5 %, rounded as the compared papers round it.
    static let normalQuantile = 1.96
}
