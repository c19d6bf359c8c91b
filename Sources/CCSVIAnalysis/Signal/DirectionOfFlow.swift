internal import DopplerDSP

/// Which way flow runs with regard to the transducer, or why that cannot be told.
public enum DirectionOfFlow: Sendable, Hashable {
    /// Flow runs this way for most of the time outside reflux.
    case known(FlowDirection)
    /// No direction can be given, and why.
    case notAssessable(Reason)

    /// Why no direction can be given.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// All flow that was seen belongs to reflux.
        case onlyReflux
        /// Too little flow was seen outside reflux.
        case tooLittle
        /// Neither direction prevails.
        case bothWays

        /// The reason in words.
        public var words: String {
            switch self {
            case .onlyReflux: "all flow that was seen is reflux"
            case .tooLittle: "too little flow was seen outside reflux"
            case .bothWays: "flow runs both ways outside reflux, and neither prevails"
            }
        }
    }
}

/// Which way one column of a spectrogram shows flow.
struct DirectedColumn: Sendable, Hashable {
    /// Time of the column's middle, seconds.
    var centreSeconds: Double
    /// Whether flow in the normal direction prevails; `nil` = neither does.
    var isForward: Bool?

    /// One direction's power over the other's from which on it prevails (3 dB, project choice).
    private static let dominance = 2.0

    /// The direction of a column.
    init(_ column: DirectionalColumn) {
        centreSeconds = column.centreSeconds
        if column.forward > Self.dominance * column.reverse {
            isForward = true
        } else if column.reverse > Self.dominance * column.forward {
            isForward = false
        }
    }
}

/// The columns of a spectrogram with flow, split by direction.
struct DirectedFlow: Sendable, Hashable {
    /// The columns in the order of time, without aliased ones.
    var columns: [DirectedColumn]
    /// The direction that is normal at the site.
    var normalDirection: FlowDirection
    /// Distance of neighbouring columns, seconds.
    var hopSeconds: Double

    /// The columns with flow of a spectrogram.
    init(_ power: DirectionalPower, _ flowing: [Int], normalDirection: FlowDirection) {
        columns = flowing.map { power.columns[$0] }.filter { !$0.flags.contains(.aliased) }.map(DirectedColumn.init)
        self.normalDirection = normalDirection
        hopSeconds = power.hopSeconds
    }
}

extension FlowAssessment {
    /// Least flow outside reflux that gives a direction, seconds (project choice: about one heart beat).
    public static let leastDirectedSeconds = 1.0
    /// Share of that flow which has to run one way (project choice: three quarters of the time).
    public static let leastPrevailingShare = 0.75

    /// Which way flow runs outside reflux.
    public func direction(outside refluxes: [RefluxEpisode]) -> DirectionOfFlow {
        let (hopSeconds, normalDirection) = (directed.hopSeconds, directed.normalDirection)
        let spans = refluxes.compactMap { episode in
            episode.onsetSeconds.map { $0 - hopSeconds...$0 + max(episode.durationSeconds, 0) + hopSeconds }
        }
        let outside = directed.columns.filter { column in !spans.contains { $0.contains(column.centreSeconds) } }
        guard Double(outside.count) * hopSeconds >= Self.leastDirectedSeconds else {
            let isReflux = !spans.isEmpty && Double(directed.columns.count) * hopSeconds >= Self.leastDirectedSeconds
            return .notAssessable(isReflux ? .onlyReflux : .tooLittle)
        }
        let needed = Self.leastPrevailingShare * Double(outside.count)
        if Double(outside.count { $0.isForward == true }) >= needed { return .known(normalDirection) }
        guard Double(outside.count { $0.isForward == false }) >= needed else { return .notAssessable(.bothWays) }
        return .known(normalDirection == .towards ? .away : .towards)
    }
}
