internal import Acquisition
internal import CCSVIAnalysis
internal import ExamSession
internal import LiveView
internal import ProbeLink
internal import Synchronization

/// A technician at the console, who holds a probe and acts on the page.
///
/// It waits for the operator's acts; within a step it runs live scans that are not recorded.
final class ConsoleBedside: Bedside {
    let conversation: ExamConversation
    let opening: ExamOpening
    let clock: RoomClock
    let stop: StopSignal
    let pictures: PictureShelf
    let scanner: LiveScanner
    private let feed: LiveFeed

    init(
        _ opening: ExamOpening, conversation: ExamConversation, feed: LiveFeed, pictures: PictureShelf,
        clock: RoomClock, stop: StopSignal
    ) {
        self.opening = opening
        self.conversation = conversation
        self.clock = clock
        self.stop = stop
        self.pictures = pictures
        self.feed = feed
        scanner = LiveScanner(opening, conversation: conversation, feed: feed, stop: stop)
    }

    var origin: SourceOrigin { opening.probe.origin }

    // MARK: A step

    func hold(at planned: PlannedRecording) async throws(ExamSessionError) -> Placement {
        conversation.present(planned, limits: opening.limits, liveGates: opening.liveGates)
        pictures.clear()
        while true {
            switch await conversation.next() {
            case .act(let act):
                if let placement = await answer(act, at: planned) { return placement }
            case let other: await scanner.take(other, at: planned)
            }
        }
    }

    private func answer(_ act: ConsoleAct, at planned: PlannedRecording) async -> Placement? {
        switch act {
        case .live: await scanner.begin(at: planned)
        case .freeze: await scanner.freeze()
        case .record(let hasStarted):
            await scanner.end()
            return await recording(of: planned, manoeuvreStarted: hasStarted)
        case .skip(let reason):
            await scanner.end()
            return .skipped(reason: reason)
        case .notVisualised(let code, let note):
            await scanner.end()
            return .notVisualised(code, note: note)
        case .notAssessable(let reason):
            await scanner.end()
            return .notAssessable(reason: reason)
        case .leave:
            await left()
            return .notExamined
        default: conversation.reopen(.ready)
        }
        return nil
    }

    /// Nobody goes on: the exam ends here and can be continued.
    private func left() async {
        await scanner.end()
        stop.request()
    }

    /// The probe, ready to record; `nil` when it is not, which the state then says.
    private func recording(of planned: PlannedRecording, manoeuvreStarted: Bool) async -> Placement? {
        let preset = conversation.settings.changedPreset
        do throws(ExamSessionError) {
            let probe = try await onThread { [opening] () throws(ExamSessionError) in
                let probe = try opening.probe.held(at: planned)
                // What the probe refuses is said before anything is recorded, and the step stays open.
                do throws(SourceError) {
                    _ = try probe.source.prepare(planned.with(preset).wantedSettings)
                } catch {
                    throw .source(error)
                }
                return probe
            }
            return .held(wrapped(probe, planned, preset, manoeuvreStarted: manoeuvreStarted))
        } catch {
            conversation.troubled(error, phase: .ready)
            return nil
        }
    }

    /// A probe whose frames the screens see too, and whose recording can be ended early.
    private func wrapped(
        _ probe: HeldProbe, _ planned: PlannedRecording, _ preset: SettingsPreset?, manoeuvreStarted: Bool
    ) -> HeldProbe {
        let early = EarlyEnd()
        let base = planned.with(preset).preset.spectralSettings
        let isCorrected = probe.correctsIQ
        let tapped = feed.tap(probe.source) { [conversation] settings in
            conversation.inForce(settings, gate: 0)
            return LiveLook(base.live(at: settings, correctsIQ: isCorrected), gate: 0)
        }
        var held = probe
        held.source = RecordedSource(tapped, until: early) { [conversation] in conversation.recordingEnded() }
        held.preset = preset
        conversation.recordingBegins(planned, until: early, manoeuvreStarted: manoeuvreStarted)
        return held
    }

    func holdAgain(
        at planned: PlannedRecording, after failure: SourceError?, stop: StopSignal
    ) async throws(ExamSessionError) -> HeldProbe? {
        guard let failure else { return nil }
        conversation.troubled(.source(failure), phase: .working)
        let probe = try await onThread { [opening] () throws(ExamSessionError) in
            try opening.probe.heldAgain(after: failure, stop: stop)
        }
        guard let probe else { return nil }
        return wrapped(probe, planned, conversation.settings.changedPreset, manoeuvreStarted: false)
    }

    // MARK: After a take

    func review(_ review: TakeReview) async throws(ExamSessionError) -> TakeDecision {
        conversation.review(review)
        while true {
            switch await conversation.next() {
            case .act(.accept(let take)): return .goOn(judging: take)
            case .act(.repeatStep): return .again
            case .act(.leave):
                stop.request()
                return .goOn(judging: nil)
            default: break
            }
        }
    }

    // MARK: Rest

    func rest(_ rest: PlannedRest, stop: StopSignal) async throws(ExamSessionError) -> RestOutcome {
        guard opening.restsByTheClock else { return .rested(seconds: rest.seconds) }
        let began = clock.secondsNow()
        let number = conversation.rest(rest, began: began)
        let timer = Task { [clock, conversation] in
            await clock.sleep(rest.seconds)
            if !Task.isCancelled { conversation.post(.restOver(number: number)) }
        }
        defer {
            timer.cancel()
            conversation.change { $0.state.rest = nil }
        }
        while true {
            switch await conversation.next() {
            case .restOver(let over) where over == number:
                conversation.reopen(.working)
                return .rested(seconds: rest.seconds)
            case .act(.rested): return .rested(seconds: min(rest.seconds, clock.secondsNow() - began))
            case .act(.postureNotPossible(let note)): return .postureNotPossible(note: note)
            case .act(.leave):
                self.stop.request()
                return .notAsked
            default: break
            }
        }
    }

    func finish() async { await scanner.end() }

    // MARK: Entries

    func lumenArea(_ area: PlannedArea) async throws(ExamSessionError) -> LumenArea? {
        let planned = opening.plan.examProtocol.recording(for: area)
        conversation.ask(area, planned, limits: opening.limits, liveGates: opening.liveGates)
        pictures.clear()
        defer { conversation.change { $0.state.area = nil } }
        while true {
            switch await conversation.next() {
            case .act(.live): await scanner.begin(at: planned, phase: .measuring)
            case .act(.freeze): await scanner.freeze(phase: .measuring)
            case .act(.area(let entered)):
                do throws(RoomRefusal) {
                    let measured = try AreaReading(entered, of: area, folder: opening.folder, origin: origin)
                        .lumenArea(in: pictures.picture, plan: opening.plan)
                    await scanner.end()
                    return measured
                } catch {
                    conversation.refused(error)
                }
            case .act(.noArea):
                await scanner.end()
                return area.left(.notExamined, nil)
            case .act(.notAssessable(let reason)):
                await scanner.end()
                return area.left(.notAssessable, reason)
            case .act(.leave):
                await left()
                return nil
            case let other: await scanner.take(other, at: planned, phase: .measuring)
            }
        }
    }

    func lumenFinding(_ place: LumenPlace) async throws(ExamSessionError) -> LumenFinding? {
        let planned = opening.plan.examProtocol.recording(for: place)
        conversation.ask(place, planned, limits: opening.limits, liveGates: opening.liveGates)
        defer { conversation.change { $0.state.lumen = nil } }
        while true {
            switch await conversation.next() {
            case .act(.live): await scanner.begin(at: planned, phase: .inspecting)
            case .act(.freeze): await scanner.freeze(phase: .inspecting)
            case .act(.lumen(let entered)):
                await scanner.end()
                return entered.finding(at: place)
            case .act(.notAssessable(let reason)):
                await scanner.end()
                return LumenEntered(status: .notAssessable, reason: reason).finding(at: place)
            case .act(.leave):
                await left()
                return nil
            case let other: await scanner.take(other, at: planned, phase: .inspecting)
            }
        }
    }
}
