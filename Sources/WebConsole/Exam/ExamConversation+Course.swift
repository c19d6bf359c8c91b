internal import CCSVIAnalysis
internal import ExamSession
internal import LiveView
internal import ProbeLink

/// How the exam's course changes what the operator sees.
extension ExamConversation {
    /// Takes an event of the session.
    func take(_ event: ExamEvent) {
        change { core in
            switch event {
            case .continued: break
            case .stepBegan(let number, _, _): core.state.begin(number)
            case .lowFlowCheckBegan: core.state.isLowFlowCheck = true
            case .stepKept(let record): core.state.keep(record)
            case .stepEnded(let number, _, _, let observation): core.state.end(number, observation)
            }
        }
    }

    /// Asks the operator to hold the probe for a recording.
    func present(_ planned: PlannedRecording, limits: SettingsLimits, liveGates: Int) {
        change { core in
            if core.settings.planned?.number != planned.number { core.settings.change = SettingsChange() }
            core.settings.planned = planned
            core.settings.inForce = nil
            core.state.phase = .ready
            core.state.isLowFlowCheck = planned.isLowFlowCheck
            core.state.recordingID = planned.recordingID
            core.state.posture = planned.site.posture
            core.state.manoeuvre = planned.manoeuvre
            core.state.guidance = planned.step.guidance
            core.state.plannedSeconds = planned.seconds
            core.state.recordedSeconds = 0
            core.state.takes = []
            core.state.marks = []
            core.show(limits: limits, liveGates: liveGates)
        }
    }

    /// Takes a change of settings, or says what cannot be set.
    ///
    /// - Returns: whether a probe that runs has to be told.
    func take(_ wanted: SettingsChange, limits: SettingsLimits, liveGates: Int) throws(RoomRefusal) -> Bool {
        var refusal: RoomRefusal?
        var needsProbe = false
        change { core in
            let possible: [ExamPhase] = [.ready, .live, .frozen, .reviewing, .measuring, .inspecting]
            guard possible.contains(core.state.phase) else {
                refusal = .notNow(act: "settings", phase: core.state.phase)
                return
            }
            do throws(RoomRefusal) {
                needsProbe = try core.settings.take(wanted, limits: limits) && core.state.isTransmitting
                core.show(limits: limits, liveGates: liveGates)
            } catch {
                refusal = error
            }
        }
        if let refusal { throw refusal }
        return needsProbe
    }

    /// A probe has settings in force.
    func inForce(_ settings: AcquisitionSettings, gate: Int) {
        change { core in
            core.settings.inForce = settings
            core.settings.gate = gate
            core.showAgain()
        }
    }

    // MARK: A recording

    func recordingBegins(_ planned: PlannedRecording, until early: EarlyEnd, manoeuvreStarted: Bool) {
        change { core in
            core.recordingEnd = early
            core.state.phase = .recording
            core.state.isTransmitting = true
            core.state.run += 1
            core.state.recordingID = planned.recordingID
            core.state.recordedSeconds = 0
            core.state.marks =
                manoeuvreStarted ? [ExamState.MarkedMoment(seconds: 0, label: ConsoleAct.valsalva.name)] : []
        }
    }

    func recordingEnded() {
        change { core in
            core.recordingEnd = nil
            core.settings.inForce = nil
            core.showAgain()
            core.state.isTransmitting = false
            if core.state.phase == .recording { core.state.phase = .working }
        }
    }

    /// Ends the recording that is made.
    func stopRecording() throws(RoomRefusal) {
        let refusal = note { core -> RoomRefusal? in
            guard core.state.phase == .recording, let early = core.recordingEnd else {
                return .notNow(act: ConsoleAct.stop.name, phase: core.state.phase)
            }
            early.request()
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Leaves the exam from whatever it is doing.
    func leave() {
        note { core in core.recordingEnd?.request() }
        post(.act(.leave))
    }

    /// Shows the takes of a step for review.
    func review(_ review: TakeReview) {
        change { core in
            core.state.phase = .reviewing
            core.state.takes = review.takes.map { ExamState.Take($0) }
            core.state.measurements = review.takes.last { $0.isComplete }.map { ExamState.measurements(of: $0) } ?? []
            core.state.recordingID = review.takes.last?.recordingIDs.last ?? core.state.recordingID
        }
    }

    // MARK: Questions

    /// Begins a rest.
    ///
    /// - Returns: its number, by which its end is known.
    func rest(_ rest: PlannedRest, began: Double) -> Int {
        change { core in
            core.rests += 1
            core.restEndsAt = began + rest.seconds
            core.state.phase = .resting
            core.state.posture = rest.posture
            core.state.rest = ExamState.Rest(
                posture: rest.posture, secondsLeft: rest.seconds, plannedSeconds: rest.seconds)
        }
        return note { $0.rests }
    }

    func ask(_ area: PlannedArea, _ planned: PlannedRecording?, limits: SettingsLimits, liveGates: Int) {
        change { core in
            core.askAside(planned, limits: limits, liveGates: liveGates)
            core.state.phase = .measuring
            core.state.posture = area.posture
            core.state.area = ExamState.Area(
                side: area.side, level: area.level, posture: area.posture, name: area.name)
        }
    }

    func ask(_ place: LumenPlace, _ planned: PlannedRecording?, limits: SettingsLimits, liveGates: Int) {
        change { core in
            core.askAside(planned, limits: limits, liveGates: liveGates)
            core.state.phase = .inspecting
            core.state.lumen = ExamState.Lumen(
                side: place.side, level: place.level, name: place.name,
                asksLeaflets: place.level == .j1 && core.state.asks.contains(.leafletMotion))
        }
    }

    // MARK: What went wrong

    /// Opens a phase again.
    func reopen(_ phase: ExamPhase) { change { $0.state.phase = phase } }

    /// Says what is wrong with probe or folder.
    func troubled(_ error: ExamSessionError, phase: ExamPhase) {
        change { core in
            core.state.phase = phase
            core.state.isTransmitting = false
            core.state.trouble = ExamState.Trouble(error)
        }
    }

    /// Says why something that was entered was not taken; the question stays open.
    func refused(_ refusal: RoomRefusal) {
        change { core in
            core.state.trouble = ExamState.Trouble(what: refusal.what, next: refusal.next)
            if core.state.area != nil {
                core.state.area?.refusal = refusal.description
                core.state.phase = .measuring
            }
        }
    }

    // MARK: Time

    /// Takes what the live view has counted, and the time that has gone by.
    func tick(feed: LiveCounters, seconds: Double, now: Double, hasPicture: Bool) {
        let before = state
        let isMoving = before.isTransmitting || before.phase == .resting || before.area != nil
        guard isMoving else { return }
        change { core in
            if core.state.phase == .resting, let ends = core.restEndsAt {
                core.state.rest?.secondsLeft = max(0, ends - now)
            }
            if core.state.area != nil { core.state.area?.hasPicture = hasPicture }
            guard core.state.isTransmitting else { return }
            core.state.losses = ExamState.Losses(
                probe: feed.lostInProbe, link: feed.lostOnLink, screen: feed.missedPulses)
            if (core.settings.inForce?.transmitLevelPerMille ?? 0) > 0 { core.state.transmitSeconds += seconds }
            if core.state.phase == .recording, let prfHz = core.settings.inForce?.prfHz, prfHz > 0 {
                core.state.recordedSeconds = min(Double(feed.newestPulse) / prfHz, core.state.plannedSeconds)
            }
        }
    }

    /// The exam has ended.
    func end(_ ended: EndedExam) {
        change { core in
            core.state.phase = .ended
            core.state.isTransmitting = false
            core.state.step = nil
            core.settings.planned = nil
            if let outcome = ended.outcome { core.state.take(outcome) }
            if let failure = ended.failure { core.state.failure = ExamState.Trouble(failure) }
        }
    }
}

extension ExamConversation.Core {
    /// Puts the settings into the state.
    mutating func show(limits: SettingsLimits, liveGates: Int) {
        shownLimits = limits
        shownGates = liveGates
        showAgain()
    }

    /// Puts the settings into the state with the limits that were shown before.
    mutating func showAgain() {
        state.settings = settings.shown(limits: shownLimits, liveGates: shownGates)
        state.scale = settings.scale
    }

    /// Prepares for a question beside the steps.
    fileprivate mutating func askAside(_ planned: PlannedRecording?, limits: SettingsLimits, liveGates: Int) {
        settings = RoomSettings(planned: planned)
        state.step = nil
        state.recordingID = nil
        state.manoeuvre = nil
        state.guidance = nil
        state.takes = []
        state.marks = []
        state.measurements = []
        state.transmitSeconds = 0
        state.recordedSeconds = 0
        state.plannedSeconds = 0
        show(limits: limits, liveGates: liveGates)
    }
}
