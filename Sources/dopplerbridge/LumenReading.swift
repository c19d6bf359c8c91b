import VesselImaging

/// What was measured in a frame, by whichever way.
struct LumenReading {
    /// The outline, to be drawn.
    var outline: [PicturePoint] = []
    /// The diameters, to be drawn.
    var diameters: [[PicturePoint]] = []
    /// The seed point.
    var seed: PicturePoint?
    /// The area; `nil` = not measured.
    var area: AreaMeasurement?
    /// What an automatic search has come to; `nil` = none was asked for.
    var answer: ContourAnswer?

    /// Measures as the command line says.
    init(_ frame: BModeFrame, auto: String?, ellipse: String?, outline: String?) throws(ImagingError) {
        if let auto { try search(frame, auto) }
        if let ellipse {
            let ends = Self.points(ellipse)
            guard ends.count == 4 else { throw .notTwoDiameters(reason: "need 8 numbers, two for each end") }
            let calipers = try CaliperEllipse((ends[0], ends[1]), (ends[2], ends[3]), in: frame)
            self.outline = calipers.outline()
            diameters = [calipers.first, calipers.second]
            area = calipers.area
        }
        if let outline {
            let traced = try TracedOutline(Self.points(outline), in: frame)
            self.outline = traced.points
            area = traced.area
        }
    }

    private mutating func search(_ frame: BModeFrame, _ text: String) throws(ImagingError) {
        guard let point = Self.points(text).first else {
            throw .pointOutside(PicturePoint(acrossMm: .nan, depthMm: .nan))
        }
        seed = point
        let answer = ContourSearch(frame).contour(around: point)
        self.answer = answer
        guard case .measured(let contour) = answer else { return }
        outline = contour.points
        area = contour.area
    }

    /// Places from numbers with commas between them; a text that is none gives no places.
    private static func points(_ text: String) -> [PicturePoint] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
            Double($0.trimmingSpaces) ?? .nan
        }
        guard numbers.count % 2 == 0 else { return [] }
        return stride(from: 0, to: numbers.count, by: 2).map {
            PicturePoint(acrossMm: numbers[$0], depthMm: numbers[$0 + 1])
        }
    }

    /// Why nothing was measured although a search was asked for.
    var problem: String? {
        switch answer {
        case .notFound: "no lumen at the seed point"
        case .notAssessable(let reason): "not assessable: \(reason)"
        case .measured, nil: nil
        }
    }

    /// The automatic contour's confidence, 0 to 1: the least of its shares; `nil` for other ways of measuring.
    ///
    /// Halved by each doubt, so that a contour with two of them is one to look at again (project choice).
    var confidence: Double? {
        guard case .measured(let contour) = answer else { return nil }
        let found = contour.confidence
        let least = min(found.closedShare, found.ellipseAgreement, 1 - found.darkBeyondShare)
        return min(max(found.doubts.reduce(least) { share, _ in share / 2 }, 0), 1)
    }

    /// The result in one line.
    var words: String {
        if case .notFound(let contrastDb) = answer {
            return
                "no lumen found at the seed point (\(ImageDocument.tenths(contrastDb)) dB darker than its surroundings)"
        }
        if let problem { return problem }
        guard let area else { return "nothing was measured" }
        let figures = "\(ImageDocument.tenths(area.areaMm2)) mm2 +/- \(ImageDocument.tenths(area.uncertaintyMm2)) mm2"
        guard case .measured(let contour) = answer else { return "area \(figures) (\(area.method.rawValue))" }
        let doubts = contour.confidence.doubts.map(\.words)
        let confidence = doubts.isEmpty ? "high confidence" : "low confidence: \(doubts.joined(separator: ", "))"
        return "area \(figures) (\(area.method.rawValue), \(confidence))"
    }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmingSpaces: Substring {
        let front = drop { $0 == " " }
        guard let last = front.lastIndex(where: { $0 != " " }) else { return front[front.endIndex...] }
        return front[...last]
    }
}
