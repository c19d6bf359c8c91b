import DopplerDSP
import Testing

@Suite("GateRange")
struct GateRangeTests {
    @Test("gates within c / (2 PRF) are accepted")
    func allowed() throws {
        // 1540 m/s, 6 kHz: 128.3 mm.
        try GateRange(firstGateDepthMm: 15, gateLengthMm: 3).validate(prfHz: 6000, speedOfSoundMPerS: 1540)
        try GateRange(firstGateDepthMm: 126, gateLengthMm: 4).validate(prfHz: 6000, speedOfSoundMPerS: 1540)
    }

    @Test("a gate behind the next pulse is an error with all its figures")
    func tooDeep() {
        let range = GateRange(firstGateDepthMm: 60, gateSpacingMm: 10, gateLengthMm: 4, gates: 8)
        #expect(throws: DSPError.gateBeyondPulse(farEdgeMm: 132, prfHz: 7700, greatestMm: 100)) {
            try range.validate(prfHz: 7700, speedOfSoundMPerS: 1540)
        }
    }

    @Test("figures that are no depth, rate or speed are errors", arguments: [0.0, -1, .nan, .infinity])
    func impossible(value: Double) {
        let range = GateRange(firstGateDepthMm: 20, gateLengthMm: 4)
        #expect(throws: DSPError.self) {
            try GateRange(firstGateDepthMm: value, gateLengthMm: 4).validate(prfHz: 6000, speedOfSoundMPerS: 1540)
        }
        #expect(throws: DSPError.self) { try range.validate(prfHz: value, speedOfSoundMPerS: 1540) }
        #expect(throws: DSPError.self) { try range.validate(prfHz: 6000, speedOfSoundMPerS: value) }
    }

    @Test("settings that are not numbers make no analyser", arguments: [Double.nan, .infinity, -1])
    func settings(value: Double) {
        #expect(throws: DSPError.self) { try SpectralAnalyser(SpectralSettings(prfHz: value, wallFilterCutoffHz: 10)) }
        #expect(throws: DSPError.self) {
            try SpectralAnalyser(SpectralSettings(prfHz: 5000, wallFilterCutoffHz: value))
        }
        #expect(throws: DSPError.self) {
            try DopplerScale(centreFrequencyHz: value, insonationAngleDegrees: 60).validate()
        }
    }
}
