/// Flow measures as another view of an exam, each against its published cut-off: shown, never scored.
public struct FlowView: Sendable, Hashable, Codable {
    /// The flow of each vein and posture that is known.
    public var figures: [Figure]
    /// The outflow of both jugular veins at J2 and both vertebral veins, by posture.
    public var totals: [Total]
    /// The measures with their cut-offs.
    public var measures: [Measure]

    /// One flow.
    public struct Figure: Sendable, Hashable, Codable {
        /// The site's id.
        public var siteID: String
        /// The site in words.
        public var name: String
        /// Flow, mL/min.
        public var mlPerMin: Double
        /// How it was found.
        public var method: FlowMethod

        /// A flow from its fields.
        public init(siteID: String, name: String, mlPerMin: Double, method: FlowMethod) {
            self.siteID = siteID
            self.name = name
            self.mlPerMin = mlPerMin
            self.method = method
        }
    }

    /// The outflow of the neck in one posture.
    public struct Total: Sendable, Hashable, Codable {
        /// The posture.
        public var posture: Posture
        /// Outflow, mL/min; `nil` while a vein is missing.
        public var mlPerMin: Double?
        /// The veins whose flow is missing.
        public var missing: [String]

        /// An outflow from its fields.
        public init(posture: Posture, mlPerMin: Double?, missing: [String]) {
            self.posture = posture
            self.mlPerMin = mlPerMin
            self.missing = missing
        }
    }

    /// One measure.
    public struct Measure: Sendable, Hashable, Codable {
        /// What it is: `outflow, supine minus sitting`.
        public var name: String
        /// Its value; `nil` while something is missing.
        public var value: Double?
        /// Its unit: `mL/min`, or empty for a share.
        public var unit: String
        /// The published cut-off, in words.
        public var cutOff: String
        /// What the value says against it, in words; `not known` while something is missing.
        public var reading: String
        /// Where the cut-off was published.
        public var citation: String

        /// A measure from its fields.
        public init(
            name: String, value: Double?, unit: String, cutOff: String, reading: String, citation: String
        ) {
            self.name = name
            self.value = value
            self.unit = unit
            self.cutOff = cutOff
            self.reading = reading
            self.citation = citation
        }
    }

    /// A view from its parts.
    public init(figures: [Figure] = [], totals: [Total] = [], measures: [Measure] = []) {
        self.figures = figures
        self.totals = totals
        self.measures = measures
    }
}

extension FlowView {
    /// Supine minus sitting outflow at or below it was seen in 38 of 54 MS, 9 of 31 healthy people (Monti 2014), mL/min.
    static let outflowDifferenceCutOffMlPerMin = 503.24
    /// Bounds of the drainage types by the jugular share of the arterial inflow (Doepp 2004, Neuroradiology 46:565).
    static let drainageShares = (third: 1.0 / 3, twoThirds: 2.0 / 3)
    /// mL/min of 1 mm2 and 1 cm/s: 0.01 cm2 times 1 cm/s times 60 s.
    private static let mlPerMinPerMm2CmPerS = 0.6

    /// The flow view of measurements.
    init(_ measurements: ExamMeasurements) {
        let flows = Self.flows(measurements)
        figures = flows.map {
            Figure(siteID: $0.site.id, name: $0.site.name, mlPerMin: $0.mlPerMin, method: $0.method)
        }
        let known = Dictionary(flows.map { ($0.site.id, $0.mlPerMin) }) { first, _ in first }
        func sum(_ sites: [ExamSite]) -> (sum: Double?, missing: [String]) {
            let missing = sites.filter { known[$0.id] == nil }.map(\.name)
            let sum = sites.compactMap { known[$0.id] }.reduce(0, +)
            return (missing.isEmpty && sum.isFinite ? sum : nil, missing)
        }
        totals = Posture.allCases.map { posture in
            let total = sum(Self.jugular(posture) + Side.allCases.map { ExamSite(.vertebral, $0, posture) })
            return Total(posture: posture, mlPerMin: total.sum, missing: total.missing)
        }
        measures = []
        guard !flows.isEmpty else { return }
        let supine = totals.first { $0.posture == .supine }?.mlPerMin
        let sitting = totals.first { $0.posture == .sitting }?.mlPerMin
        measures = [
            Self.difference(supine, sitting),
            Self.drainage(sum(Self.jugular(.supine)).sum, measurements.arterialInflowSupineMlPerMin),
        ]
    }

    /// The jugular sites whose flow counts: J2 of both sides.
    private static func jugular(_ posture: Posture) -> [ExamSite] {
        Side.allCases.map { ExamSite(.internalJugular, $0, level: .j2, posture) }
    }

    /// The flows that were entered, then those that follow from area and mean velocity of a jugular vein.
    private static func flows(_ measurements: ExamMeasurements) -> [VolumeFlow] {
        let entered = Set(measurements.volumeFlows.map(\.site.id))
        let derived = measurements.observations.compactMap { observation -> VolumeFlow? in
            let site = observation.site
            guard site.vein == .internalJugular, let level = site.level, !entered.contains(site.id),
                let velocityCmPerS = observation.flow == .absent ? 0 : observation.meanVelocityCmPerS,
                let areaMm2 = measurements.lumenAreas.first(where: {
                    $0.side == site.side && $0.level == level && $0.posture == site.posture
                })?.areaMm2
            else { return nil }
            let mlPerMin = areaMm2 * velocityCmPerS * mlPerMinPerMm2CmPerS
            guard mlPerMin.isFinite else { return nil }
            return VolumeFlow(
                site: site, mlPerMin: mlPerMin, method: .areaTimesVelocity, recordingID: observation.recordingID)
        }
        return measurements.volumeFlows + derived
    }

    private static func difference(_ supine: Double?, _ sitting: Double?) -> Measure {
        var measure = Measure(
            name: "outflow, supine minus sitting", value: nil, unit: "mL/min", cutOff: "at most 503.24 mL/min",
            reading: "not known",
            citation: "Monti L et al. AJNR 2014;35:1381: sensitivity 70.4 %, specificity 71.0 % for MS")
        guard let supine, let sitting else { return measure }
        let difference = supine - sitting
        guard difference.isFinite else { return measure }
        measure.value = difference
        measure.reading =
            difference <= outflowDifferenceCutOffMlPerMin ? "at or below the cut-off" : "above the cut-off"
        return measure
    }

    private static func drainage(_ jugular: Double?, _ arterialInflow: Double?) -> Measure {
        var measure = Measure(
            name: "drainage type: jugular share of the arterial inflow, supine", value: nil, unit: "",
            cutOff: "type 1 above 2/3, type 2 from 1/3 to 2/3, type 3 below 1/3", reading: "not known",
            citation: "Doepp F et al. Neuroradiology 2004;46:565: 72, 22 and 6 % of 50 healthy people")
        guard let jugular, let arterialInflow, arterialInflow > 0 else { return measure }
        let share = jugular / arterialInflow
        guard share.isFinite else { return measure }
        measure.value = share
        measure.reading =
            share > drainageShares.twoThirds ? "type 1" : share >= drainageShares.third ? "type 2" : "type 3"
        return measure
    }
}
