import Acquisition
import Foundation
import ProbeLink
import TestSupport
import Testing

@Suite("Text of I and Q")
struct IQTextSourceTests {
    private func read(
        _ text: String, side: String? = nil, parameters: FileParameters = FileParameters(),
        _ check: (IQTextSource, CollectingSink, LinkCounters) throws -> Void
    ) throws {
        var files = ["a.csv": Array(text.utf8)]
        if let side { files["a.csv.yaml"] = Array(side.utf8) }
        try ImportFiles.withFolder(files) { folder in
            let source = try IQTextSource(path: folder + "/a.csv", parameters: parameters)
            var sink = CollectingSink()
            let counters = try source.run(into: &sink, until: StopSignal())
            try check(source, sink, counters)
        }
    }

    private func refusal(_ bytes: [UInt8]) throws -> String {
        var said = ""
        try ImportFiles.withFolder(["a.csv": bytes]) { folder in
            said = ImportFiles.refusal { try IQTextSource(path: folder + "/a.csv") }
        }
        return said
    }

    @Test(
        "reads time, I and Q, whole numbers of 16 bits as they are",
        arguments: [
            "t,I,Q\n0,1,-2\n200,256,3\n", "# a\r\nt I Q\r\n0 1 -2\r\n\r\n200\t256\t3", "0;1.0;-2\n200.0;256;3\n",
        ])
    func whole(text: String) throws {
        try read(text) { source, sink, counters in
            #expect(sink.payloads == [[1, 0, 0xFE, 0xFF, 0, 1, 3, 0]])
            #expect(sink.frames.map(\.format) == [.iqInt16])
            #expect(counters.pulses == 2)
            #expect(source.missingForScoring.count == 5)
            #expect(source.origin.specifier == "iq-text:a.csv")
            #expect(source.origin.device == "text file of I and Q, 5000.0 Hz")
        }
    }

    @Test("finds what is missing by the times, also where they are rounded to microseconds")
    func gaps() throws {
        // 3 kHz: 333.33 us, rounded; pulses 100 to 999 are missing.
        let lines = (Array(0..<100) + Array(1000..<1100)).map { "\(Int((Double($0) * 1e6 / 3000).rounded())),\($0),0" }
        try read(lines.joined(separator: "\n"), parameters: FileParameters(prfHz: 3000)) { source, sink, counters in
            #expect(sink.losses.map { [$0.firstPulse, $0.pulses] } == [[100, 900]])
            #expect(sink.frames.map(\.pulseIndex) == [0, 60, 1000, 1060])
            #expect(counters.pulses == 200 && counters.missingPulses == 900)
            #expect(!source.missingForScoring.contains("prfHz"))
            let settings = try source.prepare(Self.wanted)
            #expect(settings.prfMilliHz == 3_000_000)
        }
    }

    private static let wanted = AcquisitionSettings(
        centreFrequencyHz: 1, prfMilliHz: 1, firstGateDepthUm: 1, gateLengthUm: 1, burstCycles: 1, streams: .iq,
        transmitLevelPerMille: 1000)

    @Test("fills 32 bits with numbers that have decimals, and says what it took for full scale")
    func decimals() throws {
        try read("0,0.5,-0.25\n200,0.125,1e-3\n") { source, sink, _ in
            #expect(sink.frames.map(\.format) == [.iqInt32])
            // The full scale is 2^-1, the least power of two that holds 0.5: it stands one step below the end.
            let numbers: [Int32] = [.max, -(1 << 30), 1 << 29]
            #expect(Array(sink.payloads[0].prefix(12)) == numbers.flatMap { ImportFiles.littleEndian($0) })
            #expect(source.origin.device.hasSuffix("full scale taken to be 2^-1"))
        }
    }

    @Test("takes parameters from the side file, and the mark of simulation")
    func sideFile() throws {
        try read("0,1,2\n200,3,4\n", side: "prfHz: 5000\nisSimulated: true\n") { source, _, _ in
            #expect(source.parameters.prfHz == 5000 && source.origin.isSimulated)
        }
    }

    @Test("says in words, with the line, what it refuses")
    func refuses() throws {
        #expect(
            try refusal(Array("t,I,Q\n0,1,2\n200,x,4\n".utf8))
                == "a.csv:3: is not three numbers: time in microseconds, I, Q")
        #expect(
            try refusal(Array("0,1,2\n200,1,2\n250,1,2\n450,1,2\n650,1,2\n".utf8))
                == "a.csv:3: its time comes 50.0 us after the one before, which is no whole number of steps of 200.0 us: "
                + "the samples are not evenly spaced")
        #expect(
            try refusal(Array("0,1,2\n".utf8))
                == "a.csv: holds fewer than two lines of time, I and Q: this is no such file")
        #expect(try refusal(Array("0,1,2\n0.0002,1,2\n".utf8)).contains("times in microseconds"))
        #expect(try refusal(Array("0,1,nan\n200,1,2\n".utf8)).contains("a.csv:1: is not three numbers"))
        #expect(try refusal([UInt8](repeating: 0x31, count: 300)).contains("is longer than 256 bytes"))
    }

    @Test("survives damaged text", arguments: 0..<300)
    func damaged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array((0..<40).map { "\(200 * $0),\($0 * 7),-\($0)\n" }.joined().utf8)
        for _ in 0..<(1 + Int(generator.next() % 3)) {
            let place = Int(generator.next() % UInt64(bytes.count))
            let random = UInt8(truncatingIfNeeded: generator.next())
            bytes[place] = seed % 3 == 0 ? random : Array("0123456789.e-,\n".utf8)[Int(random) % 15]
        }
        try ImportFiles.withFolder(["a.csv": bytes]) { folder in
            var sink = CollectingSink()
            let run = ImportFiles.attempt {
                try IQTextSource(path: folder + "/a.csv").run(into: &sink, until: StopSignal())
            }
            guard let counters = run.value else {
                #expect(run.refusal.hasPrefix("a.csv"))
                return
            }
            #expect(counters.pulses == UInt64(sink.frames.reduce(0) { $0 + Int($1.records) }))
            #expect(counters.pulses <= 42)
            #expect(counters.missingPulses == sink.losses.reduce(0) { $0 + $1.pulses })
        }
    }
}
