import Acquisition
import CCSVIAnalysis
import ExamSession
import Foundation
import ProbeLink
import ProbeSimulator
import Synchronization

/// The first three steps of the standard protocol, two seconds each unless told otherwise.
struct ThreeSteps {
    var plan: ExamPlan

    /// Makes every step longer.
    mutating func lengthen(toSeconds seconds: Double) {
        for index in plan.examProtocol.steps.indices { plan.examProtocol.steps[index].seconds = seconds }
    }

    init(seconds: Double = 2) throws {
        var examProtocol = try ExamProtocol.standard()
        examProtocol.steps = ["j1", "j2", "j3"].compactMap { level in
            examProtocol.steps.first { $0.site.id == "ijv.right.\(level).supine" }
        }
        for index in examProtocol.steps.indices { examProtocol.steps[index].seconds = seconds }
        examProtocol.areas = []
        plan = ExamPlan(
            examProtocol: examProtocol, definition: try .zamboni2009(), table: try .segmentsV1(), examID: "EX-1",
            subjectCode: "S-1", startedAt: "2026-01-01T10:00:00Z", software: "test",
            quality: QualityStatement(line: "passed", isWarning: false))
    }

    func run(
        at bedside: any Bedside, into folder: String, stop: StopSignal = StopSignal()
    ) async throws -> ExamOutcome {
        try await ExamSession(plan: plan, bedside: bedside, folder: try ExamFolder(new: folder)).run(stop: stop) { _ in
        }
    }

    /// Goes on with the exam in a folder.
    func goOn(at bedside: any Bedside, in folder: String) async throws -> ExamOutcome {
        try await ExamSession(plan: plan, bedside: bedside, folder: try ExamFolder(continuing: folder))
            .run(stop: StopSignal()) { _ in }
    }
}

/// A simulated probe whose cable is pulled once.
final class UnpluggingBedside: Bedside {
    let origin: SourceOrigin
    private let transport: InProcessTransport
    private let patient: SimulatedPatient
    private let pullsDuringStep: Int?
    private let pullsBeforeStep: Int?
    private let comesBack: Bool
    private let hasPulled = Atomic<Bool>(false)

    init(pullsDuringStep: Int? = nil, pullsBeforeStep: Int? = nil, comesBack: Bool = true) throws {
        self.pullsDuringStep = pullsDuringStep
        self.pullsBeforeStep = pullsBeforeStep
        self.comesBack = comesBack
        patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy"), seed: 1)
        transport = InProcessTransport(
            SimulatedProbe(identity: DeviceIdentity(serialNumber: "SIM-1"), source: ToneSource.silence),
            pace: .accelerated)
        origin = try ODPProbe.open(over: transport, specifier: "sim:healthy", profileID: "odp/reference").origin
    }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        let probe = try opened(planned)
        if planned.number == pullsBeforeStep { transport.unplug() }
        let pulls = planned.number == pullsDuringStep
        return .held(HeldProbe(source: pulls ? PulledSource(probe, transport) : probe, correctsIQ: false))
    }

    func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) throws(ExamSessionError) -> HeldProbe? {
        guard comesBack, case .link(.disconnected) = failure else { return nil }
        transport.plugIn()
        return HeldProbe(source: try opened(planned), correctsIQ: false)
    }

    func lumenArea(_ area: PlannedArea) -> LumenArea? { nil }

    func finish() {}

    private func opened(_ planned: PlannedRecording) throws(ExamSessionError) -> any FrameSource {
        do throws(ScenarioError) {
            transport.place(try patient.signalSource(atSite: planned.site.id, take: 1, breathing: .quiet))
        } catch {
            throw .source(.data(file: "healthy", problem: error.description))
        }
        do throws(SourceError) {
            return try ODPProbe.open(over: transport, specifier: "sim:healthy", profileID: "odp/reference")
        } catch {
            throw .source(error)
        }
    }
}

/// A source whose cable is pulled after its fifth frame.
struct PulledSource: FrameSource {
    private let source: any FrameSource
    private let transport: InProcessTransport

    init(_ source: any FrameSource, _ transport: InProcessTransport) {
        self.source = source
        self.transport = transport
    }

    var origin: SourceOrigin { source.origin }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        try source.prepare(wanted)
    }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var pulling = PullingSink(sink: sink, transport: transport)
        let ended: Result<LinkCounters, SourceRunError>
        do throws(SourceRunError) {
            ended = .success(try source.run(into: &pulling, until: stop))
        } catch {
            ended = .failure(error)
        }
        sink = pulling.release()
        return try ended.get()
    }
}

struct PullingSink<Sink: FrameSink & ~Copyable>: FrameSink, ~Copyable {
    private var sink: Sink
    private let transport: InProcessTransport
    private var frames = 0

    init(sink: consuming Sink, transport: InProcessTransport) {
        self.sink = sink
        self.transport = transport
    }

    func hasRoom(forBytes count: Int) -> Bool { sink.hasRoom(forBytes: count) }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        sink.receive(frame, payload)
        frames += 1
        if frames == 5 { transport.unplug() }
    }

    mutating func lost(_ loss: StreamLoss) { sink.lost(loss) }

    mutating func event(_ event: ProbeEvent) { sink.event(event) }

    consuming func release() -> Sink { sink }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
    let path = NSTemporaryDirectory() + "dopplerbridge-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
