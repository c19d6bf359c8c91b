/// The B-mode picture that a lumen area was measured in.
public struct AreaPicture: Sendable, Hashable, Codable {
    /// Name of the recording's file, without folders.
    public var recordingFile: String
    /// SHA-256 of the recording's file, lower-case hexadecimal.
    public var sha256: String
    /// The picture, counted from 0 among those that were recorded.
    public var frame: Int
    /// When the picture was made, since the start of the recording, seconds.
    public var seconds: Double
    /// Standard uncertainty of the reading alone, mm2, 0 or above.
    public var uncertaintyMm2: Double
    /// The outline that encloses the area: across and depth in turn, mm; `nil` = not kept.
    public var outlineMm: [Double]?
    /// Whether the picture is simulated; `nil` counts as no.
    public var isSimulated: Bool?

    /// A picture from its fields.
    public init(
        recordingFile: String, sha256: String, frame: Int, seconds: Double, uncertaintyMm2: Double,
        outlineMm: [Double]? = nil, isSimulated: Bool? = nil
    ) {
        self.recordingFile = recordingFile
        self.sha256 = sha256
        self.frame = frame
        self.seconds = seconds
        self.uncertaintyMm2 = uncertaintyMm2
        self.outlineMm = outlineMm
        self.isSimulated = isSimulated
    }

    /// Where the area comes from, in words: `frame 12 at 0.48 s of neck.dbrec (SHA-256 3f29a07c1b22), ±2.1 mm²`.
    public var words: String {
        "frame \(frame) at \(decimalText(seconds, places: 2)) s of \(recordingFile) (SHA-256 "
            + "\(sha256.prefix(Self.shownHashLength))), \u{B1}\(decimalText(uncertaintyMm2, places: 1)) mm²"
            + (isSimulated == true ? ", simulated" : "")
    }

    /// Characters of a SHA-256 that a person is shown; the whole one is in `exam.json` (project choice).
    private static let shownHashLength = 12
}

/// A value of an area that another has taken the place of: kept, listed and never scored.
public struct SupersededArea: Sendable, Hashable, Codable {
    /// How far the area was examined.
    public var status: ExaminationStatus
    /// Why it could not be assessed.
    public var reason: String?
    /// Area, mm2.
    public var areaMm2: Double?
    /// How it was found.
    public var method: AreaMethod?
    /// When in the breath it was measured.
    public var breathingPhase: BreathingPhase?
    /// Confidence of an automatic contour, 0 to 1.
    public var confidence: Double?
    /// Whether a person corrected the automatic contour.
    public var isCorrected: Bool?
    /// The recording of the picture.
    public var recordingID: String?
    /// The picture that it was measured in.
    public var picture: AreaPicture?
    /// When it was superseded, ISO 8601 with offset.
    public var supersededAt: String

    /// What an area held, at the time when another took its place.
    public init(_ area: LumenArea, at time: String) {
        status = area.status
        reason = area.reason
        areaMm2 = area.areaMm2
        method = area.method
        breathingPhase = area.breathingPhase
        confidence = area.confidence
        isCorrected = area.isCorrected
        recordingID = area.recordingID
        picture = area.picture
        supersededAt = time
    }
}

extension ExamMeasurements {
    /// Puts an area in the place of the one that stands for the same place, which stays listed as superseded.
    ///
    /// - Parameter time: ISO 8601 with offset.
    public mutating func supersede(with area: LumenArea, at time: String) {
        lumenAreas = lumenAreas.superseding(with: area, at: time)
    }

    /// The areas that were measured in pictures or superseded others, in words; empty where none was.
    public var areaLines: [String] {
        lumenAreas.compactMap { area in
            guard area.picture != nil || area.superseded?.isEmpty == false else { return nil }
            let size = area.areaMm2.map { "\(shortDecimalText($0, places: 1)) mm²" } ?? area.status.words
            let now = "\(size) (\(area.methodWords))" + (area.picture.map { ", \($0.words)" } ?? "")
            let earlier = (area.superseded ?? []).map { "; superseded \($0.supersededAt): \($0.words)" }
            return "\(area.placeName): \(now)\(earlier.joined())"
        }
    }
}

extension [LumenArea] {
    /// The areas with one put in the place of the one that stands for the same place.
    ///
    /// - Parameter time: ISO 8601 with offset.
    public func superseding(with area: LumenArea, at time: String) -> [LumenArea] {
        guard let place = firstIndex(where: { $0.itemID == area.itemID }) else { return self + [area] }
        var areas = self
        var area = area
        area.superseded = [SupersededArea(self[place], at: time)] + (self[place].superseded ?? [])
        areas[place] = area
        return areas
    }
}

extension SupersededArea {
    /// The value in words: `60 mm² (entered)`.
    var words: String {
        guard let areaMm2 else { return status.words + (reason.map { " (\($0))" } ?? "") }
        return "\(shortDecimalText(areaMm2, places: 1)) mm² (\((method ?? .entered).rawValue))"
            + (picture.map { ", \($0.words)" } ?? "")
    }
}

extension LumenArea {
    /// Where: `left J2 supine`.
    fileprivate var placeName: String { "\(side.rawValue) \(level.rawValue.uppercased()) \(posture.rawValue)" }
}
