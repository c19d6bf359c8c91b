import ProbeLink
import Testing

@Suite("What differs from the settings that were wanted")
struct SettingsChangesTests {
    private let wanted = AcquisitionSettings(
        centreFrequencyHz: 4_000_000, prfMilliHz: 5_000_000, firstGateDepthUm: 15_000, gateSpacingUm: 1000,
        gateLengthUm: 2000, gates: 24, burstCycles: 8, streams: .iq, transmitLevelPerMille: 500)

    @Test("the same settings and a clock's steps are no difference")
    func none() {
        #expect(wanted.changes(fromWanted: wanted).isEmpty)
        var stepped = wanted
        stepped.prfMilliHz = 4_950_000
        stepped.firstGateDepthUm = 15_900
        #expect(stepped.changes(fromWanted: wanted).isEmpty)
    }

    @Test("each that was moved is named with both figures")
    func moved() {
        var inForce = wanted
        inForce.centreFrequencyHz = 2_000_000
        inForce.prfMilliHz = 3_500_500
        inForce.firstGateDepthUm = 20_000
        inForce.gateLengthUm = 1500
        inForce.gates = 8
        inForce.gateSpacingUm = 1250
        #expect(
            inForce.changes(fromWanted: wanted) == [
                "frequency: 4000000 Hz asked, 2000000 Hz in force", "PRF: 5000 Hz asked, 3500.5 Hz in force",
                "depth of the first gate: 15 mm asked, 20 mm in force",
                "length of a gate: 2 mm asked, 1.5 mm in force", "gates: 24 asked, 8 in force",
                "distance of gates: 1 mm asked, 1.25 mm in force",
            ])
    }
}
