import TestSupport
import Testing

@testable import DopplerDSP  // The kernels of the levels that are not in use are not public.

@Suite("Kernels that measure")
struct MeterKernelTests {
    /// Exponentially distributed noise with a band of flow on one side, as a periodogram has it.
    private func spectra(_ count: Int, length: Int, seed: Int) -> [[Float]] {
        var generator = SeededGenerator(seed: UInt64(seed) &* 31 &+ 7)
        return (0..<count).map { index in
            var power = (0..<length).map { _ in -log1p(-Float.random(in: 0..<0.999, using: &generator)) }
            // Every fourth has noise alone.
            guard index % 4 != 3 else { return power }
            let width = Int.random(in: 1...length / 4, using: &generator)
            let first = Int.random(in: 0..<length, using: &generator)
            for bin in first..<first + width { power[bin % length] *= Float.random(in: 5...3000, using: &generator) }
            return power
        }
    }

    private func log1p(_ value: Float) -> Float {
        // Enough of the series for a test's noise.
        var term: Float = 1
        var sum: Float = 0
        for order in 1...60 {
            term *= -value
            sum -= term / Float(order)
        }
        return sum
    }

    /// For each bin a value of each spectrum.
    private func sideBySide(_ spectra: [[Float]]) -> [Float] {
        (spectra.first ?? []).indices.flatMap { bin in spectra.map { $0[bin] } }
    }

    @Test(
        "find the noise and the flow of each spectrum as one by one, in every bit", arguments: SIMDLevelTests.offered,
        [64, 128, 256, 512, 1024])
    func measuring(level: SIMDLevel, length: Int) throws {
        let kernels = level.kernels
        let lanes = kernels.batchLanes
        for (seed, cutoffHz) in [0.0, 60, 150, 1200].enumerated() {
            let settings = settings(fftLength: length, cutoffHz: cutoffHz)
            let estimator = NoiseEstimator(settings)
            let spectra = spectra(lanes, length: length, seed: seed)
            let bins = sideBySide(spectra)
            var noise = [Float](repeating: 0, count: lanes)
            estimator.noise(ofLanes: bins, &noise, by: kernels)
            #expect(noise == spectra.map { estimator.noise(of: $0) })
            for share in cutoffHz < 200 ? [0, 0.3, -0.7] : [0] {
                let meter = ColumnMeter(settings, baseline: try BaselineShift(shareOfNyquist: share))
                let perNoise = noise.map { 1 / $0 }
                var found = [Float](repeating: 0, count: 2 * FlowScan.valuesASide * lanes)
                found.withUnsafeMutableBufferPointer { found in
                    guard let start = found.baseAddress else { return }
                    kernels.scan(bins, meter.scanPlan(isAway: false), isAway: false, perNoise: perNoise, start)
                    kernels.scan(
                        bins, meter.scanPlan(isAway: true), isAway: true, perNoise: perNoise,
                        start + FlowScan.valuesASide * lanes)
                }
                for lane in 0..<lanes {
                    var mine = FlowScan(found, lane: lane, lanes: lanes)
                    let figures = meter.figures(spectra[lane], noise: noise[lane], mine)
                    #expect(figures == meter.figures(spectra[lane], noise: noise[lane]))
                    mine.beyond = nil
                    #expect(mine == meter.scan(spectra[lane], perNoise: perNoise[lane]))
                }
            }
        }
    }

    @Test("sum lag products over blocks of every length", arguments: SIMDLevelTests.offered, [4, 8, 16])
    func lagProducts(level: SIMDLevel, blockPulses: Int) {
        let i = spectra(1, length: 64, seed: 1)[0]
        let q = spectra(1, length: 64, seed: 2)[0]
        for iq in [IQCorrection.none, IQCorrection(gainRatio: 1.1, phaseRadians: -0.05)] {
            let mended = zip(i, q).map { $1 * iq.shareOfQ + $0 * iq.shareOfI }
            var (real, imaginary) = ([Float](repeating: 0, count: 48), [Float](repeating: 0, count: 48))
            var blocks = [Float](repeating: 0, count: 48 / blockPulses * 4)
            i.withUnsafeBufferPointer { i in
                q.withUnsafeBufferPointer { q in
                    guard let i = i.baseAddress, let q = q.baseAddress else { return }
                    level.kernels.lagProducts(
                        i + 2, q + 2, steps: 3, isCorrected: iq != .none, shareOfQ: iq.shareOfQ, shareOfI: iq.shareOfI,
                        &real, &imaginary, blockPulses: blockPulses, &blocks)
                }
            }
            #expect(real == Array(i[2..<50]) && imaginary == Array(mended[2..<50]))
            for block in 0..<48 / blockPulses {
                var sums = SIMD4<Double>.zero
                for at in 2 + block * blockPulses..<2 + (block + 1) * blockPulses {
                    let x = (i[at - 2...at].map { Double($0) }, mended[at - 2...at].map { Double($0) })
                    sums += SIMD4(
                        x.0[2] * x.0[2] + x.1[2] * x.1[2], x.0[2] * x.0[1] + x.1[2] * x.1[1],
                        x.1[2] * x.0[1] - x.0[2] * x.1[1], x.1[2] * x.0[0] - x.0[2] * x.1[0])
                }
                for part in 0..<4 {
                    #expect(abs(Double(blocks[4 * block + part]) - sums[part]) < 1e-5 * (1 + abs(sums.x)))
                }
            }
        }
    }

    @Test("convert both widths from any address", arguments: SIMDLevelTests.offered, [0, 1, 15, 16, 37])
    func convert(level: SIMDLevel, count: Int) {
        let bytes = (0..<1 + 4 * count).map { UInt8(truncatingIfNeeded: $0 &* 151 ^ 0x5A) }
        for width in [2, 4] {
            var values = [Float](repeating: .nan, count: count)
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                level.kernels.convert(start + 1, bytesEach: width, count: count, &values)
            }
            let expected = (0..<count).map { index in
                let own = bytes[1 + width * index..<1 + width * (index + 1)].reversed()
                let whole = own.reduce(Int64(0)) { $0 << 8 | Int64($1) }
                return Float(whole >= 1 << (8 * width - 1) ? whole - 1 << (8 * width) : whole)
            }
            #expect(values == expected)
        }
    }

    @Test("add up like the narrowest level, in every bit", arguments: SIMDLevelTests.offered)
    func sums(level: SIMDLevel) {
        let values = spectra(3, length: 128, seed: 5)
        for count in [0, 5, 16, 50, 128] {
            #expect(level.kernels.sum(values[0], count: count) == SIMDLevel.sse4.kernels.sum(values[0], count: count))
        }
        let mine = level.kernels.correlation(values[0], values[1], values[2], length: 128)
        #expect(mine == SIMDLevel.sse4.kernels.correlation(values[0], values[1], values[2], length: 128))
    }

    @Test("the running median is that of sorting, whatever comes", arguments: 0..<4)
    func median(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var median = RunningMedian(capacity: 9)
        var values: [Float] = []
        for _ in 0..<200 {
            // Few different values, so that equal ones come and go.
            values.append(Float(Int.random(in: 0...(seed == 0 ? 3 : 1000), using: &generator)))
            let newest = values.suffix(9).sorted()
            #expect(median.add(values[values.count - 1]) == newest[(newest.count - 1) / 2])
        }
    }
}
