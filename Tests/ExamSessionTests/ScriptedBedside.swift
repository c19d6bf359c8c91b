import Acquisition
import CCSVIAnalysis
import ExamSession
import ProbeLink
import ProbeSimulator
import Synchronization

/// A simulated patient before a technician who follows a script.
final class ScriptedBedside: Bedside {
    /// What the technician does when asked to hold the probe.
    enum Move: Sendable {
        case hold, skip(String), notVisualised(NotVisualisedReason, String?), notAssessable(String), leave
    }

    let origin: SourceOrigin
    private let transport: InProcessTransport
    private let patient: SimulatedPatient
    private let moves: Mutex<[Move]>
    private let decisions: Mutex<[TakeDecision]>
    private let restOutcome: RestOutcome
    private let stop: StopSignal?
    /// How often each was asked.
    let asked = Mutex<(holds: [String], rests: [PlannedRest], reviews: [TakeReview])>(([], [], []))

    /// - Parameters:
    ///   - moves: the answers to the first holds; afterwards the probe is held.
    ///   - decisions: the answers to the first reviews; afterwards it goes on.
    ///   - stop: is requested by the move `leave`.
    init(
        _ scenario: String = "healthy", moves: [Move] = [], decisions: [TakeDecision] = [],
        rest: RestOutcome = .notAsked, stop: StopSignal? = nil, serialNumber: String = "SIM-1"
    ) throws {
        patient = SimulatedPatient(try ScenarioLibrary.scenario(named: scenario), seed: 1)
        transport = InProcessTransport(
            SimulatedProbe(identity: DeviceIdentity(serialNumber: serialNumber), source: ToneSource.silence),
            pace: .accelerated)
        origin = try ODPProbe.open(over: transport, specifier: "sim:\(scenario)", profileID: "odp/reference").origin
        self.moves = Mutex(moves)
        self.decisions = Mutex(decisions)
        restOutcome = rest
        self.stop = stop
    }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        asked.withLock { $0.holds.append(planned.recordingID) }
        switch moves.withLock({ $0.isEmpty ? .hold : $0.removeFirst() }) {
        case .hold: return .held(HeldProbe(source: try probe(at: planned), correctsIQ: false))
        case .skip(let reason): return .skipped(reason: reason)
        case .notVisualised(let code, let note): return .notVisualised(code, note: note)
        case .notAssessable(let reason): return .notAssessable(reason: reason)
        case .leave:
            stop?.request()
            return .notExamined
        }
    }

    private func probe(at planned: PlannedRecording) throws(ExamSessionError) -> any FrameSource {
        do throws(ScenarioError) {
            transport.place(
                try patient.signalSource(
                    atSite: planned.site.id, take: planned.take,
                    breathing: planned.manoeuvre == .deepInspirations ? .deep : .quiet))
        } catch {
            throw .source(.data(file: patient.scenario.name, problem: error.description))
        }
        do throws(SourceError) {
            return try ODPProbe.open(over: transport, specifier: origin.specifier, profileID: "odp/reference")
        } catch {
            throw .source(error)
        }
    }

    func rest(_ rest: PlannedRest, stop: StopSignal) -> RestOutcome {
        asked.withLock { $0.rests.append(rest) }
        return restOutcome
    }

    func review(_ review: TakeReview) -> TakeDecision {
        asked.withLock { $0.reviews.append(review) }
        return decisions.withLock { $0.isEmpty ? .goOn(judging: nil) : $0.removeFirst() }
    }

    func lumenArea(_ area: PlannedArea) -> LumenArea? { nil }

    func finish() {}
}
