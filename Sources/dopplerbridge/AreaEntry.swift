import Acquisition
public import ArgumentParser
public import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import VesselImaging

/// Where in an exam a measured area goes.
struct AreaEntryOptions: ParsableArguments {
    @Option(help: "Enter the measured area into this exam's folder, and score the exam again.")
    var into: String?

    @Option(help: "With --into: the vein and level, such as ijv.left.j2; that of the recording when not given.")
    var site: String?

    @Option(help: "With --into: supine or sitting; the recording's own when not given.")
    var posture: Posture?

    @Option(help: "With --into: when in the breath it was, such as endExpiration.")
    var phase: BreathingPhase?

    @Option(help: "With --into: the criteria definition, where the exam was scored by a file of the site.")
    var definition: String?

    @Option(help: "With --into: the VHISS table, where the exam was scored by a file of the site.")
    var table: String?

    func validate() throws {
        if into == nil, site != nil || posture != nil || phase != nil {
            throw ValidationError("--site, --posture and --phase go with --into: name the exam's folder too")
        }
    }
}

extension Posture: ExpressibleByArgument {}
extension BreathingPhase: ExpressibleByArgument {}

/// A measured area on its way into an exam.
struct AreaEntry {
    let options: AreaEntryOptions
    let pictures: RecordedPictures
    let measured: LumenReading

    /// Enters the area and says what the exam comes to now; nothing where no exam was named.
    func enter(on console: Console) throws {
        guard let folder = options.into else { return }
        guard let area = measured.area else {
            throw Failure(.incomplete, "\(pictures.path): nothing was measured, so that nothing was entered")
        }
        let examFolder = try examination { () throws(ExamSessionError) in try ExamFolder(existing: folder) }
        let entered = try lumenArea(area)
        let stored = try openExam(examFolder)
        var rules = ScoringOptions()
        rules.definition = options.definition ?? stored.assessment.definition.id
        rules.table = options.table ?? stored.assessment.vhiss.table.id
        let scorer = try rules.scorer(ProtocolFile(of: examFolder).examProtocol)
        let time = Date().formatted(.iso8601)
        let exam = try examination { () throws(ExamSessionError) in
            try examFolder.enter(entered, scorer: scorer, at: time)
        }
        for line in exam.measurements.areaLines where line.hasPrefix(placeName(entered)) {
            console.say("Entered: \(line)")
        }
        console.say(exam.assessment.verdictLine)
        console.say("The report, where there is one, is written anew by `dopplerbridge report \(folder)`.")
    }

    private func placeName(_ area: LumenArea) -> String {
        "\(area.side.rawValue) \(area.level.rawValue.uppercased()) \(area.posture.rawValue)"
    }

    private func lumenArea(_ area: AreaMeasurement) throws -> LumenArea {
        let place = try self.place()
        let fingerprint: String
        do throws(RecordingError) {
            fingerprint = try RecordingFingerprint.sha256(ofFile: pictures.path)
        } catch {
            throw Failure(error)
        }
        let picture = AreaPicture(
            recordingFile: URL(fileURLWithPath: pictures.path).lastPathComponent, sha256: fingerprint,
            frame: pictures.number, seconds: pictures.picture.seconds, uncertaintyMm2: area.uncertaintyMm2,
            outlineMm: measured.outline.flatMap { [$0.acrossMm, $0.depthMm] },
            isSimulated: pictures.origin.isSimulated ? true : nil)
        let isAutomatic = area.method == .automatic
        return LumenArea(
            side: place.side, level: place.level, posture: place.posture, areaMm2: area.areaMm2,
            method: Self.method(area.method), breathingPhase: options.phase,
            confidence: isAutomatic ? measured.confidence : nil, isCorrected: isAutomatic ? false : nil,
            picture: picture)
    }

    private static func method(_ method: AreaMeasurement.Method) -> AreaMethod {
        switch method {
        case .ellipse: .ellipse
        case .traced: .trace
        case .automatic: .automatic
        }
    }

    /// The place that was named, or else the recording's; a picture of another place is refused.
    private func place() throws -> (side: Side, level: JugularLevel, posture: Posture) {
        let recorded = Self.parts(pictures.siteID)
        let named = options.site.map(Self.parts)
        let place = named ?? recorded
        let posture = options.posture ?? place.posture ?? recorded.posture
        guard place.isJugular, let side = place.side, let level = place.level, let posture else {
            throw Failure(
                .usage,
                "--into: it is not known which jugular vein, level and posture: give --site ijv.left.j2 "
                    + "(or right, j1, j3) and --posture supine or sitting")
        }
        let wanted = ExamSite(.internalJugular, side, level: level, posture)
        if recorded.isJugular, recorded.side != nil, pictures.siteID != wanted.id {
            throw Failure(
                .usage,
                "--into: the recording is of \(pictures.siteID), not of \(wanted.id): leave --site and --posture "
                    + "out, or take the recording of that place")
        }
        return (side, level, posture)
    }

    private static func parts(
        _ id: String
    ) -> (isJugular: Bool, side: Side?, level: JugularLevel?, posture: Posture?) {
        let words = id.split(separator: ".").map(String.init)
        func first<Word: RawRepresentable>(_ type: Word.Type) -> Word? where Word.RawValue == String {
            words.lazy.compactMap(Word.init).first
        }
        return (
            words.first == Vein.internalJugular.code, first(Side.self), first(JugularLevel.self), first(Posture.self)
        )
    }
}
