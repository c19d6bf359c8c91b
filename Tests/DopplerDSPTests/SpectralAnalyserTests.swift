import DopplerDSP
import TestSupport
import Testing

@Suite("SpectralAnalyser")
struct SpectralAnalyserTests {
    /// Flow away at gate 0, towards at the others, in noise.
    func scene(seed: Int, pulses: Int, gates: Int = 1) -> [[Sample]] {
        var signals = TestSignals(seed: seed)
        return (0..<gates).map { gate in
            let shiftsHz = signals.normalShifts(meanHz: gate == 0 ? -800 : 500, deviationHz: 80, count: 8)
            return signals.flow(pulses, shiftsHz: shiftsHz, prfHz: 5000, power: 4e4)
                + signals.noise(pulses, power: 400)
        }
    }

    func isSame(_ a: Spectrogram, _ b: Spectrogram) -> Bool {
        a.columns == b.columns && a.power == b.power && a.gate == b.gate
    }

    @Test("gives the same however the samples are cut", arguments: 0..<6)
    func chunking(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let gates = [1, 1, 2, 3, 9, 1][seed]
        let pulses = seed == 5 ? 8000 : 1000
        let values = counts(scene(seed: seed, pulses: pulses, gates: gates))
        let settings = settings(gates: gates, hop: [50, 17, 64, 200, 128, 50][seed], correctsIQ: seed != 1)
        var whole = try SpectralAnalyser(settings)
        try whole.process(values, firstPulse: 1000)
        let expected = whole.finish()
        var pieces = try SpectralAnalyser(settings)
        var taken: [[Spectrogram]] = []
        var done = 0
        while done < pulses {
            let count = min(Int.random(in: 1...(seed == 0 ? 7 : 300), using: &generator), pulses - done)
            let part = Array(values[(2 * gates * done)..<(2 * gates * (done + count))])
            try pieces.process(part, firstPulse: 1000 + UInt64(done))
            done += count
            if Bool.random(using: &generator) { taken.append(pieces.takeColumns()) }
        }
        taken.append(pieces.finish())
        for gate in 0..<gates {
            let joined = Spectrogram(
                settings: settings, gate: gate, columns: taken.flatMap { $0[gate].columns },
                power: taken.flatMap { $0[gate].power })
            #expect(isSame(joined, expected[gate]))
        }
        #expect(expected[0].columns.count == (pulses - 128) / settings.hopPulses + 1)
    }

    @Test("gives the same when it goes on in the memory of what was taken", arguments: 0..<4)
    func reusedMemory(seed: Int) throws {
        let gates = [1, 2, 3, 9][seed]
        let values = counts(scene(seed: seed, pulses: 1400, gates: gates))
        let (settings, otherSettings) = (settings(gates: gates, hop: [50, 17, 64, 30][seed]), settings(hop: 3))
        var fresh = try SpectralAnalyser(settings)
        var again = try SpectralAnalyser(settings)
        // What other settings left is not used.
        var taken = seed == 2 ? fresh.takeColumns() : []
        if seed == 3 { taken = try SpectralAnalyser(otherSettings).undecidedColumns() }
        for recording in 0..<2 {
            var done = 0
            while done < 1400 {
                let part = Array(values[2 * gates * done..<2 * gates * (done + 350)])
                let firstPulse = UInt64(done + recording * 5000)
                try fresh.process(part, firstPulse: firstPulse)
                try again.process(part, firstPulse: firstPulse)
                done += 350
                let expected = done < 1400 ? fresh.takeColumns() : fresh.finish()
                if done < 1400 { again.takeColumns(into: &taken) } else { again.finish(into: &taken) }
                #expect(taken.count == gates)
                for (a, b) in zip(taken, expected) {
                    #expect(isSame(a, b))
                    #expect(a.course?.blocks == b.course?.blocks && a.course?.stretches == b.course?.stretches)
                    let (x, y) = (a.course?.samples(from: 0, to: 9), b.course?.samples(from: 0, to: 9))
                    #expect(x?.inPhase == y?.inPhase && x?.quadrature == y?.quadrature)
                }
            }
        }
    }

    @Test("begins column k at k hops from the first pulse")
    func columnPlaces() throws {
        var analyser = try SpectralAnalyser(settings(hop: 50))
        try analyser.process(counts(scene(seed: 1, pulses: 400)), firstPulse: 7)
        let columns = analyser.finish()[0].columns
        #expect(columns.map(\.firstPulse) == [7, 57, 107, 157, 207, 257])
        #expect(abs(columns[1].centreSeconds - (57 + 64) / 5000) < 1e-12)
    }

    @Test("lets no column span a gap and settles after it")
    func gap() throws {
        var analyser = try SpectralAnalyser(settings(hop: 50))
        let values = counts(scene(seed: 2, pulses: 1000))
        try analyser.process(Array(values[..<1000]), firstPulse: 0)
        try analyser.process(Array(values[1000...]), firstPulse: 600)
        let settling = analyser.settlingPulses
        let columns = analyser.finish()[0].columns
        #expect(
            columns.map(\.firstPulse) == Array(stride(from: 0, through: 372, by: 50))
                + Array(stride(from: 600, through: 972, by: 50)))
        #expect(settling == 144)
        let settlingColumns = columns.filter { $0.flags.contains(.settling) }
        #expect(settlingColumns.map(\.firstPulse) == [0, 50, 100, 600, 650, 700])
    }

    @Test("sees the stretch after a gap as if it were alone")
    func stretchAlone() throws {
        let values = counts(scene(seed: 3, pulses: 600))
        var both = try SpectralAnalyser(settings())
        try both.process(counts(scene(seed: 4, pulses: 300)), firstPulse: 0)
        try both.process(values, firstPulse: 10_000)
        var alone = try SpectralAnalyser(settings())
        try alone.process(values, firstPulse: 10_000)
        let expected = alone.finish()[0]
        let found = both.finish()[0]
        #expect(found.power.suffix(expected.power.count).elementsEqual(expected.power))
        #expect(found.columns.suffix(expected.columns.count).map(\.firstPulse) == expected.columns.map(\.firstPulse))
    }

    @Test("takes the pulse counter's end and going back as a jump")
    func counterJumps() throws {
        var analyser = try SpectralAnalyser(settings())
        let values = counts(scene(seed: 5, pulses: 200))
        try analyser.process(values, firstPulse: .max - 199)
        try analyser.process(values, firstPulse: 0)
        try analyser.process(values, firstPulse: 100)
        #expect(analyser.finish()[0].columns.map(\.firstPulse).suffix(2) == [100, 150])
    }

    @Test("marks the columns that touch clipped or silent pulses, and no others")
    func conditions() throws {
        var analyser = try SpectralAnalyser(settings(hop: 50))
        let values = counts(scene(seed: 6, pulses: 900))
        try analyser.process(Array(values[..<600]), firstPulse: 0)
        try analyser.process(Array(values[600..<620]), firstPulse: 300, flags: [.transmitting, .clipped])
        try analyser.process(Array(values[620..<1200]), firstPulse: 310)
        try analyser.process(Array(values[1200..<1202]), firstPulse: 600, flags: [])
        try analyser.process(Array(values[1202...]), firstPulse: 601)
        for column in analyser.finish()[0].columns {
            let pulses = column.firstPulse..<column.firstPulse + 128
            #expect(column.flags.contains(.clipped) == pulses.overlaps(300..<310))
            #expect(column.flags.contains(.notTransmitting) == pulses.contains(600))
        }
    }

    @Test("reads hand-made little-endian bytes of both widths")
    func bytes() throws {
        let settings = settings(fftLength: 64, hop: 64, cutoffHz: 0)
        // I, Q = 256, -2 and -256, 2 in turn: all power at half the pulse repetition frequency.
        let narrow: [UInt8] = [0x00, 0x01, 0xFE, 0xFF, 0x00, 0xFF, 0x02, 0x00]
        let wide: [UInt8] = [
            0x00, 0x01, 0x00, 0x00, 0xFE, 0xFF, 0xFF, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0x02, 0x00, 0x00, 0x00,
        ]
        for (format, pair) in [(IQFormat.int16, narrow), (.int32, wide)] {
            let bytes = (0..<32).flatMap { _ in pair }
            var analyser = try SpectralAnalyser(settings)
            try analyser.process(
                bytes.span.bytes, format: format, pulses: 64, firstPulse: 0, flags: [.transmitting])
            let power = analyser.finish()[0].power
            #expect(power.count == 64)
            // The window spreads a tone over three bins: 2/3 in the middle, 1/6 on each side.
            #expect(abs(power[0] - 65_540 * 2 / 3) < 1)
            #expect(abs(power[1] - 65_540 / 6) < 1 && abs(power[63] - 65_540 / 6) < 1)
            #expect(power[2...62].allSatisfy { $0 < 1e-3 })
        }
    }

    @Test("has bins that add up to the samples' power")
    func powerSum() throws {
        var signals = TestSignals(seed: 9)
        let found = try spectrogram(signals.noise(12_800, power: 900), settings(hop: 128, cutoffHz: 0))
        let mean = found.power.reduce(0, +) / Float(found.columns.count)
        #expect(abs(mean / 900 - 1) < 0.05)
        #expect(found.power(ofColumn: 0).count == 128 && found.power(ofColumn: 100).isEmpty)
        #expect(found.shiftHz(ofBin: 0) == -2500)
    }

    @Test("refuses bytes that do not match the header, and goes on as before")
    func wrongBytes() throws {
        var analyser = try SpectralAnalyser(settings(gates: 2))
        let values = [Int16](repeating: 0, count: 41)
        for pulses in [10, 11, -1, 0, Int.max, Int.min] {
            #expect(throws: DSPError.self) {
                try analyser.process(
                    values.span.bytes, format: .int16, pulses: pulses, firstPulse: 0, flags: [.transmitting])
            }
        }
        #expect(analyser.finish().allSatisfy { $0.columns.isEmpty })
    }

    @Test("holds a column back only while it may be a tap, and shows it meanwhile")
    func undecided() throws {
        var signals = TestSignals(seed: 10)
        var analyser = try SpectralAnalyser(settings())
        try analyser.process(counts([signals.noise(4000, power: 400)]))
        #expect(analyser.takeColumns()[0].columns.count == 78)
        #expect(analyser.undecidedColumns()[0].columns.isEmpty)
        try analyser.process(counts([signals.noise(200, power: 4e5)]), firstPulse: 4000)
        let early = analyser.takeColumns()[0].columns.count
        let waiting = analyser.undecidedColumns()[0]
        #expect(waiting.columns.count == 4 - early && waiting.columns.count >= 3)
        #expect(waiting.power.count == 128 * waiting.columns.count)
        try analyser.process(counts([signals.noise(1000, power: 400)]), firstPulse: 4200)
        #expect(analyser.takeColumns()[0].columns.filter { $0.flags.contains(.tap) }.count >= 3)
        #expect(analyser.undecidedColumns()[0].columns.isEmpty)
    }

    @Test("measures nothing in silence: no flow, no shift, no envelope")
    func silence() throws {
        let found = try spectrogram([Sample](repeating: Sample(120, -7), count: 2000), settings())
        for column in found.columns {
            #expect(column.flags.contains(.noFlowDetected))
            #expect(column.meanShiftHz == nil && column.spectralMeanShiftHz == nil)
            #expect(column.envelopeTowardsHz == nil && column.envelopeAwayHz == nil)
            #expect(column.noiseDb.isFinite && column.signalToNoiseAwayDb <= 0)
        }
    }

    @Test("stands samples at full scale", arguments: IQFormat.allCases)
    func fullScale(format: IQFormat) throws {
        var analyser = try SpectralAnalyser(settings(fftLength: 1024, hop: 512))
        let bytes = (0..<2048 * format.bytesPerPair).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ ($0 >> 3)) }
        try analyser.process(bytes.span.bytes, format: format, pulses: 2048, firstPulse: 0, flags: [])
        let found = analyser.finish()[0]
        #expect(found.columns.count == 3 && found.power.allSatisfy(\.isFinite))
        #expect(found.columns.allSatisfy { $0.noiseDb.isFinite && $0.signalToNoiseTowardsDb.isFinite })
    }

    @Test(
        "refuses settings that cannot be used",
        arguments: [
            (100, 64, 1), (32, 64, 1), (2048, 64, 1), (128, 0, 1), (128, 65_537, 1), (128, 64, 0), (128, 64, 513),
        ])
    func refusesCounts(fftLength: Int, hop: Int, gates: Int) {
        #expect(throws: DSPError.self) {
            try SpectralAnalyser(settings(gates: gates, fftLength: fftLength, hop: hop))
        }
    }

    @Test(
        "refuses rates and cut-offs that cannot be used",
        arguments: [(0.0, 0.0), (-5, 0), (.nan, 0), (5000, 2500), (5000, -1), (5000, .nan)])
    func refusesRates(prfHz: Double, cutoffHz: Double) {
        var settings = settings()
        settings.prfHz = prfHz
        settings.wallFilterCutoffHz = cutoffHz
        #expect(throws: DSPError.self) { try SpectralAnalyser(settings) }
    }

    @Test("accepts every offered length, hop and cut-off", arguments: [64, 128, 256, 512, 1024])
    func acceptsAll(length: Int) throws {
        for (hop, cutoffHz) in [(1, 0.0), (64, 2499), (3000, 10), (length, 1200)] {
            var analyser = try SpectralAnalyser(settings(fftLength: length, hop: hop, cutoffHz: cutoffHz))
            try analyser.process(counts(scene(seed: length, pulses: length + 40)))
            let pulses = UInt64(length + 40)
            try analyser.process(counts(scene(seed: length, pulses: 40)), firstPulse: pulses)
            #expect(analyser.finish()[0].columns.count == 80 / hop + 1)
        }
    }
}
