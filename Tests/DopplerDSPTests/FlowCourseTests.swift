import DopplerDSP
import Glibc
import Testing

@Suite("FlowCourse")
struct FlowCourseTests {
    @Test("blocks are 1 to 4 ms long or four pulses", arguments: [500.0, 1000, 3000, 5000, 6000, 20_000])
    func blockLength(prfHz: Double) throws {
        let settings = SpectralSettings(prfHz: prfHz, fftLength: 64, hopPulses: 16, wallFilterCutoffHz: prfHz / 50)
        var signals = TestSignals(seed: 1)
        let course = try #require(try spectrogram(signals.noise(2000, power: 1e4), settings).course)
        #expect(course.blockPulses == 4 || (0.0007...0.0041).contains(course.blockSeconds))
        // The first sixteen pulses have none before them; what does not fill sixteen is left out.
        #expect(course.blocks.count == 1984 / course.blockPulses)
        #expect(course.stretches.map(\.firstPulse) == [16] && course.stretches[0].firstBlock == 0)
    }

    @Test("a tone has its lag products", arguments: [-1800.0, -400, 400, 1800])
    func tone(shiftHz: Double) throws {
        var signals = TestSignals(seed: 2)
        let samples = signals.flow(3000, shiftsHz: [shiftHz], prfHz: 5000, power: 1e6)
        let course = try #require(try spectrogram(samples, settings()).course)
        let angle = 2 * Double.pi * shiftHz / 5000
        for block in course.blocks.suffix(100) {
            let power = Double(block.power)
            #expect(abs(Double(block.lagOneImaginary) / power - sin(angle)) < 0.01)
            #expect(abs(Double(block.lagOneReal) / power - cos(angle)) < 0.01)
            #expect(abs(Double(block.lagTwoImaginary) / power - sin(2 * angle)) < 0.01)
        }
    }

    @Test("the course does not depend on the chunks, and a gap begins a stretch", arguments: 0..<6)
    func chunks(seed: Int) throws {
        var signals = TestSignals(seed: seed)
        let values = counts([signals.noise(4000, power: 1e4)])
        var whole = try SpectralAnalyser(settings())
        var pieces = try SpectralAnalyser(settings())
        for range in [0..<1500, 1700..<4000] {
            try whole.process(
                Array(values[2 * range.lowerBound..<2 * range.upperBound]), firstPulse: UInt64(range.lowerBound))
            var first = range.lowerBound
            while first < range.upperBound {
                let end = min(range.upperBound, first + 1 + Int(signals.uniform() * 200))
                try pieces.process(Array(values[2 * first..<2 * end]), firstPulse: UInt64(first))
                first = end
            }
        }
        let a = try #require(whole.finish()[0].course)
        let b = try #require(pieces.finish()[0].course)
        #expect(a.blocks == b.blocks)
        #expect(a.stretches == b.stretches)
        #expect(a.stretches.map(\.firstPulse) == [16, 1716])
        #expect(a.blocks(from: 0.301, to: 0.339) == nil)
        let found = try #require(a.blocks(from: 0.36, to: 0.38))
        #expect(abs(found.begin - 0.36) <= a.blockSeconds)
        #expect(abs(Double(found.blocks.count) * a.blockSeconds - 0.02) <= a.blockSeconds)
    }

    @Test("taken in pieces it continues")
    func pieces() throws {
        var signals = TestSignals(seed: 9)
        let values = counts([signals.noise(2000, power: 1e4)])
        var analyser = try SpectralAnalyser(settings())
        try analyser.process(Array(values[..<2000]))
        let first = try #require(analyser.takeColumns()[0].course)
        try analyser.process(Array(values[2000...]), firstPulse: 1000)
        let second = try #require(analyser.finish()[0].course)
        let start = try #require(second.stretches.first)
        #expect(start.firstPulse == 16 + UInt64(first.blocks.count * first.blockPulses))
        #expect(start.firstBlock == 0)
    }
}
