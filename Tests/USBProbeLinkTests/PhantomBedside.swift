import Acquisition
import CCSVIAnalysis
import ExamSession
import ProbeLink
import ProbeSimulator

/// A simulated patient before any probe that a phantom can be placed in front of.
struct PhantomBedside: Bedside {
    let origin: SourceOrigin
    private let source: any FrameSource
    private let patient: SimulatedPatient
    private let place: @Sendable (any SignalSource) -> Void

    init(_ patient: SimulatedPatient, _ probe: ODPProbe, place: @escaping @Sendable (any SignalSource) -> Void) {
        self.patient = patient
        source = probe
        origin = probe.origin
        self.place = place
    }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        do throws(ScenarioError) {
            place(
                try patient.signalSource(
                    atSite: planned.site.id, take: planned.take,
                    breathing: planned.manoeuvre == .deepInspirations ? .deep : .quiet))
        } catch {
            throw .source(.data(file: origin.specifier, problem: error.description))
        }
        return .held(HeldProbe(source: source, correctsIQ: false))
    }

    func lumenArea(_ area: PlannedArea) -> LumenArea? {
        let measured = patient.lumenAreaMm2(
            side: area.side.rawValue, level: area.level.rawValue, posture: area.posture.rawValue)
        return measured.map {
            LumenArea(side: area.side, level: area.level, posture: area.posture, areaMm2: $0, method: .entered)
        }
    }

    func finish() {}
}
