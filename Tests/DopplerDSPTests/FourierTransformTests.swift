import DopplerDSP
import Glibc
import Testing

@Suite("FourierTransform")
struct FourierTransformTests {
    static let lengths = [64, 128, 256, 512, 1024]

    /// The sum itself, in double precision.
    func direct(_ samples: [Sample]) -> [Sample] {
        let count = samples.count
        let turns = (0..<count).map { index in
            let angle = -2 * Double.pi * Double(index) / Double(count)
            return Sample(cos(angle), sin(angle))
        }
        return (0..<count).map { bin in
            var sum = Sample.zero
            var place = 0
            for sample in samples {
                let turn = turns[place]
                sum += Sample(sample.x * turn.x - sample.y * turn.y, sample.x * turn.y + sample.y * turn.x)
                place = (place + bin) & (count - 1)
            }
            return sum
        }
    }

    func transformed(_ samples: [Sample]) throws -> [Sample] {
        var real = samples.map { Float($0.x) }
        var imaginary = samples.map { Float($0.y) }
        try FourierTransform(length: samples.count).transform(&real, &imaginary)
        return zip(real, imaginary).map { Sample(Double($0), Double($1)) }
    }

    func power(_ values: [Sample]) -> Double { values.reduce(0) { $0 + ($1 * $1).sum() } }

    @Test("agrees with the direct sum to 1e-5", arguments: lengths, 0..<2)
    func agreesWithDirectSum(length: Int, seed: Int) throws {
        var signals = TestSignals(seed: seed)
        let samples = signals.noise(length, power: 1)
        let expected = direct(samples.map { Sample(Double(Float($0.x)), Double(Float($0.y))) })
        let found = try transformed(samples)
        let error = power(zip(found, expected).map { $0 - $1 })
        #expect((error / power(expected)).squareRoot() < 1e-5)
        let largest = expected.map { ($0 * $0).sum() }.max() ?? 0
        for (a, b) in zip(found, expected) { #expect(((a - b) * (a - b)).sum() < 1e-10 * largest) }
    }

    @Test("turns an impulse into a turning phase", arguments: lengths)
    func impulse(length: Int) throws {
        var samples = [Sample](repeating: .zero, count: length)
        samples[3] = Sample(2, 0)
        for (bin, value) in try transformed(samples).enumerated() {
            let angle = -2 * Double.pi * 3 * Double(bin) / Double(length)
            let error = value - 2 * Sample(cos(angle), sin(angle))
            #expect((error * error).sum() < 1e-10)
        }
    }

    @Test("puts a tone into its bin alone", arguments: lengths, [1, 5, -7])
    func tone(length: Int, bin: Int) throws {
        let samples = (0..<length).map { index in
            let angle = 2 * Double.pi * Double(bin * index) / Double(length)
            return Sample(cos(angle), sin(angle))
        }
        let found = try transformed(samples)
        for (index, value) in found.enumerated() {
            let expected = index == (bin + length) % length ? Sample(Double(length), 0) : .zero
            #expect(((value - expected) * (value - expected)).sum() < 1e-10 * Double(length * length))
        }
    }

    @Test("keeps the power (Parseval)", arguments: lengths)
    func parseval(length: Int) throws {
        var signals = TestSignals(seed: length)
        let samples = signals.noise(length, power: 100)
        let found = try transformed(samples)
        #expect(abs(power(found) / (Double(length) * power(samples)) - 1) < 1e-5)
    }

    @Test("refuses lengths that are not offered", arguments: [-1, 0, 1, 32, 65, 96, 2048, Int.max, Int.min])
    func refusesLengths(length: Int) {
        #expect(throws: DSPError.fftLength(length)) { try FourierTransform(length: length) }
    }

    @Test("refuses arrays of another length")
    func refusesArrays() throws {
        let transform = try FourierTransform(length: 64)
        var real = [Float](repeating: 0, count: 64)
        var imaginary = [Float](repeating: 0, count: 63)
        #expect(throws: DSPError.arrayLength(found: 63, expected: 64)) {
            try transform.transform(&real, &imaginary)
        }
        imaginary.append(0)
        var room = try FourierTransform(length: 128).makeRoom()
        try transform.transform(&real, &imaginary, &room)
        room = transform.makeRoom()
        var (longReal, longImaginary) = (real + real, imaginary + imaginary)
        #expect(throws: DSPError.arrayLength(found: 64, expected: 128)) {
            try FourierTransform(length: 128).transform(&longReal, &longImaginary, &room)
        }
    }
}
