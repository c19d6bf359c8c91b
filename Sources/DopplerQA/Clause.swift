public import ProbeSimulator

/// One clause of quality assurance: something that standards say how to measure, with the project's own limit.
public struct Clause: Sendable {
    /// Its name on the command line.
    public let name: String
    /// The standard's heading under which it falls.
    public let heading: String
    /// The limit in words.
    public let limit: String
    private let body: @Sendable (ClauseRun) throws(QAError) -> ClauseOutcome

    /// A clause from its parts.
    public init(
        name: String, heading: String, limit: String,
        _ body: @escaping @Sendable (ClauseRun) throws(QAError) -> ClauseOutcome
    ) {
        self.name = name
        self.heading = heading
        self.limit = limit
        self.body = body
    }

    /// Runs it.
    public func result(_ run: ClauseRun) throws(QAError) -> ClauseResult {
        ClauseResult(clause: self, outcome: try body(run))
    }

    /// All clauses, in the order of the table.
    public static let all: [Clause] = [
        .toneReadout, .meanVelocity, .steadyEnvelope, .pulsatileEnvelope, .directionSeparation, .wrongDirection,
        .lowestVelocity, .wall, .refluxDuration, .falseReflux, .aliasing, .area, .timeAxis, .marker,
    ]

    /// The clauses of these names; all when none is given.
    public static func named(_ names: [String]) throws(QAError) -> [Clause] {
        guard !names.isEmpty else { return all }
        var found: [Clause] = []
        for name in names {
            guard let clause = all.first(where: { $0.name == name }) else {
                throw .unknownClause(name, known: all.map(\.name))
            }
            found.append(clause)
        }
        return found
    }
}

/// What a clause is run with.
public struct ClauseRun: Sendable {
    /// The chain under test.
    public var chain: QAChain
    /// The settings.
    public var setups: QASetups
    /// How many scenes.
    public var counts: SceneCounts
    /// What all chance depends on.
    public var seed: UInt64
    /// Length of the recording on which the time axis is checked, seconds.
    public var timeAxisSeconds = ClauseRun.statedTimeAxisSeconds

    /// The length that the time axis clause states, seconds.
    public static let statedTimeAxisSeconds = 600.0

    /// The grid of the pictures in which areas are measured.
    public var pictureGrid = ClauseRun.statedPictureGrid

    /// The grid that the area clause states: 38.4 by 40 mm, a line each 0.15 mm.
    public static let statedPictureGrid = PictureGrid(
        lines: 256, samplesPerLine: 1024, depthMm: 40, linePitchMm: 0.15)

    /// A run from its parts.
    public init(
        chain: QAChain = .standard, setups: QASetups, counts: SceneCounts = .full, seed: UInt64 = 1
    ) {
        self.chain = chain
        self.setups = setups
        self.counts = counts
        self.seed = seed
    }

    /// The seed of one scene: another for each clause, group and index.
    func seed(_ group: Int, _ index: Int) -> UInt64 {
        let stride: UInt64 = 1_000_003
        return seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: group) &* stride
            &+ UInt64(truncatingIfNeeded: index)
    }
}

/// How many scenes a clause makes.
public enum SceneCounts: Sendable, Hashable {
    /// As many as the clause states.
    case full
    /// A twentieth.
    case quick
    /// This many in each group, 1 or more.
    case seeds(Int)

    /// The number of scenes where the clause states `stated`.
    func of(_ stated: Int) -> Int {
        let quickShare = 20
        switch self {
        case .full: return stated
        case .quick: return max(1, (stated + quickShare - 1) / quickShare)
        case .seeds(let count): return max(1, count)
        }
    }
}
