internal import CCSVIAnalysis
internal import DopplerDSP

/// Pairs the steps of two exams.
struct StepPairing {
    private let before: StepReading
    private let now: StepReading
    /// Whether one exam is simulated and the other is not.
    private let isMixed: Bool

    init(_ before: StepReading, _ now: StepReading, isMixed: Bool) {
        self.before = before
        self.now = now
        self.isMixed = isMixed
    }

    /// All steps that occur in either exam: sites first, then areas, in the order of the exams.
    var steps: [ExamComparison.Step] {
        let sites = before.siteOrder + now.siteOrder.filter { before.sites[$0] == nil }
        let areas = before.areaOrder + now.areaOrder.filter { before.areas[$0] == nil }
        let flows = before.flow.order + now.flow.order.filter { before.flow.items[$0] == nil }
        return sites.flatMap { id in [velocity(id), reflux(id)] } + areas.map(area) + flows.map(flow)
    }

    private func flow(_ id: String) -> ExamComparison.Step {
        let items = (before.flow.items[id], now.flow.items[id])
        let (earlier, later) = (before.flow.value(id), now.flow.value(id))
        var remarks: [String] = []
        if let first = items.0?.method, let second = items.1?.method, first != second {
            remarks.append("the flow was found by \(first.words), then by \(second.words)")
        }
        return ExamComparison.Step(
            id: id, name: (items.0 ?? items.1)?.name ?? id,
            quantity: (items.0 ?? items.1)?.quantity ?? .volumeFlow, earlier: earlier, later: later,
            difference: isMixed ? .notComparable("one exam is simulated") : .between(earlier, later),
            changedSettings: [], remarks: remarks)
    }

    private func velocity(_ id: String) -> ExamComparison.Step {
        step(id, .meanVelocity, before.velocity(id), now.velocity(id)) { earlier, later in
            let angles = (earlier.scale.insonationAngleDegrees, later.scale.insonationAngleDegrees)
            // At 0 degrees no angle was set: the velocities are lower bounds.
            if (angles.0 == 0) != (angles.1 == 0) { return "one of the velocities is without correction of the angle" }
            return nil
        }
    }

    private func reflux(_ id: String) -> ExamComparison.Step {
        step(id, .longestReflux, before.reflux(id), now.reflux(id)) { _, _ in nil }
    }

    private func step(
        _ id: String, _ quantity: FollowUpQuantity, _ earlier: StepValue, _ later: StepValue,
        obstacle: (VeinRecording, VeinRecording) -> String?
    ) -> ExamComparison.Step {
        let sites = (before.sites[id], now.sites[id])
        let recordings = (sites.0?.recording, sites.1?.recording)
        var difference = StepDifference.between(earlier, later)
        if let first = recordings.0, let second = recordings.1, difference.state != .notComparable,
            let reason = Self.obstacle(first, second, earlier, later)
                ?? (difference.change == nil ? nil : obstacle(first, second))
        {
            difference = .notComparable(reason)
        }
        if isMixed { difference = .notComparable("one exam is simulated") }
        let name = sites.0?.observation.site.name ?? sites.1?.observation.site.name ?? id
        return ExamComparison.Step(
            id: id, name: name, quantity: quantity, earlier: earlier, later: later, difference: difference,
            changedSettings: SettingChange.changes(recordings.0, recordings.1), remarks: remarks(sites.0, sites.1))
    }

    /// Why recordings that were made differently cannot be compared.
    ///
    /// Absent flow was shown under its three conditions, deep inspirations among them: that flow was there or was not
    /// can be compared with any recording.
    private static func obstacle(
        _ first: VeinRecording, _ second: VeinRecording, _ earlier: StepValue, _ later: StepValue
    ) -> String? {
        if earlier.state == .flowAbsent || later.state == .flowAbsent { return nil }
        if first.manoeuvre != second.manoeuvre { return "the manoeuvre changed" }
        return first.normalDirection == second.normalDirection ? nil : "the normal direction was stated differently"
    }

    private func remarks(_ earlier: StepReading.Site?, _ later: StepReading.Site?) -> [String] {
        [("earlier", earlier), ("later", later)].compactMap { name, site in
            guard let site, site.count > 1 else { return nil }
            return "examined \(site.count) times in the \(name) exam: the last one counts"
        }
    }

    private func area(_ id: String) -> ExamComparison.Step {
        let areas = (before.areas[id], now.areas[id])
        let (earlier, later) = (before.area(id), now.area(id))
        var remarks: [String] = []
        if let first = areas.0?.method, let second = areas.1?.method, first != second {
            remarks.append("the area was found by \(first.rawValue), then by \(second.rawValue)")
        }
        let name = (areas.0 ?? areas.1).map {
            "\($0.side.rawValue) \(Vein.internalJugular.name), \($0.level.rawValue.uppercased()), \($0.posture.rawValue)"
        }
        return ExamComparison.Step(
            id: id, name: name ?? id, quantity: .lumenArea, earlier: earlier, later: later,
            difference: isMixed ? .notComparable("one exam is simulated") : .between(earlier, later),
            changedSettings: [], remarks: remarks)
    }
}
