import CCSVIAnalysis
import DopplerDSP
import Testing

@Suite("FlowAssessment")
struct FlowAssessmentTests {
    private static let neck = ExamSite(.vertebral, .left, .supine)
    private static let deep = ExamSite(.basalRosenthal, .left, .supine)

    private func assess(
        _ vein: SyntheticVein, at site: ExamSite = neck, recordedSeconds: Double? = nil,
        change: (inout Spectrogram) -> Void = { _ in }
    ) throws -> FlowAssessment {
        var spectrogram = try vein.spectrogram(seed: 11)
        change(&spectrogram)
        return FlowAssessment(
            spectrogram, scale: vein.scale, normalDirection: .towards, site: site, recordedSeconds: recordedSeconds)
    }

    @Test("flow is present with its mean velocity in the normal direction")
    func present() throws {
        let vein = SyntheticVein(seconds: 4)
        let flow = try assess(vein)
        #expect(flow.finding == .present)
        let meanCmPerS = vein.scale.velocityCmPerS(ofShiftHz: 450)
        #expect(abs((flow.meanVelocityCmPerS ?? 0) - meanCmPerS) < 0.1 * meanCmPerS)
        #expect((flow.signalToNoiseDb ?? 0) > 10)
    }

    @Test("silence in a neck vein is an absence, in an intracranial vein it cannot be assessed")
    func silence() throws {
        let vein = SyntheticVein(seconds: 4, silences: [0...4])
        #expect(try assess(vein).finding == .notDetected)
        #expect(try assess(vein).meanVelocityCmPerS == nil)
        #expect(try assess(vein, at: Self.deep).finding == .notAssessable(.noFlowThroughBone))
    }

    @Test("flow with inspiration only is present")
    func phasic() throws {
        #expect(try assess(SyntheticVein(seconds: 4, silences: [0...1.5, 2.5...4])).finding == .present)
    }

    @Test("a flicker of flow is too little to tell")
    func flicker() throws {
        #expect(
            try assess(SyntheticVein(seconds: 5, silences: [0...2, 2.3...5])).finding == .notAssessable(.lowSignal))
    }

    @Test("a short recording and one with much missing cannot be assessed")
    func tooLittle() throws {
        #expect(try assess(SyntheticVein(seconds: 2)).finding == .notAssessable(.tooShort))
        var vein = SyntheticVein(seconds: 6)
        vein.lostPulses = 6000..<13_000
        #expect(try assess(vein).finding == .notAssessable(.tooManyGaps))
        #expect(try assess(SyntheticVein(seconds: 4), recordedSeconds: 8).finding == .notAssessable(.tooManyGaps))
    }

    @Test(
        "too many clipped or aliased columns cannot be assessed",
        arguments: [(ColumnFlags.clipped, FlowAssessment.Reason.clipped), (.aliased, .aliased)])
    func flagged(_ row: (ColumnFlags, FlowAssessment.Reason)) throws {
        let flow = try assess(SyntheticVein(seconds: 4)) { spectrogram in
            for index in spectrogram.columns.indices where index % 10 == 0 {
                spectrogram.columns[index].flags.insert(row.0)
            }
        }
        #expect(flow.finding == .notAssessable(row.1))
        #expect(!row.1.words.isEmpty)
    }

    @Test(
        "mains hum in an empty vein is no flow, and when heard no absence either",
        arguments: [-20.0, -10, 0, 10, 20])
    func hum(humDb: Double) throws {
        var vein = SyntheticVein(seconds: 4, silences: [0...4])
        vein.humDb = humDb
        let flow = try assess(vein)
        #expect(flow.meanVelocityCmPerS == nil)
        // Weaker, it is not heard at all.
        guard humDb >= -10 else {
            #expect(flow.finding == .notDetected)
            return
        }
        #expect(flow.finding == .notAssessable(.steadyTones))
        for sizeHz in [100.0, 150] {
            #expect(flow.steadyShiftsHz.contains { abs(abs($0) - sizeHz) < 24 })
        }
    }

    @Test("hum beside flow leaves the flow and its velocity", arguments: 0..<10)
    func humBesideFlow(seed: Int) throws {
        var vein = SyntheticVein(seconds: 4)
        vein.humDb = 0
        let flow = FlowAssessment(
            try vein.spectrogram(seed: seed), scale: vein.scale, normalDirection: .towards, site: Self.neck)
        #expect(flow.finding == .present)
        let meanCmPerS = vein.scale.velocityCmPerS(ofShiftHz: 450)
        #expect(abs((flow.meanVelocityCmPerS ?? 0) - meanCmPerS) < 0.1 * meanCmPerS)
    }

    @Test("flow, slow or fast, and noise hold no steady tone", arguments: 0..<20)
    func noTone(seed: Int) throws {
        for vein in [SyntheticVein(seconds: 6, lines: 400), SyntheticVein(seconds: 6, silences: [0...6])] {
            let flow = FlowAssessment(
                try vein.spectrogram(seed: seed), scale: vein.scale, normalDirection: .towards, site: Self.neck)
            #expect(flow.steadyShiftsHz.isEmpty)
        }
    }

    @Test("an empty spectrogram is too short, and nothing in it is measured")
    func empty() {
        let vein = SyntheticVein()
        let flow = FlowAssessment(
            Spectrogram(settings: vein.settings, gate: 0, columns: [], power: []), scale: vein.scale,
            normalDirection: .away, site: Self.neck)
        #expect(flow.finding == .notAssessable(.tooShort))
        #expect(flow.meanVelocityCmPerS == nil && flow.signalToNoiseDb == nil)
    }
}
