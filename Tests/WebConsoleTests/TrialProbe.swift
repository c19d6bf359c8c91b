import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import ProbeSimulator
import Synchronization
import Testing

/// A simulated probe at a simulated patient, held by a technician.
final class TrialProbe: HandHeldProbe {
    let origin: SourceOrigin
    let transport: InProcessTransport
    let patient: SimulatedPatient
    private let source: any FrameSource
    /// What happened to the probe, in order.
    let held = Mutex<[String]>([])
    /// Comes back after it was unplugged.
    let comesBack: Bool

    init(_ scenario: String = "ccsvi", pace: Pace = .accelerated, comesBack: Bool = true) throws {
        patient = SimulatedPatient(try ScenarioLibrary.scenario(named: scenario), seed: 1)
        transport = InProcessTransport(
            SimulatedProbe(identity: DeviceIdentity(serialNumber: "SIM-1"), source: ToneSource.silence), pace: pace)
        source = try ODPProbe.open(over: transport, specifier: "sim:\(scenario)", profileID: "odp/reference")
        origin = source.origin
        self.comesBack = comesBack
    }

    func held(at planned: PlannedRecording) throws(ExamSessionError) -> HeldProbe {
        held.withLock { $0.append(planned.recordingID) }
        let breathing: SimulatedPatient.Breathing =
            switch planned.manoeuvre {
            case .deepInspirations: .deep
            case .valsalva: .valsalva
            case .quietBreathing, .apnoea: .quiet
            }
        do throws(ScenarioError) {
            transport.place(
                try patient.imagedSource(atSite: planned.site.id, take: planned.take, breathing: breathing))
        } catch {
            throw .source(.data(file: origin.specifier, problem: error.description))
        }
        return HeldProbe(source: source, correctsIQ: false)
    }

    func heldAgain(after failure: SourceError?, stop: StopSignal) throws(ExamSessionError) -> HeldProbe? {
        guard case .link(.disconnected) = failure, comesBack else { return nil }
        transport.plugIn()
        return HeldProbe(source: source, correctsIQ: false)
    }

    /// Whether the probe is armed or runs.
    var isTransmitting: Bool {
        transport.with(SimulatedProbe.self) { $0.isStreaming } ?? false
    }
}

/// The same probe without a console: nobody is asked anything.
struct PlainBedside: Bedside {
    let probe: TrialProbe

    var origin: SourceOrigin { probe.origin }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        .held(try probe.held(at: planned))
    }

    func lumenArea(_ area: PlannedArea) -> LumenArea? {
        LumenArea(side: area.side, level: area.level, posture: area.posture, areaMm2: 50, method: .entered)
    }

    func lumenFinding(_ place: LumenPlace) -> LumenFinding? {
        LumenFinding(inspection: LumenInspection(side: place.side, level: place.level))
    }

    func finish() {}
}

/// A folder that goes away with the test.
final class TrialFolder {
    let path = NSTemporaryDirectory() + "dopplerbridge-room-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A short protocol.
enum TrialPlan {
    /// - Parameter sites: of `standard`; empty takes all of `neck-short`.
    static func plan(_ sites: [String] = [], seconds: Double = 5, areas: Int = 0) throws -> ExamPlan {
        let neck = try #require(try ExamProtocol.builtIn("neck-short"))
        var examProtocol = neck
        if !sites.isEmpty { examProtocol.steps = neck.steps.filter { sites.contains($0.site.id) } }
        for index in examProtocol.steps.indices {
            examProtocol.steps[index].seconds = seconds
            examProtocol.steps[index].guidance = "hold still"
        }
        examProtocol.areas = Array(examProtocol.areas.prefix(areas))
        return ExamPlan(
            examProtocol: examProtocol, definition: try .zamboni2009(), table: try .segmentsV1(), examID: "EX-1",
            subjectCode: "S-1", startedAt: "2026-01-01T10:00:00Z", software: "test",
            quality: QualityStatement(line: "passed", isWarning: false))
    }
}
