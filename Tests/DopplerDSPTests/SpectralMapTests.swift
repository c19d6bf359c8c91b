import DopplerDSP
import Testing

@Suite("SpectralMap")
struct SpectralMapTests {
    private func scene(seed: Int, pulses: Int, gates: Int) -> [Int16] {
        var signals = TestSignals(seed: seed)
        return counts(
            (0..<gates).map { gate in
                let shiftsHz = signals.normalShifts(meanHz: gate == 0 ? -800 : 500, deviationHz: 80, count: 8)
                return signals.flow(pulses, shiftsHz: shiftsHz, prfHz: 5000, power: 4e4)
                    + signals.noise(pulses, power: 400)
            })
    }

    private func mapped(
        _ settings: SpectralSettings, _ values: [Int16], chunk: Int = .max, gapAfter: Int = .max
    ) throws -> SpectralMap.Columns {
        var map = try SpectralMap(settings)
        let pulses = values.count / 2 / settings.gates
        var done = 0
        while done < pulses {
            let count = min(chunk, pulses - done)
            let part = Array(values[2 * settings.gates * done..<2 * settings.gates * (done + count)])
            let first = UInt64(done) + (done >= gapAfter ? 1000 : 0)
            try map.process(part.span.bytes, format: .int16, pulses: count, firstPulse: first)
            done += count
        }
        var columns: SpectralMap.Columns?
        map.takeColumns(into: &columns)
        return try #require(columns)
    }

    @Test("its spectra and times are those of the analyser, bit for bit", arguments: [1, 2, 3, 9, 40])
    func sameSpectra(gates: Int) throws {
        let settings = settings(gates: gates, hop: 50)
        let values = scene(seed: gates, pulses: 1100, gates: gates)
        let map = try mapped(settings, values)
        var analyser = try SpectralAnalyser(settings)
        try analyser.process(values, firstPulse: 0)
        for spectrogram in analyser.finish() {
            #expect(map.firstPulses == spectrogram.columns.map(\.firstPulse))
            let power = map.firstPulses.indices.flatMap { map.power(column: $0, gate: spectrogram.gate) }
            #expect(power == spectrogram.power)
        }
    }

    @Test("gives the same however the samples are cut, and no column spans a gap", arguments: [1, 7, 64, 300])
    func chunks(chunk: Int) throws {
        let settings = settings(gates: 3, hop: 17)
        let values = scene(seed: 5, pulses: 900, gates: 3)
        let whole = try mapped(settings, values)
        let pieces = try mapped(settings, values, chunk: chunk)
        #expect(pieces.firstPulses == whole.firstPulses)
        #expect(pieces.power == whole.power)
        #expect(pieces.meanShiftsHz == whole.meanShiftsHz)
        let broken = try mapped(settings, values, chunk: 450, gapAfter: 450)
        let columnsEach = (450 - 128) / 17 + 1
        #expect(broken.firstPulses.count == 2 * columnsEach)
        #expect(broken.firstPulses[columnsEach] == 1450)
    }

    @Test("gives the same where so much comes at once that it goes past the caches")
    func streamed() throws {
        let settings = settings(gates: 40, hop: 50)
        let values = scene(seed: 6, pulses: 3000, gates: 40)
        let whole = try mapped(settings, values)
        // A mebibyte and more at once, against pieces of less.
        #expect(whole.power.count * MemoryLayout<Float>.stride > 1 << 20)
        let pieces = try mapped(settings, values, chunk: 500)
        #expect(pieces.power == whole.power)
        #expect(pieces.meanShiftsHz == whole.meanShiftsHz)
    }

    @Test("the mean of a tone is the tone's shift", arguments: [-1900.0, -300, 250, 1200, 2300])
    func toneMean(shiftHz: Double) throws {
        var signals = TestSignals(seed: 1)
        let tone = signals.flow(600, shiftsHz: [shiftHz], prfHz: 5000, power: 1e6)
        let map = try mapped(settings(gates: 1, hop: 64), counts([tone]))
        // The wall filter's transient is over after some columns.
        for mean in map.meanShiftsHz.dropFirst(2) { #expect(abs(Double(mean) - shiftHz) < 5) }
    }

    @Test("silence has no mean, which is not a mean of 0")
    func silence() throws {
        let map = try mapped(settings(gates: 1, hop: 64), [Int16](repeating: 0, count: 600))
        #expect(map.meanShiftsHz.count == 3)
        for mean in map.meanShiftsHz { #expect(mean.isNaN) }
    }

    @Test("goes on in the memory of what was taken, and what other gates left is not used")
    func reusedMemory() throws {
        let (own, others) = (settings(gates: 2, hop: 30), settings(gates: 5, hop: 64))
        let values = scene(seed: 3, pulses: 700, gates: 2)
        var taken: SpectralMap.Columns? = try mapped(
            others, scene(seed: 4, pulses: 300, gates: 5))
        var map = try SpectralMap(own)
        for _ in 0..<2 {
            try map.process(values.span.bytes, format: .int16, pulses: 700, firstPulse: 0)
            map.takeColumns(into: &taken)
            let columns = try #require(taken)
            let whole = try mapped(own, values)
            #expect(columns.firstPulses == whole.firstPulses)
            #expect(columns.power == whole.power)
        }
    }

    @Test("refuses what it cannot do: to correct I and Q, and bytes that are no whole pulses")
    func refusals() throws {
        #expect(throws: DSPError.mapCannotCorrectIQ) { _ = try SpectralMap(settings(gates: 1, correctsIQ: true)) }
        var map = try SpectralMap(settings(gates: 2))
        #expect(throws: DSPError.sampleBytes(found: 6, pulses: 1, gates: 2, bytesPerPair: 4)) {
            try map.process([Int16](repeating: 0, count: 3).span.bytes, format: .int16, pulses: 1, firstPulse: 0)
        }
        var columns: SpectralMap.Columns?
        map.takeColumns(into: &columns)
        #expect(columns?.firstPulses == [])
    }
}
