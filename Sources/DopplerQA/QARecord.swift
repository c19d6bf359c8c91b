public import Foundation

/// One run of quality assurance, dated, for the state file.
public struct QARecord: Sendable, Hashable, Codable {
    /// What was measured against.
    public enum Truth: String, Sendable, Hashable, Codable {
        /// The simulated test object.
        case testObject
        /// A string or flow phantom whose truth the operator entered.
        case phantom
    }

    /// When it was run.
    public var date: Date
    /// The program that ran it, with its version.
    public var software: String
    /// The chain's name and version.
    public var chain: String
    /// What was measured against.
    public var truth: Truth
    /// The recording's origin or file; `nil` for the test object.
    public var recording: String?
    /// The base of all seeds; `nil` for a phantom.
    public var seed: UInt64?
    /// Whether every clause was run with as many scenes as it states.
    public var isFull: Bool
    /// What each clause gave.
    public var results: [ClauseResult]

    /// A record from its fields.
    public init(
        date: Date, software: String, chain: String, truth: Truth, recording: String? = nil, seed: UInt64?,
        isFull: Bool, results: [ClauseResult]
    ) {
        self.date = date
        self.software = software
        self.chain = chain
        self.truth = truth
        self.recording = recording
        self.seed = seed
        self.isFull = isFull
        self.results = results
    }

    /// Whether no clause failed and at least one passed.
    public var isPassed: Bool {
        results.contains { $0.state == .passed } && !results.contains { $0.state == .failed }
    }
}

/// The state file: all runs that are kept, in the order in which they were made.
public struct QAHistory: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-qa-1"
    /// Runs that are kept; older ones are dropped (project choice: a weekly run for four years).
    public static let mostRuns = 200
    /// Longest state file that is read, bytes (project choice: twenty times what `mostRuns` runs take).
    public static let mostBytes = 64 << 20
    /// Age from which on an exam warns, months.
    public static let warningMonths = 6

    /// `dopplerbridge-qa-1`.
    public var schema: String
    /// The runs.
    public var runs: [QARecord]

    /// A history without runs.
    public init() {
        schema = Self.schemaID
        runs = []
    }

    /// Reads a state file.
    ///
    /// - Throws: `QAError.record` for bytes that are not such a file.
    public init(json: Data) throws(QAError) {
        guard json.count <= Self.mostBytes else { throw .record("it is longer than \(Self.mostBytes) bytes") }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do { self = try decoder.decode(QAHistory.self, from: json) } catch {
            throw .record("it is not a record of this program (\(error)); move it away and run again")
        }
        guard schema == Self.schemaID else { throw .record("its format is \(schema), not \(Self.schemaID)") }
    }

    /// The state file's bytes.
    ///
    /// - Throws: `QAError.record` when a figure cannot be written.
    public func json() throws(QAError) -> Data {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do { return try encoder.encode(self) + Data([UInt8(ascii: "\n")]) } catch {
            throw .record("a figure cannot be written: \(error)")
        }
    }

    /// Adds a run and drops the oldest when there are too many, but never the newest whole one.
    public mutating func add(_ run: QARecord) {
        runs.append(run)
        while runs.count > Self.mostRuns, let oldest = runs.firstIndex(where: { $0 != lastWhole }) {
            runs.remove(at: oldest)
        }
    }

    /// The newest run on a phantom or with every clause and scene; `nil` when there is none.
    ///
    /// A shortened run looks after a change; it does not take the place of a whole one.
    public var lastWhole: QARecord? {
        runs.filter { $0.isFull || $0.truth == .phantom }.max { $0.date < $1.date }
    }

    /// One line for an exam: when quality assurance was last run and how it ended, with a warning from six months on.
    ///
    /// - Parameter now: the time by the clock.
    public func statement(now: Date) -> (line: String, isWarning: Bool) {
        guard let last = lastWhole else {
            return ("quality assurance was never run in full: run `dopplerbridge qa`", true)
        }
        let day = Self.day(last.date)
        let truth = last.truth == .phantom ? "on a phantom" : "on the test object"
        guard last.isPassed else { return ("quality assurance of \(day) \(truth) failed: run it again", true) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let limit = calendar.date(byAdding: .month, value: Self.warningMonths, to: last.date)
        guard let limit, now <= limit else {
            return ("quality assurance \(truth) is older than six months (\(day)): run it again", true)
        }
        return ("quality assurance \(truth): passed on \(day)", false)
    }

    private static func day(_ date: Date) -> String { String(date.ISO8601Format().prefix(10)) }
}
