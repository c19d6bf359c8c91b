import ProbeLink
import VesselImaging

/// The JSON document of `image`; what was not measured is absent, and `answer` says why.
struct ImageDocument: Encodable {
    /// The contour's or outline's confidence.
    struct Confidence: Encodable {
        var edgeStrengthDb: Double
        var closedShare: Double
        var ellipseAgreement: Double
        var darkBeyondShare: Double
        var diameterOverResolution: Double
        var doubts: [ContourConfidence.Doubt]
    }

    var recording: String
    var origin: SourceOrigin
    var site: String
    var frame: Int
    var frameIndex: UInt32
    var pulseIndex: UInt64
    var seconds: Double
    var lines: Int
    var samplesPerLine: Int
    var depthMm: Double
    var linePitchMm: Double
    var missingLines: [[Int]]
    var wholeFrames: UInt64
    var incompleteFrames: UInt64
    var missingFrames: UInt64
    /// `measured`, `notAssessable`, `notFound`, or `notAskedFor`.
    var answer: String
    var reason: String?
    var area: AreaMeasurement?
    var confidence: Confidence?
    var ellipse: Ellipse?
    var outline: [PicturePoint]

    init(_ pictures: RecordedPictures, _ measured: LumenReading) {
        recording = pictures.path
        origin = pictures.origin
        site = pictures.siteID
        frame = pictures.number
        frameIndex = pictures.picture.frameIndex
        pulseIndex = pictures.picture.pulseIndex
        seconds = pictures.picture.seconds
        lines = pictures.frame.lines
        samplesPerLine = pictures.frame.samplesPerLine
        depthMm = pictures.frame.depthMm
        linePitchMm = pictures.frame.linePitchMm
        missingLines = pictures.frame.missingLines.map { [$0.lowerBound, $0.upperBound - 1] }
        wholeFrames = pictures.counters.wholeFrames
        incompleteFrames = pictures.counters.incompleteFrames
        missingFrames = pictures.counters.missingFrames
        area = measured.area
        outline = measured.outline
        reason = measured.problem
        switch measured.answer {
        case .measured(let contour):
            answer = "measured"
            ellipse = contour.ellipse
            let found = contour.confidence
            confidence = Confidence(
                edgeStrengthDb: found.edgeStrengthDb, closedShare: found.closedShare,
                ellipseAgreement: found.ellipseAgreement, darkBeyondShare: found.darkBeyondShare,
                diameterOverResolution: found.diameterOverResolution,
                doubts: found.doubts)
        case .notAssessable: answer = "notAssessable"
        case .notFound: answer = "notFound"
        case nil: answer = measured.area == nil ? "notAskedFor" : "measured"
        }
    }

    /// A figure with one digit behind the point.
    static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    /// A figure with two digits behind the point.
    static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
