import CCSVIAnalysis
import ExamSession
import ProbeLink
import ProbeProfiles
import ProbeSimulator

/// The simulated probe at a simulated patient; the "operator" enters the areas that the scenario states.
struct SimulatedBedside: Bedside {
    let origin: SourceOrigin
    let profile: DeviceProfile
    /// The source, wherever the probe is held.
    let source: any FrameSource
    private let transport: InProcessTransport
    private let patient: SimulatedPatient

    /// A probe of the simulation's profile, before the scenario's patient.
    ///
    /// - Parameter statedCentreFrequencyHz: what the user says of a Doppler behind a sound interface; 0 = not known.
    init(
        _ scenario: Scenario, _ simulation: SourceSpecifier.Simulation, statedCentreFrequencyHz: UInt32
    ) throws {
        let seed = simulation.seed ?? scenario.defaultSeed
        patient = SimulatedPatient(scenario, seed: seed)
        do throws(ProfileError) {
            profile = try ProfileLibrary(naming: simulation.profileID).profile(simulation.profileID)
        } catch {
            throw Failure(.usage, error.description)
        }
        let serialNumber = "SIM-\(scenario.name)-\(seed)"
        do throws(SimulatedDeviceError) {
            let device = try SimulatedDeviceCatalogue.device(
                forProfile: profile.id, serialNumber: serialNumber, source: ToneSource.silence)
            transport = InProcessTransport(
                device, pace: simulation.isRealTime ? .realTime(ContinuousClock()) : .accelerated)
        } catch {
            throw Failure(.usage, error.description)
        }
        do throws(SourceError) {
            source = try profile.openSource(
                over: transport, specifier: simulation.specifier(seed: seed),
                statedCentreFrequencyHz: statedCentreFrequencyHz)
        } catch {
            throw Failure(error)
        }
        origin = source.origin
    }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        guard patient.isExamined(planned.site.id) else { return .notExamined }
        return .held(try held(at: planned))
    }

    /// The simulated clock lets the patient rest at once, where anything is examined in the posture.
    func rest(_ rest: PlannedRest, stop: StopSignal) -> RestOutcome {
        rest.sites.contains { patient.isExamined($0.id) } ? .rested(seconds: rest.seconds) : .notAsked
    }

    /// Holds the probe at a site outside an exam.
    func hold(siteID: String, take: Int, manoeuvre: Manoeuvre) throws(ExamSessionError) {
        do throws(ScenarioError) {
            let breathing: SimulatedPatient.Breathing =
                switch manoeuvre {
                case .deepInspirations: .deep
                case .valsalva: .valsalva
                case .quietBreathing, .apnoea: .quiet
                }
            transport.place(try patient.imagedSource(atSite: siteID, take: take, breathing: breathing))
        } catch {
            throw .source(.data(file: origin.specifier, problem: error.description))
        }
    }

    /// Holds the probe at flow of a known direction, for a channel test.
    func hold(at flow: FlowDirection) {
        transport.place(
            ToneSource(frequencyHz: flow == .towards ? Self.testShiftHz : -Self.testShiftHz, seed: 1))
    }

    /// Doppler shift of the flow of a channel test, Hz (project choice: 20 cm/s at 4 MHz and 0 degrees).
    private static let testShiftHz = 1000.0

    func lumenArea(_ area: PlannedArea) -> LumenArea? {
        let measured = patient.lumenAreaMm2(
            side: area.side.rawValue, level: area.level.rawValue, posture: area.posture.rawValue)
        return measured.map {
            LumenArea(side: area.side, level: area.level, posture: area.posture, areaMm2: $0, method: .entered)
        }
    }

    /// The phantom's lumens hold no defects; the "operator" looks wherever an area can be measured lying down.
    func lumenFinding(_ place: LumenPlace) -> LumenFinding? {
        guard lumenArea(PlannedArea(side: place.side, level: place.level, posture: .supine)) != nil else { return nil }
        return LumenFinding(inspection: LumenInspection(side: place.side, level: place.level))
    }

    func finish() {}
}

extension SimulatedBedside: HandHeldProbe {
    /// The probe at a site of the simulated patient.
    ///
    /// - Throws: where the scenario has no such site.
    func held(at planned: PlannedRecording) throws(ExamSessionError) -> HeldProbe {
        try hold(siteID: planned.site.id, take: planned.take, manoeuvre: planned.manoeuvre)
        return HeldProbe(source: source, correctsIQ: profile.iqCorrection == .automatic)
    }

    /// The simulated cable is never pulled.
    func heldAgain(after failure: SourceError?, stop: StopSignal) -> HeldProbe? { nil }
}
