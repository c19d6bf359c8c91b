import ProbeSimulator
import Testing

@Suite("Heart and breathing of the simulated patient")
struct PatientPhysiologyTests {
    @Test("breathing rises through inspiration and falls through expiration")
    func respirationRises() {
        let belt = stride(from: 0.0, to: 4.0, by: 0.05).map { calmPhysiology.respiration(atSeconds: $0) }
        let rising = zip(belt, belt.dropFirst()).map { $0 < $1 }
        // 40 % of 4 s: 1.6 s, 32 steps.
        #expect(rising[0..<32].allSatisfy { $0 })
        #expect(rising[33...].allSatisfy { !$0 })
        #expect(belt[0] == -12_000)
        #expect(belt[32] == 12_000)
    }

    @Test("deep breathing has more excursion and the same rhythm")
    func deepBreathing() {
        var deep = calmPhysiology
        deep.breathesDeeply = true
        #expect(deep.respiration(atSeconds: 1.6) == 26_000)
        #expect(deep.respiration(atSeconds: 4) == -26_000)
    }

    @Test("the R wave stands at the begin of every beat and above everything else")
    func rWaves() {
        for beat in 0..<5 {
            #expect(calmPhysiology.electrocardiogramMicroV(atSeconds: Double(beat)) == 1000)
        }
        for step in 5..<95 {
            #expect(calmPhysiology.electrocardiogramMicroV(atSeconds: Double(step) / 100) < 500)
        }
    }

    @Test("venous velocity keeps its mean under pulse and breathing, and is faster in inspiration")
    func modulationHasNoMean() {
        var site = plainSite(velocityCmPerS: 10)
        site.cardiacModulation = 0.3
        site.respiratoryModulation = 0.3
        let flow = phantom(site).flow
        let velocities = (0..<4000).map { flow.velocityCmPerS(atSeconds: (Double($0) + 0.5) / 1000) }
        #expect(abs(velocities.reduce(0, +) / 4000 - 10) < 0.01)
        #expect(velocities.allSatisfy { $0 > 0 })
        let inspiration = velocities[..<1600].reduce(0, +) / 1600
        let expiration = velocities[1600...].reduce(0, +) / 2400
        #expect(inspiration > expiration + 1)
    }

    @Test("the phantom's channels are those of the patient")
    func channels() {
        let source = phantom(plainSite())
        let values = source.physiology(atSeconds: 1)
        #expect(values.ecgMicroV == 1000)
        #expect(values.respiration == calmPhysiology.respiration(atSeconds: 1))
        #expect(source.physiology(atSeconds: .nan).ecgMicroV == 1000)
        #expect(source.physiology(atSeconds: 1e300).respiration == -12_000)
    }
}
