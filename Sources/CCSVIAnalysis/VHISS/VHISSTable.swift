internal import StrictYAML

/// How a severity score is counted: data, with its provenance.
///
/// A site may load a table of its own; what a part can count is a closed list.
public struct VHISSTable: Sendable, Hashable {
    /// Id, version, title and provenance.
    public var reference: Reference
    /// Whether this is known to be the published table.
    public var isVerified: Bool
    /// The parts, in the order of the file.
    public var parts: [Part]

    /// One part of a table.
    public struct Part: Sendable, Hashable {
        /// The part's name: `veins`.
        public var name: String
        /// What it counts, in words.
        public var counts: String
        /// What it counts.
        public var cells: Cells
        /// Points for each abnormal cell.
        public var pointsEach: Int
        /// The most points that the part can give.
        public var atMost: Int
    }

    /// What a part can count; the thresholds are those of the definition in use.
    public enum Cells: String, Sendable, Hashable, CaseIterable {
        /// Neck vein, side and posture with reflux of criterion 1 or absent flow at any level: 8 cells.
        case neckVeinPostureRefluxOrAbsence
        /// Neck vein, side and posture with reflux of criterion 1 at any level: 8 cells.
        case neckVeinPostureReflux
        /// Neck vein, side and posture with absent flow at any level: 8 cells.
        case neckVeinPostureAbsence
        /// Neck vein and side that alone meets criterion 1: 4 cells.
        case neckVeinReflux
        /// Neck vein and side that alone meets criterion 4: 4 cells.
        case neckVeinAbsence
        /// Side of the window and posture with reflux of criterion 2: 4 cells.
        case intracranialSidePosture
        /// Side of the window with reflux of criterion 2 in any posture: 2 cells.
        case intracranialSide
        /// Internal jugular vein with a finding of criterion 3: 2 cells.
        case jugularStenosis
        /// Internal jugular vein with a negative difference of its area: 2 cells.
        case jugularNegativeDelta
    }
}

extension VHISSTable {
    /// The schema number of table files.
    static let schema = 1
    /// The most points of a part or a cell (project choice: the published range ends at 16).
    private static let points = 1...100

    /// The table that is used unless another is asked for: `segments-v1`, a reconstruction and not verified.
    ///
    /// - Throws: what is wrong in the embedded file, which only a damaged build has.
    public static func segmentsV1() throws(AnalysisError) -> VHISSTable {
        try parse(segmentsV1Text, file: "Tables/segments-v1.yaml")
    }

    /// The file of `segments-v1`, for a site that wants to begin its own from it.
    public static var segmentsV1Text: String { String(decoding: PackageResources.segments_v1_yaml, as: UTF8.self) }

    /// Reads a table; unknown keys, missing keys and wrong values are refused together, each at its place.
    public static func parse(_ text: String, file: String) throws(AnalysisError) -> VHISSTable {
        do {
            let log = YAMLLog()
            var reader = ParameterReader(YAMLMap(try YAMLValue.parse(text, file: file), log: log), log: log)
            let reference = reader.reference(schema: schema, citationKey: "provenance")
            let isVerified = reader.map.bool("verified") ?? false
            let items = reader.map.list("parts")
            if items.isEmpty { log.note("`parts` must hold at least one", at: reader.map.value) }
            let parts = items.compactMap { part($0, log) }
            if Set(parts.map(\.name)).count != parts.count { log.note("two parts have one name", at: reader.map.value) }
            reader.map.finish()
            try log.throwIfAny()
            return VHISSTable(reference: reference, isVerified: isVerified, parts: parts)
        } catch {
            throw AnalysisError.notReadable(error)
        }
    }

    private static func part(_ value: YAMLValue, _ log: YAMLLog) -> Part? {
        var map = YAMLMap(value, log: log)
        defer { map.finish() }
        let name = map.string("name")
        let counts = map.string("counts")
        let cells = map.choice("cells", of: Cells.self)
        let pointsEach = map.int("pointsEach", in: points)
        let atMost = map.int("atMost", in: points)
        guard let name, let counts, let cells, let pointsEach, let atMost else { return nil }
        return Part(name: name, counts: counts, cells: cells, pointsEach: pointsEach, atMost: atMost)
    }
}
