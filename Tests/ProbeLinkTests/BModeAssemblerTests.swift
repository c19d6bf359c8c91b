import ProbeLink
import TestSupport
import Testing

@Suite("B-mode packets become frames")
struct BModeAssemblerTests {
    static let settings: AcquisitionSettings = {
        var settings = AcquisitionSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 4_000_000, firstGateDepthUm: 15_000, gateLengthUm: 2000,
            burstCycles: 4, streams: [.iq, .bMode], transmitLevelPerMille: 1000)
        settings.bModeFrameRateMilliHz = 25_000
        settings.bModeLines = 4
        settings.bModeSamplesPerLine = 3
        settings.bModeDepthUm = 30_000
        settings.bModeLinePitchNm = 200_000
        return settings
    }()

    /// A packet whose samples tell frame, line and sample.
    struct Part {
        var index: UInt32 = 0
        var first: UInt16 = 0
        var count: UInt16 = 1
        var lines: UInt16 = 4
        var samples: UInt16 = 3
        var pulse: UInt64 = 0
        var extra = 0

        func take(_ assembler: inout BModeAssembler) -> [BModePicture] {
            var payload = ODPWire.littleEndian(index) + ODPWire.littleEndian(first) + ODPWire.littleEndian(lines)
            for line in 0..<Int(count) {
                for sample in 0..<Int(samples) {
                    payload.append(UInt8(truncatingIfNeeded: 100 * Int(index) + 10 * (Int(first) + line) + sample))
                }
            }
            payload += [UInt8](repeating: 0, count: max(0, extra))
            let header = FrameHeader(
                kind: .bMode, format: .odpBMode, flags: .transmitting, sequence: 0, pulseIndex: pulse, items: count,
                records: samples)
            return assembler.take(header, payload.span.bytes)
        }
    }

    static let whole: [UInt8] = [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]

    @Test("a frame is handed on with its last line, with the geometry of the settings")
    func assembled() {
        var assembler = BModeAssembler(Self.settings)
        #expect(Part(first: 0, count: 2, pulse: 800).take(&assembler).isEmpty)
        let pictures = Part(first: 2, count: 2, pulse: 801).take(&assembler)
        #expect(
            pictures == [
                BModePicture(
                    frameIndex: 0, pulseIndex: 800, isTransmitting: true, lines: 4, samplesPerLine: 3, depthMm: 30,
                    linePitchMm: 0.2, seconds: 0.2, samples: Self.whole, missingLines: [])
            ])
        #expect(assembler.finish() == nil)
        #expect(assembler.counters.wholeFrames == 1)
    }

    @Test("packets of a frame may come in any order")
    func order() {
        var assembler = BModeAssembler(Self.settings)
        for first in [3, 0, 2] as [UInt16] { #expect(Part(first: first).take(&assembler).isEmpty) }
        #expect(Part(first: 1).take(&assembler).map(\.samples) == [Self.whole])
    }

    @Test("a frame with a lost packet is incomplete and names its missing lines")
    func incomplete() {
        var assembler = BModeAssembler(Self.settings)
        _ = Part(first: 1).take(&assembler)
        let pictures = Part(index: 1, first: 0, count: 4).take(&assembler)
        #expect(pictures.map(\.frameIndex) == [0, 1])
        #expect(pictures.first?.isComplete == false)
        #expect(pictures.first?.missingLines == [0..<1, 2..<4])
        #expect(pictures.first?.samples == [0, 0, 0, 10, 11, 12, 0, 0, 0, 0, 0, 0])
        #expect(pictures.last?.isComplete == true)
        _ = Part(index: 2, first: 0, count: 3).take(&assembler)
        #expect(assembler.finish()?.missingLines == [3..<4])
        #expect(assembler.counters.incompleteFrames == 2 && assembler.counters.wholeFrames == 1)
    }

    @Test("frames of which nothing came are counted, over the wrap of the index too")
    func missingFrames() {
        var assembler = BModeAssembler(Self.settings)
        _ = Part(index: 3, count: 4).take(&assembler)
        #expect(assembler.counters.missingFrames == 3)
        _ = Part(index: 5, count: 4).take(&assembler)
        #expect(assembler.counters.missingFrames == 4)
    }

    @Test(
        "a packet that contradicts settings, frame or itself is counted and not used",
        arguments: [
            Part(first: 3, count: 2), Part(first: 4), Part(first: .max), Part(lines: 5), Part(lines: 0),
            Part(count: 0), Part(samples: 4), Part(samples: 0), Part(extra: 1),
            Part(first: 0, count: .max, lines: .max),
        ])
    func unusable(part: Part) {
        var assembler = BModeAssembler(Self.settings)
        #expect(part.take(&assembler).isEmpty)
        #expect(assembler.counters.unusablePackets == 1)
        #expect(Part(count: 4).take(&assembler).map(\.samples) == [Self.whole])
    }

    @Test("a line that came before and a frame that has passed change nothing")
    func repeated() {
        var assembler = BModeAssembler(Self.settings)
        _ = Part(first: 0, count: 3).take(&assembler)
        #expect(Part(first: 2, count: 2).take(&assembler).isEmpty)
        #expect(Part(first: 3).take(&assembler).map(\.samples) == [Self.whole])
        #expect(Part(first: 3).take(&assembler).isEmpty)
        #expect(assembler.counters.unusablePackets == 2 && assembler.counters.missingFrames == 0)
    }

    @Test("settings without a picture, or with one beyond all measure, make every packet unusable")
    func noPicture() {
        var without = Self.settings
        without.streams = .iq
        var huge = Self.settings
        huge.bModeLines = .max
        huge.bModeSamplesPerLine = .max
        for settings in [without, huge] {
            var assembler = BModeAssembler(settings)
            #expect(Part(count: 4, lines: settings.bModeLines).take(&assembler).isEmpty)
            #expect(assembler.counters.unusablePackets == 1)
        }
    }

    @Test("whatever comes, no frame is called whole unless each line came once", arguments: 0..<40)
    func anything(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var assembler = BModeAssembler(Self.settings)
        var offered: Set<[Int]> = []
        var pictures: [BModePicture] = []
        for _ in 0..<200 {
            let part = Part(
                index: UInt32.random(in: 0...5, using: &generator), first: UInt16.random(in: 0...5, using: &generator),
                count: UInt16.random(in: 0...4, using: &generator),
                lines: Bool.random(using: &generator) ? 4 : UInt16.random(in: 0...5, using: &generator))
            if part.lines == 4, Int(part.first) + Int(part.count) <= 4 {
                for line in 0..<Int(part.count) { offered.insert([Int(part.index), Int(part.first) + line]) }
            }
            pictures += part.take(&assembler)
        }
        pictures += assembler.finish().map { [$0] } ?? []
        for picture in pictures {
            let missing = picture.missingLines.reduce(0) { $0 + $1.count }
            for line in 0..<4 where !picture.missingLines.contains(where: { $0.contains(line) }) {
                #expect(offered.contains([Int(picture.frameIndex), line]))
                #expect(
                    picture.samples[3 * line] == UInt8(truncatingIfNeeded: 100 * Int(picture.frameIndex) + 10 * line))
            }
            #expect(picture.isComplete == (missing == 0))
        }
        #expect(Set(pictures.map(\.frameIndex)).count == pictures.count)
        #expect(!pictures.isEmpty)
    }
}
