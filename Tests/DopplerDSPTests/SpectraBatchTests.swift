import TestSupport
import Testing

@testable import DopplerDSP  // The kernels of the levels that are not in use are not public.

@Suite("Spectra side by side")
struct SpectraBatchTests {
    static let lengths = [64, 128, 256, 512, 1024]

    private func noise(_ count: Int, seed: Int) -> [Float] {
        var generator = SeededGenerator(seed: UInt64(seed) &* 977 &+ 5)
        return (0..<count).map { _ in Float.random(in: -3e4...3e4, using: &generator) }
    }

    /// The power of one window by the single transform.
    private func single(
        _ real: [Float], _ imaginary: [Float], start: Int, length: Int, window: SpectralWindow, iq: IQCorrection,
        means: (i: Float, q: Float), by kernels: any VectorKernels.Type
    ) throws -> [Float] {
        let transform = try FourierTransform(length: length, by: kernels)
        var (re, im) = ([Float](repeating: 0, count: length), [Float](repeating: 0, count: length))
        kernels.loadWindow(
            Array(real[start...]), Array(imaginary[start...]), weights: window.weights(length).map { Float($0) },
            length: length, meanOfI: means.i, meanOfQ: means.q, shareOfQ: iq.shareOfQ, shareOfI: iq.shareOfI, &re,
            &im)
        try transform.transform(&re, &im)
        let scale = window.powerScale(length)
        return zip(re, im).map { (x: Float, y: Float) -> Float in
            let (ofReal, ofImaginary) = (x * x, y * y)
            return (ofReal + ofImaginary) * scale
        }
    }

    @Test(
        "of one window alone are, bit by bit, those of the single transform, in both orders",
        arguments: SIMDLevelTests.offered, lengths)
    func oneWindow(level: SIMDLevel, length: Int) throws {
        let transform = try FourierTransform(length: length, by: level.kernels)
        var room = transform.makeRoom()
        let weights = SpectralWindow.hann.weights(length).map { Float($0) }
        let (real, imaginary) = (noise(length, seed: 7), noise(length, seed: 8))
        let mended = IQCorrection(gainRatio: 1.07, phaseRadians: 0.03)
        for (iq, means) in [(IQCorrection.none, (i: Float(0), q: Float(0))), (mended, (i: 4.5, q: -2.25))] {
            let expected = try single(
                real, imaginary, start: 0, length: length, window: .hann, iq: iq, means: means, by: level.kernels)
            for isOrdered in [false, true] {
                var power = [Float](repeating: .nan, count: length)
                real.withUnsafeBufferPointer { real in
                    imaginary.withUnsafeBufferPointer { imaginary in
                        guard let real = real.baseAddress, let imaginary = imaginary.baseAddress else { return }
                        let window = SampleWindow(
                            real: real, imaginary: imaginary, meanOfI: means.i, meanOfQ: means.q, iq: iq)
                        transform.power(
                            of: window, weights: weights, scale: SpectralWindow.hann.powerScale(length),
                            isOrdered: isOrdered, &room, &power)
                    }
                }
                let half = length / 2
                #expect(power == (isOrdered ? Array(expected[half...] + expected[..<half]) : expected))
            }
        }
    }

    @Test(
        "are, bit by bit, those of the single transform at every level", arguments: SIMDLevelTests.offered, lengths)
    func equalsSingle(level: SIMDLevel, length: Int) throws {
        for seed in 0..<3 {
            let window = SpectralWindow.allCases[seed]
            let (real, imaginary) = (noise(4 * length, seed: seed), noise(4 * length, seed: seed + 100))
            var batch = try SpectraBatch(length: length, window: window, by: level.kernels)
            let starts = (0..<batch.lanes).map { ($0 &* 61 &+ seed) % (3 * length) }
            let corrections = starts.map { IQCorrection(gainRatio: 1 + Double($0) / 1e4, phaseRadians: 0.01) }
            for (isCorrected, hasMeans) in [(false, false), (true, false), (false, true), (true, true)] {
                func iq(_ lane: Int) -> IQCorrection { isCorrected ? corrections[lane] : .none }
                func means(_ lane: Int) -> (i: Float, q: Float) {
                    hasMeans ? (Float(lane) * 3.25, Float(seed) - 7.5) : (0, 0)
                }
                for (lane, start) in starts.enumerated() {
                    batch.set(
                        lane: lane, start: start, iq(lane), meanOfI: means(lane).i, meanOfQ: means(lane).q)
                }
                batch.transform(real, imaginary, isCorrected: isCorrected, hasMeans: hasMeans)
                var rows = [Float](repeating: 0, count: batch.lanes * length)
                batch.writeRows(&rows)
                for (lane, start) in starts.enumerated() {
                    let expected = try single(
                        real, imaginary, start: start, length: length, window: window, iq: iq(lane),
                        means: means(lane), by: level.kernels)
                    #expect(Array(rows[lane * length..<(lane + 1) * length]) == expected)
                }
            }
        }
    }

    @Test("are computed for any number of windows", arguments: [0, 1, 3, 8, 13, 32], [64, 256])
    func anyNumber(count: Int, length: Int) throws {
        let (real, imaginary) = (noise(length + 320, seed: count), noise(length + 320, seed: count + 1))
        let starts = (0..<count).map { 10 * $0 }
        var power = [Float](repeating: -1, count: count * length)
        var batch = try SpectraBatch(length: length, window: .hann)
        try batch.compute(real, imaginary, starts: starts, &power)
        for (index, start) in starts.enumerated() {
            let expected = try single(
                real, imaginary, start: start, length: length, window: .hann, iq: .none, means: (0, 0),
                by: SIMDLevel.kernels)
            #expect(Array(power[index * length..<(index + 1) * length]) == expected)
        }
    }

    @Test("refuse windows outside the record, and room that does not fit", arguments: [-1, 1, Int.max, Int.min])
    func refuses(start: Int) throws {
        var batch = try SpectraBatch(length: 64)
        let plane = [Float](repeating: 0, count: 64)
        var power = plane
        #expect(throws: DSPError.self) { try batch.compute(plane, plane, starts: [start], &power) }
        #expect(throws: DSPError.self) { try batch.compute(plane, Array(plane[1...]), starts: [0], &power) }
        #expect(throws: DSPError.self) { try batch.compute(plane, plane, starts: [0, 0], &power) }
        #expect(throws: DSPError.fftLength(100)) { try SpectraBatch(length: 100) }
    }
}
