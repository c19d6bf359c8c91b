import Foundation
import TestSupport
import Testing

@testable import DopplerDSP  // The kernels of the levels that are not in use are not public.

@Suite("Vector kernels of every level")
struct SIMDLevelTests {
    static let offered = SIMDLevel.allCases.filter(\.isOffered)
    private func noise(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    @Test("the widest level of the processor is offered, and the narrowest always")
    func offers() {
        #expect(SIMDLevel.widest.isOffered)
        #expect(SIMDLevel.sse4.isOffered)
        #expect(Self.offered.contains(SIMDLevel.inUse))
    }

    @Test(
        "transforms agree with the discrete Fourier sum, and in every bit with the narrowest level", arguments: offered,
        [64, 128, 256, 512, 1024])
    func transform(level: SIMDLevel, length: Int) throws {
        let transform = try FourierTransform(length: length, by: level.kernels)
        let narrow = try FourierTransform(length: length, by: SIMDLevel.sse4.kernels)
        let inReal = noise(length, seed: 1)
        let inImaginary = noise(length, seed: 2)
        var real = inReal
        var imaginary = inImaginary
        try transform.transform(&real, &imaginary)
        for bin in stride(from: 0, to: length, by: 7) {
            var sum = SIMD2<Double>.zero
            for at in 0..<length {
                let angle = -2 * Double.pi * Double(bin * at % length) / Double(length)
                let (c, s) = (cos(angle), sin(angle))
                let (x, y) = (Double(inReal[at]), Double(inImaginary[at]))
                sum += SIMD2(x * c - y * s, x * s + y * c)
            }
            #expect(abs(sum.x - Double(real[bin])) < 1e-4 && abs(sum.y - Double(imaginary[bin])) < 1e-4)
        }
        var (narrowReal, narrowImaginary) = (inReal, inImaginary)
        try narrow.transform(&narrowReal, &narrowImaginary)
        #expect(real == narrowReal && imaginary == narrowImaginary)
    }

    @Test("the wall filter and the windows give the same bits as the narrowest level", arguments: offered)
    func others(level: SIMDLevel) {
        let (mine, narrow) = (level.kernels, SIMDLevel.sse4.kernels)
        for lanes in [2, 4, 8, 16] {
            let coefficients: [Float] = [0.8, -1.5, 0.6, 0.2, 0.03, 0.9, -1.7, 0.8, 0.1, 0.02]
            var results: [[Float]] = []
            for kernels in [mine, narrow] {
                var rows = noise(50 * lanes, seed: UInt64(lanes))
                var states = [Float](repeating: 0.1, count: 4 * lanes)
                kernels.filterRows(
                    &rows, lanes: lanes, pulses: 50, rowLength: lanes, states: &states, coefficients: coefficients)
                results.append(rows + states)
            }
            #expect(results[0] == results[1])
        }
        let values = noise(512, seed: 3)
        let weights = noise(256, seed: 4)
        var results: [[Float]] = []
        for kernels in [mine, narrow] {
            var (real, imaginary) = ([Float](repeating: 0, count: 256), [Float](repeating: 0, count: 256))
            kernels.loadWindow(
                values, Array(values[256...]), weights: weights, length: 256, meanOfI: 0.1, meanOfQ: -0.2,
                shareOfQ: 1.01, shareOfI: 0.02, &real, &imaginary)
            results.append(real + imaginary + [kernels.weightedSum(values, weights, length: 256)])
        }
        #expect(results[0] == results[1])
    }

    @Test("rows become planes, whatever the number of gates and pulses", arguments: offered, [1, 3, 8, 9, 17, 40])
    func planes(level: SIMDLevel, gates: Int) {
        let pulses = 37
        let rowLength = gates == 1 ? 2 : (2 * gates + 15) / 16 * 16
        let capacity = 64
        let rows = noise(pulses * rowLength, seed: UInt64(gates))
        var real = [Float](repeating: 0, count: gates * capacity + 16)
        var imaginary = real
        if gates == 1 {
            level.kernels.separate(rows, pulses: pulses, &real, &imaginary)
        } else {
            var room = [Float](repeating: 0, count: 512)
            level.kernels.transpose(
                rows, pulses: pulses, rowLength: rowLength, gates: gates, capacity: capacity, room: &room, &real,
                &imaginary)
        }
        for gate in 0..<gates {
            for pulse in 0..<pulses {
                #expect(real[gate * capacity + pulse] == rows[pulse * rowLength + 2 * gate])
                #expect(imaginary[gate * capacity + pulse] == rows[pulse * rowLength + 2 * gate + 1])
            }
        }
    }

    @Test("the greatest size and how often it stands there are found", arguments: offered)
    func rail(level: SIMDLevel) {
        var values = noise(160, seed: 5)
        for index in [3, 17, 90, 159] { values[index] = index % 2 == 0 ? 2 : -2 }
        #expect(level.kernels.greatestSize(values, length: 160) == 2)
        #expect(level.kernels.count(values, ofSize: 2, length: 160) == 4)
    }
}
