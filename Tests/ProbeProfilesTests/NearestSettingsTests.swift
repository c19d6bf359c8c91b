import ProbeLink
import ProbeProfiles
import Testing

@Suite("settings that a profile allows")
struct NearestSettingsTests {
    private func usd3() throws -> DeviceProfile { try ProfileLibrary(file: nil).profile("hs-ulm/usd3.0") }

    private func wanted(
        f0Hz: UInt32 = 4_000_000, prfHz: UInt32 = 5000, depthMm: UInt32 = 20, lengthMm: UInt32 = 4
    ) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: f0Hz, prfMilliHz: prfHz * 1000, firstGateDepthUm: depthMm * 1000,
            gateLengthUm: lengthMm * 1000, burstCycles: 8, streams: .iq, transmitLevelPerMille: 1000)
    }

    @Test("what is possible stays as it is")
    func unchanged() throws { #expect(try usd3().nearestPossible(to: wanted()) == wanted()) }

    @Test(
        "a frequency that the transducer has not becomes its neighbour",
        arguments: [(7_500_000, 8_000_000), (2_900_000, 2_000_000), (3_000_000, 2_000_000), (20_000_000, 8_000_000)]
            as [(UInt32, UInt32)])
    func frequency(_ asked: UInt32, _ expected: UInt32) throws {
        #expect(try usd3().nearestPossible(to: wanted(f0Hz: asked)).centreFrequencyHz == expected)
    }

    @Test("a transmitter that is only switched transmits with all its power where any is wanted, and else not")
    func switchedTransmitter() throws {
        #expect(try usd3().nearestPossible(to: wanted()).transmitLevelPerMille == 1000)
        var silent = wanted()
        silent.transmitLevelPerMille = 0
        #expect(try usd3().nearestPossible(to: silent).transmitLevelPerMille == 0)
    }

    @Test("a PRF below the probe's lowest becomes the lowest")
    func lowestPRF() throws { #expect(try usd3().nearestPossible(to: wanted(prfHz: 1000)).prfHz == 2000) }

    @Test("a deep gate moves the PRF down until one echo is back: 1540 m/s and 102 mm give 7549 Hz")
    func echoTime() throws {
        #expect(try usd3().nearestPossible(to: wanted(prfHz: 12000, depthMm: 100)).prfHz == 7549)
    }

    @Test("a gate beyond the greatest depth moves up until it ends there")
    func depth() throws {
        #expect(try usd3().nearestPossible(to: wanted(prfHz: 2000, depthMm: 400)).firstGateDepthUm == 148_000)
    }
}
