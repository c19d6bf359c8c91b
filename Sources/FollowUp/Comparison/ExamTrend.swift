public import CCSVIAnalysis
internal import DopplerDSP

/// Three exams of one subject or more, in order.
public struct ExamTrend: Sendable, Hashable, Encodable {
    /// Where a quantity goes.
    public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
        /// Every number is at least the one before it, and the last lies above the first by more than their error.
        case rising
        /// Every number is at most the one before it, and the last lies below the first by more than their error.
        case falling
        /// Neither.
        case noClearTrend
        /// The error of the first or the last number is not known.
        case errorNotKnown
    }

    /// One quantity at one step through all exams.
    public struct Line: Sendable, Hashable, Encodable {
        /// The step's id.
        public var id: String
        /// The step in words.
        public var name: String
        /// The quantity.
        public var quantity: FollowUpQuantity
        /// What each exam says.
        public var values: [StepValue]
        /// Where it goes; `nil` with fewer than three numbers that can be compared.
        public var direction: Direction?
        /// The slope of the straight line through the numbers by least squares, in the quantity's unit for each year;
        /// `nil` with fewer than three numbers that can be compared.
        public var slopePerYear: Double?
        /// Why there is none.
        public var reason: String?
    }

    /// The numbers that a trend needs (project choice: two are a comparison).
    static let leastNumbers = 3
    /// Days of a year.
    private static let daysPerYear = 365.25

    /// The format's name and version.
    public static let schemaID = "dopplerbridge-follow-up-1"

    /// The JSON Schema of the document, as text.
    public static var jsonSchema: String {
        String(decoding: PackageResources.follow_up_schema_json, as: UTF8.self)
    }

    /// `dopplerbridge-follow-up-1`.
    public var schema = ExamTrend.schemaID
    /// The exams.
    public var exams: [ComparedExam]
    /// Days since the first exam.
    public var days: [Double]
    /// Each exam with the one before it.
    public var comparisons: [ExamComparison]
    /// The quantities.
    public var lines: [Line]

    /// The trend of two exams or more; with two it is their comparison and no lines.
    ///
    /// - Throws: `tooFewExams`, `differentSubjects`, `sameExam`, `timeUnreadable`, `sameTime`.
    public init(_ exams: [Exam], history: [Intervention] = []) throws(FollowUpError) {
        let ordered = try ExamTimes(exams).ordered
        self.exams = ordered.map { ComparedExam($0.exam) }
        let first = ordered[0].instant
        days = ordered.map { first.days(to: $0.instant) }
        comparisons = zip(ordered, ordered.dropFirst()).map { ExamComparison($0, $1, history: history) }
        lines = []
        guard ordered.count >= Self.leastNumbers else { return }
        let readings = ordered.map { StepReading($0.exam) }
        var seen: Set<[String]> = []
        for step in comparisons.flatMap(\.steps) where seen.insert([step.id, step.quantity.rawValue]).inserted {
            lines.append(line(step, readings))
        }
    }

    private func line(_ step: ExamComparison.Step, _ readings: [StepReading]) -> Line {
        let values = readings.map { reading in
            switch step.quantity {
            case .meanVelocity: reading.velocity(step.id)
            case .longestReflux: reading.reflux(step.id)
            case .lumenArea: reading.area(step.id)
            case .volumeFlow, .flowShare: reading.flow.value(step.id)
            }
        }
        var line = Line(id: step.id, name: step.name, quantity: step.quantity, values: values)
        let points = zip(days, values).compactMap { day, value in value.value.map { (day: day, value: $0) } }
        let obstacles = comparisons.flatMap(\.steps).filter {
            $0.id == step.id && $0.quantity == step.quantity && $0.earlier.value != nil && $0.later.value != nil
                && $0.difference.state == .notComparable
        }
        if let obstacle = obstacles.first {
            line.reason = obstacle.difference.reason
        } else if points.count < Self.leastNumbers {
            line.reason = "\(points.count) of \(values.count) exams have a number"
        } else {
            line.slopePerYear = Self.slope(points).map { $0 * Self.daysPerYear }
            line.direction = Self.direction(values.filter { $0.value != nil })
        }
        return line
    }

    private static func slope(_ points: [(day: Double, value: Double)]) -> Double? {
        let count = Double(points.count)
        let middle = (
            day: points.reduce(0) { $0 + $1.day } / count, value: points.reduce(0) { $0 + $1.value } / count
        )
        let spread = points.reduce(0) { $0 + ($1.day - middle.day) * ($1.day - middle.day) }
        let product = points.reduce(0) { $0 + ($1.day - middle.day) * ($1.value - middle.value) }
        return spread > 0 ? product / spread : nil
    }

    private static func direction(_ values: [StepValue]) -> Direction {
        let numbers = values.compactMap(\.value)
        guard let first = values.first, let last = values.last else { return .noClearTrend }
        switch StepDifference.between(first, last).state {
        case .beyondError: break
        case .errorNotKnown: return .errorNotKnown
        default: return .noClearTrend
        }
        let steps = zip(numbers, numbers.dropFirst())
        if steps.allSatisfy({ $0 <= $1 }) { return .rising }
        return steps.allSatisfy { $0 >= $1 } ? .falling : .noClearTrend
    }
}
