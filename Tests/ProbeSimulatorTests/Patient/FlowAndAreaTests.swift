import ProbeSimulator
import Testing

@Suite("Area, velocity and flow of a site")
struct FlowAndAreaTests {
    @Test("the area is constant and the flow is area times mean velocity when nothing else is said")
    func constantArea() {
        let source = phantom(plainSite(velocityCmPerS: 12))
        // Radius 5 mm: 78.54 mm2; 0.6 mL/min for 1 mm2 and 1 cm/s.
        for time in [0.0, 0.3, 2.7, 50] {
            #expect(abs(source.lumenAreaMm2(atSeconds: time) - 78.5398) < 1e-3)
            #expect(abs(source.flowMlPerMin(atSeconds: time) - 565.487) < 1e-2)
        }
    }

    @Test("the area is widest where the velocity is lowest: in the a, c and v waves and in expiration")
    func areaFollowsWaves() {
        var site = plainSite(velocityCmPerS: 10)
        site.cardiacModulation = 0.4
        site.areaPulse = 0.2
        let pulsing = phantom(site)
        let beat = (0..<100).map { Double($0) / 100 }
        let velocities = beat.map { pulsing.flow.velocityCmPerS(atSeconds: $0) }
        let areas = beat.map { pulsing.lumenAreaMm2(atSeconds: $0) }
        #expect(velocities.firstIndex(of: velocities.max() ?? 0) == areas.firstIndex(of: areas.min() ?? 0))
        #expect(velocities.firstIndex(of: velocities.min() ?? 0) == areas.firstIndex(of: areas.max() ?? 0))
        // The order of the jugular pulse from the R wave on: c, x, v, y, a.
        #expect(velocities[8] < velocities[28] && velocities[28] > velocities[49])
        #expect(velocities[49] < velocities[64] && velocities[64] > velocities[88])
        var breathing = plainSite(velocityCmPerS: 10)
        breathing.areaBreathing = 0.3
        let source = phantom(breathing)
        #expect(source.lumenAreaMm2(atSeconds: 0.8) < 0.72 * site.lumenAreaMm2)
        #expect(source.lumenAreaMm2(atSeconds: 2.8) > 1.15 * site.lumenAreaMm2)
    }

    @Test("the truth's flow is the mean of area times velocity, also where both change", arguments: 0..<8)
    func meanFlow(seed: Int) throws {
        let name = ["healthy", "healthy-pulsatile", "healthy-expiration", "only-c3"][seed % 4]
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: name))
        let id = seed < 4 ? "ijv.left.j2.supine" : "vv.right.sitting"
        let source = try patient.phantom(atSite: id, take: 1)
        // 66 beats and 15 breaths a minute: 40 s hold 44 beats and 10 breaths.
        let steps = 4000
        let mean = (0..<steps).reduce(0.0) { $0 + source.flowMlPerMin(atSeconds: (Double($1) + 0.5) / 100) }
        let truth = try #require(patient.truth(recordingSeconds: 20).sites.first { $0.id == id })
        #expect(abs(mean / Double(steps) / truth.flowMlPerMin - 1) < 1e-3)
        if truth.areaPulse == 0 {
            #expect(abs(truth.flowMlPerMin - 0.6 * truth.lumenAreaMm2 * truth.lumenVelocityCmPerS) < 1e-6)
        }
    }

    @Test("drainage types share the outflow between jugular and vertebral veins", arguments: [2, 3])
    func drainage(type: Int) throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy-drainage-\(type)"))
        let truth = patient.truth(recordingSeconds: 20)
        let lying = try #require(truth.outflow.first { $0.posture == "supine" })
        let sitting = try #require(truth.outflow.first { $0.posture == "sitting" })
        #expect(Drainage.type(ofJugularShare: lying.jugularMlPerMin / 740) == type)
        #expect(lying.jugularMlPerMin + lying.vertebralMlPerMin < 740)
        #expect(sitting.jugularMlPerMin + sitting.vertebralMlPerMin < 278)
        func flow(_ id: String) throws -> Double {
            try #require(truth.sites.first { $0.id == id }).flowMlPerMin
        }
        // It grows downwards, and the right side carries more.
        #expect(try flow("ijv.left.j3.supine") < flow("ijv.left.j2.supine"))
        #expect(try flow("ijv.left.j2.supine") < flow("ijv.left.j1.supine"))
        #expect(try flow("ijv.left.j1.supine") < flow("ijv.right.j1.supine"))
        #expect(abs(lying.jugularMlPerMin - (type == 2 ? 370 : 199.8)) < 0.1)
    }

    @Test(
        "the bounds between drainage types are 2/3 and 1/3",
        arguments: [(0.67, 1), (0.66, 2), (0.34, 2), (0.33, 3), (0, 3)])
    func drainageTypes(share: Double, type: Int) {
        #expect(Drainage.type(ofJugularShare: share) == type)
    }

    @Test("healthy people of all kinds keep total outflow and mean velocities plausible")
    func plausible() throws {
        for name in ScenarioLibrary.names where name.hasPrefix("healthy") {
            let truth = SimulatedPatient(try ScenarioLibrary.scenario(named: name)).truth(recordingSeconds: 20)
            for part in truth.outflow {
                // 739.8 +/- 326.3 lying, 278.2 +/- 207.9 mL/min sitting (Ciuti 2013): within two deviations.
                let range = part.posture == "supine" ? 87.0...1392 : 0...694
                #expect(range.contains(part.jugularMlPerMin + part.vertebralMlPerMin), "\(name)")
            }
            for site in truth.sites where site.id.hasPrefix("ijv") || site.id.hasPrefix("vv") {
                #expect((2...80).contains(site.lumenVelocityCmPerS), "\(name) \(site.id)")
            }
        }
    }

    @Test(
        "a wrong drainage is refused at its place",
        arguments: [
            ("type: 1", "type: 2", "x.yaml:7:5: a jugular share of 0.8 lying down makes it type 1"),
            ("vertebralShare: 0.1", "vertebralShare: 0.3", "together must be at most 1"),
            ("outflowMlPerMin: 740", "outflowMlPerMin: 7", "`outflowMlPerMin` must be a number"),
            ("rightShare: 0.5", "rightshare: 0.5", "key `rightShare` is missing"),
        ])
    func wrongDrainage(from: String, to: String, problem: String) {
        let text = """
            schema: 1
            scenario: x
            extends: healthy
            drainage:
              type: 1
              supine:
                outflowMlPerMin: 740
                jugularShare: 0.8
                vertebralShare: 0.1
                rightShare: 0.5
            description: A small one
            """
        #expect(throws: Never.self) { try Scenario(yaml: text, file: "x.yaml") }
        let error = #expect(throws: ScenarioError.self) {
            try Scenario(yaml: text.replacing(from, with: to), file: "x.yaml")
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
}
