import Acquisition
import CCSVIAnalysis
import ExamSession
import ProbeLink
import ProbeSimulator

/// A simulated probe at the patient of a scenario.
struct ScenarioBedside: Bedside {
    let origin: SourceOrigin
    private let transport: InProcessTransport
    private let patient: SimulatedPatient

    init(_ scenario: String) throws {
        patient = SimulatedPatient(try ScenarioLibrary.scenario(named: scenario))
        transport = InProcessTransport(
            SimulatedProbe(identity: DeviceIdentity(serialNumber: "SIM-1"), source: ToneSource.silence),
            pace: .accelerated)
        origin = try ODPProbe.open(over: transport, specifier: "sim:\(scenario)", profileID: "odp/reference").origin
    }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        guard patient.isExamined(planned.site.id) else { return .notExamined }
        do throws(ScenarioError) {
            transport.place(try patient.signalSource(atSite: planned.site.id, take: 1))
        } catch {
            throw .source(.data(file: patient.scenario.name, problem: error.description))
        }
        do throws(SourceError) {
            let source = try ODPProbe.open(over: transport, specifier: "sim", profileID: "odp/reference")
            return .held(HeldProbe(source: source, correctsIQ: false))
        } catch {
            throw .source(error)
        }
    }

    func lumenArea(_ area: PlannedArea) -> LumenArea? { nil }

    func finish() {}
}
