import DopplerDSP
import Glibc
import Testing

@Suite("WallFilter")
struct WallFilterTests {
    /// Share of a tone's amplitude that is left once the filter has settled.
    func measured(_ filter: WallFilter, atHz shiftHz: Double) throws -> Double {
        var filter = filter
        let pulses = 3 * filter.settlingPulses + 400
        var values: [Float] = []
        for pulse in 0..<pulses {
            let angle = 2 * Double.pi * shiftHz / filter.prfHz * Double(pulse)
            values += [Float(1000 * cos(angle)), Float(1000 * sin(angle))]
        }
        try filter.process(&values)
        let last = values.suffix(200)
        let power = last.reduce(0) { $0 + Double($1) * Double($1) } / 100
        return power.squareRoot() / 1000
    }

    @Test("is 3 dB down at the cut-off", arguments: [(50.0, 5000.0), (100, 5000), (400, 1000), (20, 2000)])
    func cutoff(cutoffHz: Double, prfHz: Double) throws {
        let filter = try WallFilter(cutoffHz: cutoffHz, prfHz: prfHz)
        #expect(abs(20 * log10(try measured(filter, atHz: cutoffHz)) + 3.0103) < 0.05)
        #expect(abs(20 * log10(filter.response(atHz: cutoffHz)) + 3.0103) < 1e-4)
        #expect(abs(20 * log10(try measured(filter, atHz: -cutoffHz)) + 3.0103) < 0.05)
    }

    @Test("falls by 24 dB an octave below the cut-off")
    func stopBand() throws {
        let filter = try WallFilter(cutoffHz: 200, prfHz: 5000)
        #expect(abs(20 * log10(try measured(filter, atHz: 100)) + 24.2) < 0.3)
        #expect(abs(20 * log10(try measured(filter, atHz: 50)) + 48.3) < 0.5)
        #expect(try measured(filter, atHz: 20) < 2e-4)
    }

    @Test("passes flow above the cut-off", arguments: [300.0, 600, 1500, 2450, -300, -2000])
    func passband(shiftHz: Double) throws {
        let filter = try WallFilter(cutoffHz: 150, prfHz: 5000)
        let expected = filter.response(atHz: shiftHz)
        #expect(expected > 0.99 && expected <= 1)
        #expect(abs(try measured(filter, atHz: shiftHz) - expected) < 2e-3)
    }

    @Test("gives no transient for a constant input", arguments: [1, 3, 9])
    func constant(gates: Int) throws {
        var filter = try WallFilter(cutoffHz: 100, prfHz: 5000, gates: gates)
        var values = [Float](repeating: 0, count: 2 * gates * 300)
        for index in values.indices { values[index] = Float(20_000 - 137 * (index % (2 * gates))) }
        try filter.process(&values)
        #expect(values.allSatisfy { abs($0) < 1e-2 })
    }

    @Test("starts again after a reset")
    func reset() throws {
        var filter = try WallFilter(cutoffHz: 100, prfHz: 5000)
        var first: [Float] = [100, -50, 100, -50, 900, 3, 100, -50]
        try filter.process(&first)
        filter.reset()
        var second = [Float](repeating: 12_345, count: 40)
        try filter.process(&second)
        #expect(second.allSatisfy { abs($0) < 1e-2 })
    }

    @Test("filters every gate alike, however many there are", arguments: [2, 3, 4, 5, 8, 9, 12, 17])
    func lanes(gates: Int) throws {
        var signals = TestSignals(seed: gates)
        let gatesSamples = (0..<gates).map { _ in signals.noise(60, power: 1e6) }
        var together = counts(gatesSamples).map { Float($0) }
        var filter = try WallFilter(cutoffHz: 100, prfHz: 5000, gates: gates)
        try filter.process(&together)
        for gate in 0..<gates {
            var alone = counts([gatesSamples[gate]]).map { Float($0) }
            var single = try WallFilter(cutoffHz: 100, prfHz: 5000)
            try single.process(&alone)
            for pulse in 0..<60 {
                for part in 0..<2 {
                    #expect(abs(together[(pulse * gates + gate) * 2 + part] - alone[2 * pulse + part]) < 0.01)
                }
            }
        }
    }

    @Test("has settled to -60 dB after its settling time", arguments: [20.0, 100, 800])
    func settling(cutoffHz: Double) throws {
        var filter = try WallFilter(cutoffHz: cutoffHz, prfHz: 5000)
        let settling = filter.settlingPulses
        var values: [Float] = [0, 0] + [Float](repeating: 10_000, count: 2 * (settling + 200))
        try filter.process(&values)
        #expect(values[2...].prefix(2 * settling / 4).contains { abs($0) > 100 })
        #expect(values.dropFirst(2 * settling + 2).allSatisfy { abs($0) <= 15 })
    }

    @Test("passes everything with a cut-off of 0")
    func noCutoff() throws {
        var filter = try WallFilter(cutoffHz: 0, prfHz: 5000)
        var values: [Float] = [5, 6, -7, 8]
        try filter.process(&values)
        #expect(values == [5, 6, -7, 8])
        #expect(filter.settlingPulses == 0 && filter.response(atHz: 0) == 1)
    }

    @Test("names its cut-off as a velocity: 150 Hz is 5.8 cm/s at 2 MHz")
    func cutoffVelocity() throws {
        let filter = try WallFilter(cutoffHz: 150, prfHz: 5000)
        let scale = DopplerScale(centreFrequencyHz: 2e6, insonationAngleDegrees: 0)
        #expect(abs(filter.cutoffCmPerS(scale) - 5.775) < 1e-9)
    }

    @Test("refuses a cut-off of half the rate and more", arguments: [-1.0, 2500, 9e9, .nan, .infinity])
    func refusesCutoff(cutoffHz: Double) {
        #expect(throws: DSPError.self) { try WallFilter(cutoffHz: cutoffHz, prfHz: 5000) }
    }

    @Test("refuses a pulse that is not whole")
    func refusesPart() throws {
        var filter = try WallFilter(cutoffHz: 100, prfHz: 5000, gates: 2)
        var values = [Float](repeating: 0, count: 6)
        #expect(throws: DSPError.arrayLength(found: 6, expected: 8)) { try filter.process(&values) }
    }
}
