/// What was measured of one gate, column by column; `nil` is "not measured".
///
/// Velocities and shifts are positive towards the transducer.
public struct VelocityCourse: Sendable, Hashable {
    /// Which gate, from 0.
    public var gate: Int
    /// Depth of the gate's centre, mm; `nil` = not known.
    public var depthMm: Double?
    /// Time of each column's middle since the first pulse, seconds.
    public var timeSeconds: [Double]
    /// Mean Doppler shift, Hz.
    public var meanShiftHz: [Double?]
    /// Maximum shift towards the transducer, Hz.
    public var envelopeTowardsHz: [Double?]
    /// Maximum shift away from the transducer, Hz, 0 or below.
    public var envelopeAwayHz: [Double?]
    /// Mean velocity, cm/s; all `nil` where no velocity scale is known.
    public var meanVelocityCmPerS: [Double?]
    /// Maximum velocity towards the transducer, cm/s.
    public var envelopeTowardsCmPerS: [Double?]
    /// Maximum velocity away from the transducer, cm/s, 0 or below.
    public var envelopeAwayCmPerS: [Double?]
    /// `towards`, `away` or `none` (no flow detected).
    public var direction: [String]
    /// What else is known of each column, words parted by blanks.
    public var flags: [String]

    /// A course without columns.
    public init(gate: Int, depthMm: Double?) {
        self.gate = gate
        self.depthMm = depthMm
        timeSeconds = []
        meanShiftHz = []
        envelopeTowardsHz = []
        envelopeAwayHz = []
        meanVelocityCmPerS = []
        envelopeTowardsCmPerS = []
        envelopeAwayCmPerS = []
        direction = []
        flags = []
    }

    /// One kind of figure, with its unit in its name.
    struct Series {
        var name: String
        var values: [Double?]
    }

    /// The figures, in the order in which every format gives them.
    var series: [Series] {
        [
            Series(name: "mean_shift_hz", values: meanShiftHz),
            Series(name: "envelope_towards_hz", values: envelopeTowardsHz),
            Series(name: "envelope_away_hz", values: envelopeAwayHz),
            Series(name: "mean_velocity_cm_per_s", values: meanVelocityCmPerS),
            Series(name: "envelope_towards_cm_per_s", values: envelopeTowardsCmPerS),
            Series(name: "envelope_away_cm_per_s", values: envelopeAwayCmPerS),
        ]
    }
}

/// What was measured of a recording: how, and of each gate.
public struct VelocityCourses: Sendable {
    /// Seconds from one column to the next.
    public var columnSeconds: Double
    /// The wall filter, Hz.
    public var wallFilterHz: Double
    /// The way in which the envelope was found.
    public var envelopeMethod: String
    /// Whether velocities are known; else only shifts are.
    public var hasVelocities: Bool
    /// Each gate.
    public var gates: [VelocityCourse]

    /// Courses from their parts.
    public init(
        columnSeconds: Double, wallFilterHz: Double, envelopeMethod: String, hasVelocities: Bool,
        gates: [VelocityCourse]
    ) {
        self.columnSeconds = columnSeconds
        self.wallFilterHz = wallFilterHz
        self.envelopeMethod = envelopeMethod
        self.hasVelocities = hasVelocities
        self.gates = gates
    }
}
