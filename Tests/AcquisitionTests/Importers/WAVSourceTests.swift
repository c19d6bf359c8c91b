import Acquisition
import Foundation
import ProbeLink
import TestSupport
import Testing

@Suite("WAV source")
struct WAVSourceTests {
    private static let wanted = AcquisitionSettings(
        centreFrequencyHz: 1, prfMilliHz: 1, firstGateDepthUm: 1, gateLengthUm: 1, burstCycles: 1, streams: .iq,
        transmitLevelPerMille: 1000)

    private func read(
        _ file: WAVBuilder, side: String? = nil, parameters: FileParameters = FileParameters(),
        _ check: (WAVSource, CollectingSink, LinkCounters) throws -> Void
    ) throws {
        var files = ["a.wav": file.bytes]
        if let side { files["a.wav.yaml"] = Array(side.utf8) }
        try ImportFiles.withFolder(files) { folder in
            let source = try WAVSource(path: folder + "/a.wav", parameters: parameters)
            var sink = CollectingSink()
            let counters = try source.run(into: &sink, until: StopSignal())
            try check(source, sink, counters)
        }
    }

    private func refusal(_ file: WAVBuilder) -> String { refusal(bytes: file.bytes) }

    private func refusal(bytes: [UInt8], side: String? = nil, parameters: FileParameters = FileParameters()) -> String {
        var said = "no folder"
        do {
            var files = ["a.wav": bytes]
            if let side { files["a.wav.yaml"] = Array(side.utf8) }
            try ImportFiles.withFolder(files) { folder in
                said = ImportFiles.refusal { try WAVSource(path: folder + "/a.wav", parameters: parameters) }
            }
        } catch {
            said = "\(error)"
        }
        return said
    }

    private func counting(_ count: Int) -> [UInt8] {
        WAVBuilder.pairs((0..<count).map { (Int16($0 % 1000), Int16(-($0 % 1000))) })
    }

    @Test("reads 16 bits, I left and Q right, as they stand in the file")
    func sixteenBits() throws {
        let samples = WAVBuilder.pairs([(1, -2), (256, 3)])
        try read(WAVBuilder(samples: samples)) { source, sink, counters in
            #expect(sink.payloads == [[1, 0, 0xFE, 0xFF, 0, 1, 3, 0]])
            #expect(
                sink.frames == [
                    FrameHeader(
                        kind: .iq, format: .iqInt16, flags: [.first, .transmitting], sequence: 0, pulseIndex: 0,
                        items: 1,
                        records: 2)
                ])
            #expect(counters.pulses == 2)
            #expect(counters.frames == 1)
            #expect(counters.cutOff == 0)
            #expect(sink.losses.isEmpty)
            #expect(source.pulses == 2)
        }
    }

    @Test("fills the upper bits of 32 with 24 bits")
    func twentyFourBits() throws {
        try read(WAVBuilder(bits: 24, samples: [1, 2, 3, 0xFD, 0xFE, 0xFF])) { _, sink, _ in
            #expect(sink.payloads == [[0, 1, 2, 3, 0, 0xFD, 0xFE, 0xFF]])
            #expect(sink.frames.map(\.format) == [.iqInt32])
        }
    }

    @Test("reads 32 bits, extensible too")
    func thirtyTwoBits() throws {
        try read(WAVBuilder(bits: 32, extensible: true, samples: [1, 2, 3, 4, 5, 6, 7, 8])) { _, sink, _ in
            #expect(sink.payloads == [[1, 2, 3, 4, 5, 6, 7, 8]])
        }
    }

    @Test("cuts a file into frames of 20 ms, counted, with their true pulse index")
    func frames() throws {
        let samples = counting(250)
        try read(WAVBuilder(samples: samples)) { _, sink, counters in
            #expect(sink.frames.map(\.records) == [100, 100, 50])
            #expect(sink.frames.map(\.sequence) == [0, 1, 2])
            #expect(sink.frames.map(\.pulseIndex) == [0, 100, 200])
            #expect(sink.frames.map { $0.flags.contains(.first) } == [true, false, false])
            #expect(sink.payloads.flatMap { $0 } == samples)
            #expect(counters.pulses == 250)
        }
    }

    @Test("finds its chunks in any order, with odd ones padded and others around them")
    func chunkOrder() throws {
        let file = WAVBuilder(
            samples: counting(3), before: [("LIST", [1, 2, 3])], after: [("note", [9])], dataFirst: true)
        try read(file) { _, sink, counters in
            #expect(sink.payloads == [counting(3)])
            #expect(counters.cutOff == 0)
        }
    }

    @Test("reads a streamed file to its end", arguments: [0, UInt32.max])
    func streamed(size: UInt32) throws {
        try read(WAVBuilder(samples: counting(3), declaredBytes: size)) { source, sink, counters in
            #expect(sink.payloads == [counting(3)])
            #expect(counters.cutOff == 0)
            #expect(source.missingPulses == 0)
        }
    }

    @Test("reads a truncated file as far as it goes, and says how much is missing")
    func truncated() throws {
        try read(WAVBuilder(samples: counting(3) + [7, 7], declaredBytes: 40)) { source, sink, counters in
            #expect(sink.payloads == [counting(3)])
            #expect(source.missingPulses == 7)
            #expect(counters.cutOff == 1)
            #expect(counters.missingPulses == 7)
            #expect(sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 3, pulses: 7, packets: 0)])
        }
    }

    @Test("counts a pulse that is not whole as cut off, without inventing a missing one")
    func halfPulse() throws {
        try read(WAVBuilder(samples: counting(3) + [7], declaredBytes: UInt32.max)) { _, sink, counters in
            #expect(counters.pulses == 3)
            #expect(counters.cutOff == 1)
            #expect(sink.losses.isEmpty)
        }
    }

    @Test("marks a frame with a sample at full scale as clipped", arguments: [Int16.max, .min, .max - 1])
    func clipped(value: Int16) throws {
        try read(WAVBuilder(samples: WAVBuilder.pairs([(0, 5), (3, value)]))) { _, sink, _ in
            #expect(sink.frames[0].flags.contains(.clipped) == (value != .max - 1))
        }
    }

    @Test("waits while there is no room and loses nothing")
    func waits() throws {
        try ImportFiles.withFolder(["a.wav": WAVBuilder(samples: counting(500)).bytes]) { folder in
            let source = try WAVSource(path: folder + "/a.wav")
            var sink = ReluctantSink()
            _ = try source.run(into: &sink, until: sink.stop)
            #expect(sink.collected.payloads.flatMap { $0 } == counting(500))
            #expect(sink.asked.times == 15)
        }
    }

    @Test("stops after the frame in which it is told to, and can be run again from the start")
    func stops() throws {
        try ImportFiles.withFolder(["a.wav": WAVBuilder(samples: counting(500)).bytes]) { folder in
            let source = try WAVSource(path: folder + "/a.wav")
            var sink = ReluctantSink(stopAfterFrames: 2)
            let counters = try source.run(into: &sink, until: sink.stop)
            #expect(counters.frames == 2)
            #expect(sink.collected.losses.isEmpty)
            var again = CollectingSink()
            #expect(try source.run(into: &again, until: StopSignal()).pulses == 500)
        }
    }

    @Test("says in words what it refuses")
    func refuses() {
        #expect(
            refusal(WAVBuilder(tag: 3, bits: 32, samples: counting(2)))
                == "a.wav: holds samples of format 3: convert it to integer PCM (format 1) of 16, 24 or 32 bits")
        #expect(
            refusal(WAVBuilder(channels: 1, samples: counting(2)))
                == "a.wav: has 1 channels: I/Q needs 2, I left and Q right")
        #expect(
            refusal(WAVBuilder(bits: 8, samples: counting(2)))
                == "a.wav: has samples of 8 bits: 16, 24 and 32 are read")
        #expect(
            refusal(WAVBuilder(align: 6, samples: counting(2)))
                == "a.wav: says that a pair of 16-bit samples has 6 bytes: its `fmt ` chunk is wrong")
        #expect(
            refusal(WAVBuilder(rateHz: 0, samples: counting(2)))
                == "a.wav: has a sample rate of 0 Hz: 100 to 1000000 Hz is read, one sample a pulse")
        #expect(
            refusal(
                WAVBuilder(extensible: true, subformat: [3] + [UInt8](repeating: 0, count: 15), samples: counting(2)))
                == "a.wav: holds no integer samples (extensible format): convert it to PCM of 16, 24 or 32 bits")
        #expect(refusal(WAVBuilder(samples: [1, 2])) == "a.wav: holds no whole sample: record again")
        #expect(
            refusal(WAVBuilder(samples: counting(2), after: [("data", counting(2))]))
                == "a.wav: has two `data` chunks: save it with one")
        #expect(
            refusal(bytes: Array("RIFX....WAVE".utf8))
                == "a.wav: is no RIFF/WAVE file (RF64 and big-endian RIFX are not read): convert it to WAV")
    }

    @Test("refuses a missing file and a folder")
    func noFile() throws {
        try ImportFiles.withFolder([:]) { folder in
            #expect(
                ImportFiles.refusal { try WAVSource(path: folder + "/b.wav") }.hasPrefix("b.wav: cannot be opened ("))
            #expect(ImportFiles.refusal { try WAVSource(path: folder) }.contains("is no regular file"))
        }
    }

    @Test("lists what is missing for scoring, and takes nothing for granted")
    func missing() throws {
        try read(WAVBuilder(samples: counting(2))) { source, _, _ in
            #expect(
                source.missingForScoring == [
                    "centreFrequencyHz", "prfHz", "insonationAngleDegrees", "speedOfSoundMPerS", "normalDirection",
                ])
            let settings = try source.prepare(Self.wanted)
            #expect(settings.centreFrequencyHz == 0)
            #expect(settings.prfMilliHz == 5_000_000)
            #expect(settings.transmitLevelPerMille == 0)
            #expect(settings.firstGateDepthUm == 0)
            #expect(source.origin.specifier == "wav:a.wav")
            #expect(source.origin.isSimulated == false)
        }
    }

    @Test("takes parameters from the side file, and options win")
    func sideFile() throws {
        let side =
            "centreFrequencyHz: 4000000\nprfHz: 5000\ninsonationAngleDegrees: 60\nspeedOfSoundMPerS: 1540\n"
            + "normalDirection: away\nisSimulated: true\n"
        let options = FileParameters(insonationAngleDegrees: 45, isSimulated: false)
        try read(WAVBuilder(samples: counting(2)), side: side, parameters: options) { source, _, _ in
            #expect(source.missingForScoring == [])
            #expect(source.parameters.insonationAngleDegrees == 45)
            #expect(source.parameters.normalDirection == .away)
            #expect(source.origin.isSimulated)
            let settings = try source.prepare(Self.wanted)
            #expect(settings.centreFrequencyHz == 4_000_000)
        }
    }

    @Test("marks as lost, at its place, what the side file calls missing; a pulse said twice to be missing is refused")
    func missingPulses() throws {
        let side = "missing:\n  - { firstPulse: 120, pulses: 5 }\n  - { firstPulse: 2, pulses: 3 }\n"
        try read(WAVBuilder(samples: counting(150)), side: side) { _, sink, counters in
            #expect(sink.losses.map { [$0.firstPulse, $0.pulses] } == [[2, 3], [120, 5]])
            #expect(sink.frames.map(\.pulseIndex) == [0, 5, 105, 125])
            #expect(Array(sink.payloads[1].prefix(4)) == [5, 0, 0xFB, 0xFF])
            #expect(counters.pulses == 142 && counters.missingPulses == 8)
        }
        let bytes = WAVBuilder(samples: counting(10)).bytes
        let twice = "missing:\n  - { firstPulse: 2, pulses: 3 }\n  - { firstPulse: 4, pulses: 1 }\n"
        #expect(
            refusal(bytes: bytes, side: twice)
                == "a.wav: pulse 4 is said twice to be missing: join the two stretches")
        #expect(
            refusal(bytes: bytes, side: "missing:\n  - { firstPulse: 9, pulses: 2 }\n")
                .hasPrefix("a.wav: pulses 9 to 11 are said to be missing, and there are places for 10"))
    }

    @Test("takes a PRF that is no whole number where the file rounds it")
    func unevenRate() throws {
        try read(WAVBuilder(samples: counting(2)), parameters: FileParameters(prfHz: 5000.4)) { source, _, _ in
            let settings = try source.prepare(Self.wanted)
            #expect(settings.prfMilliHz == 5_000_400)
        }
    }

    @Test("refuses a wrong side file with its line and column, and parameters that cannot be")
    func wrongParameters() {
        let bytes = WAVBuilder(samples: counting(2)).bytes
        #expect(
            refusal(bytes: bytes, side: "prfHz: 5000\nangle: 3\nnormalDirection: up\n") == """
                a.wav.yaml:3:18: `normalDirection` must be one of towards, away, found up
                a.wav.yaml:2:1: unknown key `angle`: allowed are centreFrequencyHz, insonationAngleDegrees, isSimulated, \
                missing, normalDirection, prfHz, speedOfSoundMPerS
                """)
        #expect(
            refusal(bytes: bytes, side: "prfHz: 8000\n")
                == "a.wav: prfHz is 8000.0 but the sample rate is 5000 Hz: a pulse must be one sample; correct prfHz, "
                + "or resample the file to it")
        #expect(
            refusal(bytes: bytes, parameters: FileParameters(insonationAngleDegrees: .nan))
                == "a.wav: insonationAngleDegrees must be from 0.0 to 89.0, found nan")
    }

    @Test("survives every truncation of a file")
    func truncations() throws {
        let whole = WAVBuilder(extensible: true, samples: counting(5), before: [("LIST", [1, 2, 3])]).bytes
        let samplesBegin = whole.count - 20
        try ImportFiles.withFolder([:]) { folder in
            let path = folder + "/a.wav"
            for length in 0..<whole.count {
                try Data(whole.prefix(length)).write(to: URL(fileURLWithPath: path))
                guard length >= samplesBegin + 4 else {
                    #expect(ImportFiles.refusal { try WAVSource(path: path) }.hasPrefix("a.wav: "), "\(length)")
                    continue
                }
                var sink = CollectingSink()
                let counters = try WAVSource(path: path).run(into: &sink, until: StopSignal())
                #expect(counters.pulses == UInt64((length - samplesBegin) / 4))
                #expect(counters.pulses + counters.missingPulses == 5)
                #expect(counters.cutOff == 1)
            }
        }
    }

    @Test("survives damaged heads", arguments: 0..<200)
    func damaged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = WAVBuilder(extensible: seed % 2 == 0, samples: counting(40), after: [("note", [9])]).bytes
        for _ in 0..<(1 + Int(generator.next() % 4)) {
            bytes[12 + Int(generator.next() % 60)] = UInt8(truncatingIfNeeded: generator.next())
        }
        try ImportFiles.withFolder(["a.wav": bytes]) { folder in
            var sink = CollectingSink()
            let run = ImportFiles.attempt {
                try WAVSource(path: folder + "/a.wav").run(into: &sink, until: StopSignal())
            }
            guard let counters = run.value else {
                #expect(run.refusal.hasPrefix("a.wav: "))
                return
            }
            #expect(counters.pulses == UInt64(sink.frames.reduce(0) { $0 + Int($1.records) }))
            #expect(sink.payloads.reduce(0) { $0 + $1.count } <= 2 * bytes.count)
        }
    }

    @Test("refuses random bytes", arguments: 0..<50)
    func randomBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let noise = (0..<300).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        #expect(refusal(bytes: noise).hasPrefix("a.wav: is no RIFF/WAVE file"))
        #expect(refusal(bytes: Array("RIFF....WAVE".utf8) + noise).hasPrefix("a.wav: "))
    }
}
