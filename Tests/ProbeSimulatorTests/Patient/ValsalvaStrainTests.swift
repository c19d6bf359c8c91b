import ProbeSimulator
import Testing

@Suite("The Valsalva manoeuvre")
struct ValsalvaStrainTests {
    private func source(_ strain: ValsalvaStrain, seed: Int = 1) -> VesselPhantom {
        var site = plainSite(velocityCmPerS: 12)
        site.strain = strain
        return phantom(site, seed: seed)
    }

    @Test("a competent valve closes in 0.22 to 0.78 s, an incompetent one leaks for 1.23 to 6.15 s, over 300 seeds")
    func published() {
        for (valve, lengths, mean, peaks) in [
            (ValsalvaStrain.Valve.competent, 0.22...0.78, 0.46, 12.0...65), (.incompetent, 1.23...6.15, 2.75, 25...160),
        ] {
            let found = (0..<300).compactMap { seed in
                source(ValsalvaStrain(valve: valve), seed: seed).flow.reversals(withinSeconds: 20).first
            }
            #expect(found.count == 300)
            #expect(found.allSatisfy { lengths.contains($0.durationSeconds) && $0.onsetSeconds == 5 })
            // The published velocity is a peak: 1.25 times the mean of this profile.
            #expect(found.allSatisfy { peaks.contains($0.velocityCmPerS * 1.25) })
            let sum = found.reduce(0) { $0 + $1.durationSeconds }
            #expect(abs(sum / 300 / mean - 1) < 0.1)
            #expect(found.allSatisfy { $0.kind == (valve == .competent ? .valveClosure : .valveLeak) })
        }
    }

    @Test("flow turns, stops while the vein is wide, and comes back faster after the release")
    func course() throws {
        let source = source(ValsalvaStrain(beginSeconds: 5, strainSeconds: 6, areaFactor: 1.5))
        let backflow = try #require(source.flow.reversals(withinSeconds: 20).first)
        #expect(source.flow.velocityCmPerS(atSeconds: 4.9) == 12)
        #expect(source.flow.velocityCmPerS(atSeconds: 5.1) == -backflow.velocityCmPerS)
        for time in [backflow.endSeconds + 0.01, 8, 10.99] {
            #expect(source.flow.velocityCmPerS(atSeconds: time) == 0)
        }
        #expect(source.flow.velocityCmPerS(atSeconds: 11.3) > 15)
        #expect(abs(source.flow.velocityCmPerS(atSeconds: 19) - 12) < 0.1)
        let resting = source.lumenAreaMm2(atSeconds: 4.9)
        #expect(abs(source.lumenAreaMm2(atSeconds: 8) / resting - 1.5) < 1e-9)
        #expect(abs(source.lumenAreaMm2(atSeconds: 12) / resting - 1) < 1e-9)
        #expect(source.flowMlPerMin(atSeconds: 8) == 0)
    }

    @Test("the breath is held from begin to release, and the rhythm comes back")
    func breathIsHeld() {
        let held = source(ValsalvaStrain(beginSeconds: 5, strainSeconds: 6))
        let belt = stride(from: 5.0, through: 11, by: 0.25).map { held.physiology(atSeconds: $0).respiration }
        #expect(Set(belt).count == 1)
        let free = phantom(plainSite())
        for time in [3.0, 4.9, 11.6, 15] {
            #expect(held.physiology(atSeconds: time).respiration == free.physiology(atSeconds: time).respiration)
        }
    }

    @Test("no other reversal comes while the patient strains")
    func othersWait() {
        var site = plainSite(velocityCmPerS: 12)
        site.strain = ValsalvaStrain(beginSeconds: 5, strainSeconds: 6)
        site.reversals = [.reflux(onsetSeconds: 2, lengthSeconds: 1, velocityCmPerS: 8)]
        let kinds = phantom(site).flow.reversals(withinSeconds: 20).map { ($0.onsetSeconds, $0.kind) }
        #expect(kinds.map(\.0) == [2, 5, 14, 18])
        #expect(kinds.map(\.1) == [.reflux, .valveClosure, .reflux, .reflux])
    }

    @Test("comes when it is asked for, or in every recording where the scenario says so")
    func occasions() throws {
        func reversals(_ name: String, _ id: String, _ breathing: SimulatedPatient.Breathing) throws -> Int {
            try SimulatedPatient(try ScenarioLibrary.scenario(named: name))
                .phantom(atSite: id, take: 1, breathing: breathing).flow.reversals(withinSeconds: 20).count
        }
        #expect(try reversals("healthy", "ijv.left.j1.supine", .quiet) == 0)
        #expect(try reversals("healthy", "ijv.left.j1.supine", .valsalva) == 1)
        #expect(try reversals("healthy-elderly", "ijv.left.j1.supine", .quiet) == 0)
        #expect(try reversals("healthy-valsalva", "ijv.left.j1.supine", .quiet) == 1)
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy-elderly"))
        let truth = patient.truth(recordingSeconds: 20, breathing: .valsalva)
        let site = try #require(truth.sites.first { $0.id == "ijv.left.j1.supine" })
        #expect(site.reversals.map(\.kind) == [.valveLeak])
        #expect(site.strain?.valve == .incompetent)
    }
}

@Suite("The brief reversal of the azygos vein")
struct DiastolicReversalTests {
    @Test("comes in the same place of every heart beat and never counts as long")
    func everyBeat() throws {
        let patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "healthy-azygos"))
        let source = try patient.phantom(atSite: "azv.right.intercostal.sitting", take: 1)
        let reversals = source.flow.reversals(withinSeconds: 20)
        // 66 beats a minute: 22 in 20 s.
        #expect(reversals.count == 22)
        for (beat, reversal) in reversals.enumerated() {
            #expect(abs(reversal.onsetSeconds - (Double(beat) + 0.7) * 60 / 66) < 1e-9)
            #expect(reversal.durationSeconds == 0.15)
            #expect(reversal.kind == .diastolic)
            #expect(source.flow.velocityCmPerS(atSeconds: reversal.onsetSeconds + 0.07) == -6)
        }
        #expect(patient.truth(recordingSeconds: 20).expected.criteria.values.allSatisfy { $0 == .notMet })
    }
}
