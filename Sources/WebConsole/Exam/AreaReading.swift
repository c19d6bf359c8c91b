internal import Acquisition
internal import CCSVIAnalysis
internal import ExamSession
internal import ProbeLink
internal import VesselImaging

/// An area as an operator entered it, measured in the picture that was shown.
struct AreaReading {
    private let entered: AreaEntered
    private let area: PlannedArea
    private let folder: ExamFolder
    private let origin: SourceOrigin

    init(_ entered: AreaEntered, of area: PlannedArea, folder: ExamFolder, origin: SourceOrigin) {
        self.entered = entered
        self.area = area
        self.folder = folder
        self.origin = origin
    }

    /// The area for the exam; the picture that it was measured in is kept in the exam's folder.
    ///
    /// - Throws: why it cannot be taken.
    func lumenArea(in shown: ShownPicture?, plan: ExamPlan) throws(RoomRefusal) -> LumenArea {
        if case .entered(let areaMm2) = entered.way {
            return LumenArea(
                side: area.side, level: area.level, posture: area.posture, areaMm2: areaMm2, method: .entered,
                breathingPhase: entered.breathingPhase)
        }
        guard let shown else {
            throw .notPossible(
                what: "there is no B-mode picture to measure in",
                next: "begin a live scan with a probe that makes pictures, or enter mm²")
        }
        let measured: AreaMeasurement
        let outline: [PicturePoint]
        do throws(ImagingError) {
            (measured, outline) = try reading(BModeFrame(shown: shown.picture))
        } catch {
            throw .wrong(what: error.description, next: "set the points again within the picture")
        }
        var kept = try KeptPicture(shown, of: area, in: folder, plan: plan).write(origin: origin)
        kept.uncertaintyMm2 = measured.uncertaintyMm2
        kept.outlineMm = outline.flatMap { [$0.acrossMm, $0.depthMm] }
        return LumenArea(
            side: area.side, level: area.level, posture: area.posture, areaMm2: measured.areaMm2,
            method: measured.method == .ellipse ? .ellipse : .trace, breathingPhase: entered.breathingPhase,
            picture: kept)
    }

    private func reading(_ frame: BModeFrame) throws(ImagingError) -> (AreaMeasurement, [PicturePoint]) {
        switch entered.way {
        case .ellipse(let first, let second):
            guard first.count == 2, second.count == 2 else {
                throw .notTwoDiameters(reason: "need two ends each")
            }
            let calipers = try CaliperEllipse((first[0], first[1]), (second[0], second[1]), in: frame)
            return (calipers.area, calipers.outline())
        case .outline(let points):
            let traced = try TracedOutline(points, in: frame)
            return (traced.area, traced.points)
        case .entered: throw .notAnOutline(reason: "is none")
        }
    }
}

extension BModeFrame {
    /// The frame of a picture as it came from the wire.
    init(shown picture: BModePicture) throws(ImagingError) {
        try self.init(
            lines: picture.lines, samplesPerLine: picture.samplesPerLine, depthMm: picture.depthMm,
            linePitchMm: picture.linePitchMm, samples: picture.samples, missingLines: picture.missingLines)
    }
}

extension PlannedArea {
    /// The area where it was not measured.
    func left(_ status: ExaminationStatus, _ reason: String?) -> LumenArea {
        LumenArea(
            side: side, level: level, posture: posture, status: status, reason: reason, areaMm2: nil, method: nil)
    }
}

extension LumenEntered {
    /// The finding for the exam.
    func finding(at place: LumenPlace) -> LumenFinding {
        let inspection = LumenInspection(
            side: place.side, level: place.level, status: status, reason: reason,
            leafletMotion: status == .examined ? leafletMotion : nil)
        return LumenFinding(
            inspection: inspection,
            defects: defects.map { LumenDefect(side: place.side, level: place.level, kind: $0) })
    }
}

extension ExamProtocol {
    /// How to look at an area's place with the probe: as the step nearest to it does; `nil` where none is of that vein.
    func recording(for area: PlannedArea) -> PlannedRecording? {
        recording(at: ExamSite(.internalJugular, area.side, level: area.level, area.posture))
    }

    /// How to look at a lumen's place with the probe, lying down where a step does.
    func recording(for place: LumenPlace) -> PlannedRecording? {
        recording(at: ExamSite(.internalJugular, place.side, level: place.level, .supine))
    }

    private func recording(at site: ExamSite) -> PlannedRecording? {
        let jugular = steps.filter { $0.site.vein == .internalJugular }
        let nearest = jugular.first { $0.site == site } ?? jugular.first { $0.site.side == site.side } ?? jugular.first
        guard var step = nearest, let preset = preset(for: step) else { return nil }
        step.site = site
        return PlannedRecording(
            number: 0, step: step, preset: preset, manoeuvre: step.manoeuvre, seconds: step.seconds, take: 1)
    }
}
