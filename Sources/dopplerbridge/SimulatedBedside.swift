import CCSVIAnalysis
import ExamSession
import ProbeLink
import ProbeSimulator

/// The simulated probe at a simulated patient; the "operator" enters the areas that the scenario states.
struct SimulatedBedside: Bedside {
    let origin: SourceOrigin
    private let transport: InProcessTransport
    private let probe: ODPProbe
    private let patient: SimulatedPatient

    init(_ scenario: Scenario, seed: UInt64, isRealTime: Bool) throws {
        let specifier = "sim:\(scenario.name)?seed=\(seed)"
        patient = SimulatedPatient(scenario, seed: seed)
        let device = SimulatedProbe(
            identity: DeviceIdentity(serialNumber: "SIM-\(scenario.name)-\(seed)"), source: ToneSource.silence)
        transport = InProcessTransport(device, pace: isRealTime ? .realTime(ContinuousClock()) : .accelerated)
        do throws(SourceError) {
            probe = try ODPProbe.open(over: transport, specifier: specifier, profileID: "odp/reference")
        } catch {
            throw Failure(error)
        }
        origin = probe.origin
    }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        try hold(siteID: planned.site.id, take: planned.take, manoeuvre: planned.manoeuvre)
        return .held(HeldProbe(source: probe, correctsIQ: false))
    }

    /// Holds the probe at a site outside an exam.
    func hold(siteID: String, take: Int, manoeuvre: Manoeuvre) throws(ExamSessionError) {
        do throws(ScenarioError) {
            let breathing: SimulatedPatient.Breathing = manoeuvre == .deepInspirations ? .deep : .quiet
            transport.place(try patient.signalSource(atSite: siteID, take: take, breathing: breathing))
        } catch {
            throw .source(.data(file: origin.specifier, problem: error.description))
        }
    }

    /// The source, wherever the probe is held.
    var source: any FrameSource { probe }

    func lumenArea(_ area: PlannedArea) -> LumenArea? {
        let measured = patient.lumenAreaMm2(
            side: area.side.rawValue, level: area.level.rawValue, posture: area.posture.rawValue)
        return measured.map {
            LumenArea(side: area.side, level: area.level, posture: area.posture, areaMm2: $0, method: .entered)
        }
    }

    func finish() {}
}
