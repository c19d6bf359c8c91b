import CCSVIAnalysis
import Testing

@Suite("exam protocols as files")
struct ProtocolFileTests {
    private func builtIn(_ id: String) throws -> ExamProtocol { try #require(try ExamProtocol.builtIn(id)) }

    private func message(_ body: () throws(AnalysisError) -> Void) -> String {
        do throws(AnalysisError) { try body() } catch { return error.description }
        return ""
    }

    @Test("every built-in protocol is read, its id is that of its file, and it says where it comes from")
    func allBuiltIn() throws {
        let all = try ExamProtocol.allBuiltIn()
        #expect(all.map(\.reference.id) == ExamProtocol.builtInIDs)
        for plan in all {
            #expect(plan.reference.citation.contains("roject choice"))
            #expect(plan.restAfterPostureChangeSeconds == 120)
            #expect(try ExamProtocol.parseSite(ExamProtocol.builtInText(plan.reference.id) ?? "", file: "x") == plan)
        }
        #expect(try ExamProtocol.builtIn("neck-long") == nil)
    }

    @Test("presets, low-flow check and directions are the same in every built-in protocol")
    func sharedSettings() throws {
        let standard = try ExamProtocol.standard()
        for plan in try ExamProtocol.allBuiltIn() {
            #expect(plan.presets == standard.presets)
            #expect(plan.lowFlowCheck == standard.lowFlowCheck)
            #expect(plan.directions == standard.directions)
        }
    }

    @Test("every protocol keeps the steps of a posture together, and within it those of a side")
    func order() throws {
        for plan in try ExamProtocol.allBuiltIn() {
            let groups = plan.steps.filter { $0.site.vein != .azygos }
                .map { "\($0.site.posture) \($0.site.side)" }
            let changes = zip(groups, groups.dropFirst()).count { $0 != $1 }
            #expect(changes == Set(groups).count - 1, "\(plan.reference.id)")
        }
    }

    @Test("buffalo-45min examines sitting before supine, and fits into 45 minutes with its rests and low-flow checks")
    func buffalo() throws {
        let plan = try builtIn("buffalo-45min")
        #expect(plan.steps.first?.site.posture == .sitting)
        #expect(plan.steps.last?.site.posture == .supine)
        let checks = Double(plan.steps.count { $0.site.vein.isNeckVein }) * plan.lowFlowCheck.seconds
        #expect(plan.recordedSeconds + checks + 2 * plan.restAfterPostureChangeSeconds <= 45 * 60)
    }

    @Test("neck-short plans neck veins alone, research-repeat three takes of each step")
    func shortAndRepeated() throws {
        #expect(try builtIn("neck-short").steps.allSatisfy(\.site.vein.isNeckVein))
        #expect(try builtIn("research-repeat").steps.allSatisfy { $0.takes == 3 })
        #expect(try ExamProtocol.standard().steps.allSatisfy { $0.takes == 1 })
    }

    @Test("azygos-extended tries the azygos vein by both approaches with guidance, and changes no criterion")
    func azygos() throws {
        let plan = try builtIn("azygos-extended")
        let steps = plan.steps.filter { $0.site.vein == .azygos }
        #expect(steps.map(\.site.window) == [.intercostal, .suprasternal])
        #expect(steps.allSatisfy { $0.guidance?.isEmpty == false })
        var measurements = try Fixture.normalExam()
        for step in steps {
            measurements.observations.removeAll { $0.site == step.site }
            measurements.observations.append(
                VeinObservation(
                    site: step.site, status: .examined, flow: .present,
                    refluxes: [
                        RefluxEpisode(onsetSeconds: 1, durationSeconds: 0.2, breathsSeen: 1),
                        RefluxEpisode(onsetSeconds: 5, durationSeconds: 3, breathsSeen: 1),
                    ]))
        }
        let assessment = try CriteriaScorer(
            definition: Fixture.definition(), examProtocol: plan, table: .segmentsV1()
        ).assess(measurements)
        #expect(assessment.verdict == .negative)
        #expect(assessment.vhiss.value == 0)
        let texts = assessment.beside.azygos.map(\.text)
        #expect(texts.count { $0.contains("brief, as is normal in diastole") } == 2)
        #expect(texts.count { $0.contains("suprasternal window") } == 3)
    }

    @Test("a site's protocol may not call itself by the id of a built-in one that it changes")
    func siteID() throws {
        let changed = ExamProtocol.standardText.replacing("seconds: 15, least", with: "seconds: 16, least")
        let refused = message { () throws(AnalysisError) in _ = try ExamProtocol.parseSite(changed, file: "site.yaml") }
        #expect(refused.hasPrefix("site.yaml:5:"))
        #expect(refused.contains("choose an id of your own, such as standard-site"))
        let named = changed.replacing("id: standard", with: "id: standard-site")
        #expect(try ExamProtocol.parseSite(named, file: "site.yaml").steps.contains { $0.seconds == 16 })
    }

    @Test(
        "a protocol with an unknown key or a step that no exam could do is refused at its line",
        arguments: [
            ("leastSignalDb: 6 }", "leastSignal: 6 }", "unknown key `leastSignal`"),
            ("leastSignalDb: 6 }", "seconds2: 6 }", "key `leastSignalDb` is missing"),
            ("leastSignalDb: 6 }", "leastSignalDb: 6, takes: 11 }", "`takes` must be a whole number from 1 to 10"),
            ("leastSignalDb: 6 }", "leastSignalDb: -1 }", "`leastSignalDb` must be a number"),
            ("quietBreathing, seconds: 20", "valsalva, seconds: 60", "Valsalva cannot be held for 60.0 s"),
            ("quietBreathing, seconds: 20", "apnoea, seconds: 31", "apnoea cannot be held for 31.0 s"),
            (
                "side: right, level: j2,", "side: right, level: j1,",
                "two steps are at the same site, ijv.right.j1.supine"
            ),
            ("level: j1, window: neck", "level: j1, window: transtemporal", "is not seen through the transtemporal"),
            ("level: j1, window: neck", "window: neck", "has a level, and it needs one"),
            ("preset: jugular", "preset: jugulär", "no preset is named `jugulär`"),
            ("[breathingPhase, lumenDefects, leafletMotion]", "[leafletMotion]", "name both, or neither"),
            ("[breathingPhase, lumenDefects, leafletMotion]", "[mood]", "`findings` must be one of"),
            (
                "side: right, level: j1, window: neck, posture: supine",
                "side: right, level: j1, window: neck, posture: sitting", "put all steps of a posture together"
            ),
            ("restAfterPostureChangeSeconds: 120", "restAfterPostureChangeSeconds: -1", "must be a number from 0.0"),
        ])
    func refused(_ change: (String, String, String)) {
        let text = ExamProtocol.standardText.replacing(change.0, with: change.1, maxReplacements: 1)
        #expect(text != ExamProtocol.standardText)
        let message = message { () throws(AnalysisError) in _ = try ExamProtocol.parse(text, file: "site.yaml") }
        #expect(message.contains(change.2), "\(message)")
        #expect(message.hasPrefix("site.yaml:"))
    }

    @Test("a protocol of more steps than any exam has is refused")
    func tooLong() {
        var text = ExamProtocol.standardText
        let line =
            "  - { vein: vertebral, side: right, window: neck, posture: supine, preset: vertebral, "
            + "manoeuvre: quietBreathing, seconds: 20, leastSignalDb: 6 }\n"
        text.replace("steps:\n", with: "steps:\n" + String(repeating: line, count: 201), maxReplacements: 1)
        let message = message { () throws(AnalysisError) in _ = try ExamProtocol.parse(text, file: "site.yaml") }
        #expect(message.contains("`steps` must hold from 1 to 200"))
    }

    @Test(
        "what could not be tried was not examined, what was tried and not seen cannot be judged; nothing is never found"
    )
    func notVisualised() {
        for reason in NotVisualisedReason.allCases {
            #expect(reason.status == (reason == .postureNotPossible ? .notExamined : .notAssessable))
            #expect(!reason.words.isEmpty)
        }
    }
}
