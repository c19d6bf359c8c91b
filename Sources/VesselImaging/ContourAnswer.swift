/// What the search for a contour has come to: these are three different things, and none stands for another.
public enum ContourAnswer: Sendable, Hashable {
    /// A lumen was found and measured; its confidence says how well.
    case measured(LumenContour)
    /// There may be a lumen, but it cannot be measured here.
    case notAssessable(NotAssessable)
    /// There is no lumen at the seed point.
    case notFound(contrastDb: Double)

    /// Why a lumen cannot be measured.
    public enum NotAssessable: Sendable, Hashable {
        /// The seed point lies outside the picture.
        case seedOutside
        /// Part of the contour lies outside the picture or on lines that did not arrive.
        case outsidePicture(share: Double)
        /// The dark stretch has no wall around it: a shadow, or a vessel along the plane.
        case noWall(areaMm2: Double)
        /// The lumen is thinner than what the picture resolves, as a collapsed vein is.
        case tooThin(shortDiameterMm: Double, resolvedMm: Double)
        /// Beyond much of the contour it is dark again: a septum or a leaflet divides the lumen.
        case divided(share: Double)
        /// Too little of the contour has an edge.
        case open(closedShare: Double)
    }
}

extension ContourAnswer.NotAssessable: CustomStringConvertible {
    /// The reason in words.
    public var description: String {
        switch self {
        case .seedOutside: "the seed point lies outside the picture"
        case .outsidePicture(let share):
            "\(Int((share * 100).rounded(.up))) % of the contour lie outside the picture or on missing lines"
        case .noWall(let areaMm2): "no wall within \(Int(areaMm2.rounded())) mm2 around the seed point"
        case .tooThin(let shortDiameterMm, let resolvedMm):
            "the lumen is \(Self.tenths(shortDiameterMm)) mm thin; \(Self.tenths(resolvedMm)) mm are resolved"
        case .divided(let share):
            "it is dark again beyond \(Int((share * 100).rounded())) % of the contour: a septum or leaflet divides the lumen"
        case .open(let closedShare): "only \(Int((closedShare * 100).rounded(.down))) % of the contour have an edge"
        }
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// A contour that was found.
public struct LumenContour: Sendable, Hashable, Codable {
    /// Its points in order, to be shown and corrected (as a `TracedOutline`).
    public var points: [PicturePoint]
    /// The area within.
    public var area: AreaMeasurement
    /// The ellipse of the same area and moments.
    public var ellipse: Ellipse
    /// How well it was found.
    public var confidence: ContourConfidence

    /// A contour from its parts.
    public init(points: [PicturePoint], area: AreaMeasurement, ellipse: Ellipse, confidence: ContourConfidence) {
        self.points = points
        self.area = area
        self.ellipse = ellipse
        self.confidence = confidence
    }
}

/// How well a contour was found.
public struct ContourConfidence: Sendable, Hashable, Codable {
    /// What lowers it.
    public enum Doubt: String, Sendable, Hashable, Codable, CaseIterable {
        /// The tissue around is hardly brighter than the lumen.
        case weakEdge
        /// Parts of the contour have no edge of their own.
        case notClosed
        /// The contour is far from an ellipse.
        case notAnEllipse
        /// Beyond part of the contour it is dark again: another vessel, or a septum or leaflet within this one.
        case darkBeyond
        /// The lumen is hardly thicker than what the picture resolves.
        case thin

        /// The doubt in words.
        public var words: String {
            switch self {
            case .weakEdge: "a weak edge"
            case .notClosed: "parts without an edge"
            case .notAnEllipse: "not an ellipse"
            case .darkBeyond: "dark again beyond it, as behind a septum"
            case .thin: "hardly thicker than the picture resolves"
            }
        }
    }

    /// Tissue just outside over the lumen, median around the contour, dB.
    public var edgeStrengthDb: Double
    /// Share of the contour that has an edge of its own, 0 to 1.
    public var closedShare: Double
    /// How well contour and ellipse cover each other, 1 = the same.
    public var ellipseAgreement: Double
    /// Share of the contour beyond which it is dark again, 0 to 1.
    public var darkBeyondShare: Double
    /// The shorter diameter over what the picture resolves.
    public var diameterOverResolution: Double

    /// A confidence from its parts.
    public init(
        edgeStrengthDb: Double, closedShare: Double, ellipseAgreement: Double, darkBeyondShare: Double,
        diameterOverResolution: Double
    ) {
        self.edgeStrengthDb = edgeStrengthDb
        self.closedShare = closedShare
        self.ellipseAgreement = ellipseAgreement
        self.darkBeyondShare = darkBeyondShare
        self.diameterOverResolution = diameterOverResolution
    }

    /// Below these, or above, a contour is doubtful (project choices, from the test object's frames).
    private static let weakEdgeDb = 18.0
    private static let closedEnough = 0.9
    private static let agreementEnough = 0.92
    private static let mostDarkBeyond = 0.12
    private static let thickEnough = 3.0

    /// What lowers it; empty = nothing.
    public var doubts: [Doubt] {
        var doubts: [Doubt] = []
        if edgeStrengthDb < Self.weakEdgeDb { doubts.append(.weakEdge) }
        if closedShare < Self.closedEnough { doubts.append(.notClosed) }
        if ellipseAgreement < Self.agreementEnough { doubts.append(.notAnEllipse) }
        if darkBeyondShare > Self.mostDarkBeyond { doubts.append(.darkBeyond) }
        if diameterOverResolution < Self.thickEnough { doubts.append(.thin) }
        return doubts
    }

    /// Whether nothing lowers it.
    public var isHigh: Bool { doubts.isEmpty }
}
