import ProbeLink
import TestSupport
import Testing

@testable import USBProbeLink

@Suite("Audio streaming format")
struct AudioStreamingFormatTests {
    private static let general: [UInt8] = [7, 0x24, 1, 2, 1, 1, 0]

    private static func need(_ rateHz: Int, channels: Int = 2, bits: Int = 16) -> USBAudioNeed {
        USBAudioNeed(channels: channels, sampleBits: bits, sampleRateHz: rateHz)
    }

    @Test("discrete frequencies are read, and only those satisfy")
    func discrete() throws {
        let bytes = Self.general + [14, 0x24, 2, 1, 2, 2, 16, 2, 0x44, 0xAC, 0x00, 0x80, 0xBB, 0x00]
        let format = try #require(AudioStreamingFormat(classDescriptors: bytes))
        #expect(format.rates == .discrete([44_100, 48_000]))
        #expect(format.satisfies(Self.need(44_100)))
        #expect(format.satisfies(Self.need(48_000)))
        #expect(!format.satisfies(Self.need(32_000)))
        #expect(!format.satisfies(Self.need(48_000, channels: 1)))
        #expect(!format.satisfies(Self.need(48_000, bits: 24)))
        #expect(format.words == "2 channels of 16 bits in 2 bytes at 44100 or 48000 Hz")
    }

    @Test("a range of frequencies is read with its ends")
    func range() throws {
        let bytes = Self.general + [14, 0x24, 2, 1, 2, 3, 24, 0, 0x40, 0x1F, 0x00, 0x80, 0xBB, 0x00]
        let format = try #require(AudioStreamingFormat(classDescriptors: bytes))
        #expect(format.rates == .range(lower: 8_000, upper: 48_000))
        for (rateHz, fits) in [(7_999, false), (8_000, true), (44_100, true), (48_000, true), (48_001, false)] {
            #expect(format.satisfies(Self.need(rateHz, bits: 24)) == fits)
        }
    }

    @Test("24 bits in four bytes are not the 24 bits in three that are read")
    func wideSubframe() throws {
        let bytes = Self.general + [11, 0x24, 2, 1, 2, 4, 24, 1, 0x80, 0xBB, 0x00]
        let format = try #require(AudioStreamingFormat(classDescriptors: bytes))
        #expect(!format.satisfies(Self.need(48_000, bits: 24)))
    }

    @Test(
        "what is not plain samples of Type I, or is cut off, states no format",
        arguments: [
            [], [0], [7], [7, 0x24, 1, 2, 1, 1],
            // Alone, one of the two descriptors says too little.
            general, IsoCounterDevice.formatDescriptors(48_000).suffix(11),
            // Not PCM; not Type I; a frequency fewer than said; a length of 0 in between.
            [7, 0x24, 1, 2, 1, 2, 0, 11, 0x24, 2, 1, 2, 2, 16, 1, 0x80, 0xBB, 0],
            general + [11, 0x24, 2, 2, 2, 2, 16, 1, 0x80, 0xBB, 0],
            general + [11, 0x24, 2, 1, 2, 2, 16, 2, 0x80, 0xBB, 0],
            general + [11, 0x24, 2, 1, 2, 2, 16, 0, 0x80, 0xBB, 0],
            general + [0, 0x24] + [11, 0x24, 2, 1, 2, 2, 16, 1, 0x80, 0xBB, 0],
        ] as [[UInt8]])
    func refuses(bytes: [UInt8]) { #expect(AudioStreamingFormat(classDescriptors: bytes) == nil) }

    @Test("any bytes, and a good format with any byte changed or cut, end without a trap", arguments: 0..<200)
    func hostile(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        _ = AudioStreamingFormat(classDescriptors: bytes)
        bytes = IsoCounterDevice.formatDescriptors(48_000)
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        if let format = AudioStreamingFormat(classDescriptors: bytes) {
            #expect((0...255).contains(format.channels))
            #expect(!format.words.isEmpty)
        }
    }

    @Test("descriptors are walked as far as they fit")
    func walks() {
        let bytes: [UInt8] = [2, 9, 4, 1, 7, 8, 3, 5, 6, 5, 0, 0]
        #expect(Array(DescriptorWalk(bytes)) == [[2, 9], [4, 1, 7, 8], [3, 5, 6]])
    }
}
