import CCSVIAnalysis
import Testing

@Suite("Plausibility warnings")
struct PlausibilityTests {
    private func warnings(_ change: (inout ExamMeasurements) -> Void) throws -> [PlausibilityWarning] {
        var exam = try Fixture.normalExam()
        change(&exam)
        return try Fixture.scorer().assess(exam).warnings
    }

    private static func set(_ exam: inout ExamMeasurements, _ id: String, _ change: (inout VeinObservation) -> Void) {
        for index in exam.observations.indices where exam.observations[index].site.id == id {
            change(&exam.observations[index])
        }
    }

    @Test("a normal exam has none")
    func none() throws { #expect(try warnings { _ in }.isEmpty) }

    @Test(
        "velocities outside their range are warned of, the bounds themselves are not",
        arguments: [
            ("ijv.left.j2.supine", 80.0, 0), ("ijv.left.j2.supine", 80.1, 1), ("ijv.left.j2.supine", 1.9, 1),
            ("ijv.left.j2.supine", -20, 0), ("vv.left.supine", 40, 0), ("vv.left.supine", 41, 1),
            ("bvr.left.transtemporal.supine", 31, 1), ("bvr.left.transtemporal.supine", 2, 0),
            ("azv.right.intercostal.sitting", 200, 0),
        ])
    func velocities(_ row: (id: String, cmPerS: Double, count: Int)) throws {
        let found = try warnings { exam in Self.set(&exam, row.id) { $0.meanVelocityCmPerS = row.cmPerS } }
        #expect(found.count == row.count)
        #expect(found.allSatisfy { $0.itemID == row.id && $0.text.contains("cm/s") })
    }

    @Test(
        "areas outside their range are warned of",
        arguments: [("supine", 9.9, 1), ("supine", 10, 0), ("supine", 401, 1), ("sitting", 0, 0), ("sitting", 201, 1)])
    func areas(_ row: (posture: String, mm2: Double, count: Int)) throws {
        let found = try warnings { exam in
            for index in exam.lumenAreas.indices
            where exam.lumenAreas[index].itemID == "area.left.j2.\(row.posture)" {
                exam.lumenAreas[index].areaMm2 = row.mm2
            }
        }
        #expect(found.count == row.count)
    }

    @Test("an area at another phase than end-expiration, and a doubtful contour that nobody corrected")
    func contour() throws {
        let found = try warnings { exam in
            exam.lumenAreas[0].breathingPhase = .inspiration
            exam.lumenAreas[1].breathingPhase = .endExpiration
            exam.lumenAreas[2].method = .automatic
            exam.lumenAreas[2].confidence = 0.2
            exam.lumenAreas[3].method = .automatic
            exam.lumenAreas[3].confidence = 0.2
            exam.lumenAreas[3].isCorrected = true
        }
        #expect(found.count == 2)
        #expect(found[0].text.contains("end-expiration"))
        #expect(found[1].text.contains("automatic contour with a confidence of 0.20"))
    }

    @Test("flow against what is normal for the vein and its window, where no reflux was entered")
    func direction() throws {
        let found = try warnings { exam in
            Self.set(&exam, "ijv.left.j2.supine") { $0.direction = .towards }
            Self.set(&exam, "ijv.left.j1.supine") { $0.direction = .away }
            // Towards the probe is normal through the occiput and reversed through the temple.
            for window in [AcousticWindow.occipital, .transtemporal] {
                var sinus = VeinObservation(
                    site: ExamSite(.straightSinus, .left, window: window, .supine), status: .examined, flow: .present)
                sinus.direction = .towards
                exam.observations.append(sinus)
            }
        }
        #expect(found.map(\.itemID) == ["ijv.left.j2.supine", "ss.left.transtemporal.supine"])
        #expect(found.allSatisfy { !$0.source.isEmpty })
    }

    @Test("reflux where no source gives the normal direction")
    func unknownDirection() throws {
        let found = try warnings { exam in
            exam.observations.append(
                VeinObservation(
                    site: ExamSite(.transverseSinus, .left, .supine), status: .examined, flow: .present,
                    refluxes: [RefluxEpisode(durationSeconds: 1, breathsSeen: 2)]))
        }
        #expect(found.map(\.itemID) == ["ts.left.transtemporal.supine"])
        #expect(found.first?.text.contains("no source gives the direction") == true)
    }

    @Test("an outflow that no neck has, a backflow that no valve has, leaflets that do not fit the defects")
    func others() throws {
        let outflow = try warnings { exam in
            exam.volumeFlows = Side.allCases.flatMap { side in
                [
                    VolumeFlow(site: ExamSite(.internalJugular, side, level: .j2, .supine), mlPerMin: 1000),
                    VolumeFlow(site: ExamSite(.vertebral, side, .supine), mlPerMin: 50),
                ]
            }
        }
        #expect(outflow.map(\.itemID) == ["outflow.supine"])
        let backflow = try warnings { exam in
            Self.set(&exam, "ijv.left.j1.supine") {
                $0.refluxes = [RefluxEpisode(durationSeconds: 0.3, peakVelocityCmPerS: 161, breathsSeen: 1)]
            }
        }
        #expect(backflow.first?.text.contains("aliasing") == true)
        let leaflets = try warnings { $0.lumenInspections[0].leafletMotion = .immobile }
        #expect(leaflets.first?.text.contains("no immobile valve is listed") == true)
    }

    @Test("warnings never change what is scored", arguments: 0..<20)
    func neverBlocks(_ seed: Int) throws {
        var random = RandomExam(seed: seed)
        let exam = try random.measurements()
        var odd = exam
        for index in odd.observations.indices where odd.observations[index].flow == .present {
            odd.observations[index].meanVelocityCmPerS = 500
        }
        let one = try Fixture.scorer().assess(exam)
        let other = try Fixture.scorer().assess(odd)
        #expect(one.criteria == other.criteria && one.vhiss == other.vhiss && one.verdict == other.verdict)
    }
}
