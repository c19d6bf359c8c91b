import Acquisition
import Foundation
import ProbeLink
import TestSupport
import Testing

@Suite("SigMF source")
struct SigMFSourceTests {
    /// Metadata as another program writes them.
    private static func meta(
        _ type: String = "ci16_le", global: String = "", captures: String = "{\"core:sample_start\": 0}",
        annotations: String = ""
    ) -> String {
        "{\"global\": {\"core:datatype\": \"\(type)\", \"core:sample_rate\": 5000, \"core:version\": \"1.0.0\"\(global)}, "
            + "\"captures\": [\(captures)], \"annotations\": [\(annotations)]}"
    }

    private static func counting(_ pulses: Int) -> [UInt8] {
        (0..<pulses).flatMap { ImportFiles.littleEndian(Int16($0)) + ImportFiles.littleEndian(Int16(-$0)) }
    }

    private func read(
        _ meta: String, _ data: [UInt8], parameters: FileParameters = FileParameters(),
        _ check: (SigMFSource, CollectingSink, LinkCounters) throws -> Void
    ) throws {
        let files = ["a.sigmf-meta": Array(meta.utf8), "a.sigmf-data": data]
        try ImportFiles.withFolder(files) { folder in
            let source = try SigMFSource(path: folder + "/a.sigmf-meta", parameters: parameters)
            var sink = CollectingSink()
            let counters = try source.run(into: &sink, until: StopSignal())
            try check(source, sink, counters)
        }
    }

    private func refusal(_ meta: String, _ data: [UInt8] = Self.counting(3)) throws -> String {
        var said = ""
        try ImportFiles.withFolder(["a.sigmf-meta": Array(meta.utf8), "a.sigmf-data": data]) { folder in
            said = ImportFiles.refusal { try SigMFSource(path: folder + "/a.sigmf-meta") }
        }
        return said
    }

    @Test("reads whole numbers of 16 bits as they stand in the file, and knows nothing beyond")
    func sixteenBits() throws {
        try read(Self.meta(), [1, 0, 0xFE, 0xFF, 0, 1, 3, 0]) { source, sink, counters in
            #expect(sink.payloads == [[1, 0, 0xFE, 0xFF, 0, 1, 3, 0]])
            #expect(sink.frames.map(\.format) == [.iqInt16])
            #expect(counters.pulses == 2 && counters.missingPulses == 0)
            #expect(
                source.missingForScoring == [
                    "centreFrequencyHz", "prfHz", "insonationAngleDegrees", "speedOfSoundMPerS", "normalDirection",
                ])
            #expect(source.origin.specifier == "sigmf:a.sigmf-meta" && !source.origin.isSimulated)
        }
    }

    @Test("takes the frequency from the capture, and a channel for a gate")
    func channels() throws {
        let meta = Self.meta(
            global: ", \"core:num_channels\": 2", captures: "{\"core:sample_start\": 0, \"core:frequency\": 4000000.0}")
        try read(meta, Self.counting(6)) { source, sink, _ in
            #expect(source.parameters.centreFrequencyHz == 4_000_000)
            #expect(sink.frames.map(\.items) == [2] && sink.frames.map(\.records) == [3])
        }
    }

    @Test("takes from the side file what the metadata do not say, and the mark of simulation")
    func sideFile() throws {
        let files = [
            "a.sigmf-meta": Array(Self.meta().utf8), "a.sigmf-data": Self.counting(3),
            "a.sigmf-meta.yaml": Array("prfHz: 5000\nisSimulated: true\n".utf8),
        ]
        try ImportFiles.withFolder(files) { folder in
            let source = try SigMFSource(path: folder + "/a.sigmf-meta")
            #expect(source.parameters.prfHz == 5000 && source.origin.isSimulated)
        }
    }

    @Test("marks as lost what an annotation calls missing and what core:global_index skips")
    func gaps() throws {
        let meta = Self.meta(
            captures: "{\"core:sample_start\": 0, \"core:global_index\": 100}, "
                + "{\"core:sample_start\": 10, \"core:global_index\": 117}",
            annotations: "{\"core:sample_start\": 4, \"core:sample_count\": 3, \"core:label\": \"missing samples\"}")
        try read(meta, Self.counting(20)) { _, sink, counters in
            #expect(sink.losses.map { [$0.firstPulse, $0.pulses] } == [[4, 3], [10, 7]])
            #expect(sink.frames.map(\.pulseIndex) == [0, 7, 17])
            #expect(sink.payloads.map(\.count) == [16, 12, 40])
            #expect(counters.pulses == 17 && counters.missingPulses == 10)
        }
    }

    @Test("fills 32 bits with floating-point samples, and what is no number is lost")
    func floats() throws {
        let numbers: [Float] = [0.5, -1.0, .nan, 0, 3.0, 0]
        let data = numbers.flatMap { ImportFiles.littleEndian($0.bitPattern) }
        try read(Self.meta("cf32_le"), data) { source, sink, _ in
            // 3 lies below 2^2, which becomes the full scale: 0.5 = 2^31 / 8.
            #expect(source.scaleExponent == 2)
            #expect(source.origin.device.contains("full scale taken to be 2^2"))
            let first = ImportFiles.littleEndian(Int32(1 << 28)) + ImportFiles.littleEndian(Int32(-(1 << 29)))
            let last = ImportFiles.littleEndian(Int32(3 << 29)) + ImportFiles.littleEndian(Int32(0))
            #expect(sink.payloads == [first, last])
            #expect(sink.losses.map { [$0.firstPulse, $0.pulses] } == [[1, 1]])
        }
    }

    @Test("marks full scale as clipped", arguments: [Int16.max, .min, .max - 1])
    func clipped(value: Int16) throws {
        let data = ImportFiles.littleEndian(Int16(0)) + ImportFiles.littleEndian(value)
        try read(Self.meta(), data) { _, sink, _ in
            #expect(sink.frames[0].flags.contains(.clipped) == (value != .max - 1))
        }
    }

    @Test("counts a pulse that is not whole as cut off")
    func halfPulse() throws {
        try read(Self.meta(), Self.counting(3) + [1]) { _, _, counters in
            #expect(counters.pulses == 3 && counters.cutOff == 1)
        }
    }

    @Test("says in words what it refuses")
    func refuses() throws {
        #expect(
            try refusal(Self.meta("ri8"))
                == "a.sigmf-meta: holds samples of type ri8: ci16_le, ci32_le, cf32_le are read; convert it to one of them"
        )
        #expect(
            try refusal("{\"global\": {}}") == "a.sigmf-meta: is no SigMF metadata: global core:datatype is missing")
        #expect(
            try refusal(Self.meta(global: ", \"core:num_channels\": 0"))
                == "a.sigmf-meta: core:num_channels is 0: 1 to 512 are read, one for each gate")
        #expect(try refusal(Self.meta(), [1, 2]) == "a.sigmf-data: holds no whole sample: record again")
        let skip =
            "{\"core:sample_start\": 0, \"core:global_index\": 9}, {\"core:sample_start\": 2, \"core:global_index\": 3}"
        #expect(
            try refusal(Self.meta(captures: skip))
                == "a.sigmf-meta: core:global_index goes back at sample 2: correct it")
        let beyond = "{\"core:sample_start\": 2, \"core:sample_count\": 2, \"core:label\": \"missing samples\"}"
        #expect(
            try refusal(Self.meta(annotations: beyond))
                == "a.sigmf-meta: pulses 2 to 4 are said to be missing, and there are places for 3: correct what is said, "
                + "or take the file that belongs to it")
        #expect(
            try refusal(Self.meta(global: ", \"core:sha512\": \"00\"")).contains(
                "its SHA-512 is not that of its metadata"))
        #expect(
            ImportFiles.refusal { try SigMFSource(path: "x.sigmf") }
                == "x.sigmf: give the .sigmf-meta file; unpack a .sigmf archive first (tar -xf)")
    }

    @Test("survives damaged metadata", arguments: 0..<300)
    func damaged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array(
            Self.meta(
                seed % 3 == 0 ? "cf32_le" : "ci16_le", global: ", \"core:num_channels\": 2",
                captures: "{\"core:sample_start\": 0, \"core:global_index\": 0}, "
                    + "{\"core:sample_start\": 3, \"core:global_index\": 9}",
                annotations: "{\"core:sample_start\": 1, \"core:sample_count\": 1, \"core:label\": \"missing samples\"}"
            ).utf8)
        for _ in 0..<(1 + Int(generator.next() % 3)) {
            let place = Int(generator.next() % UInt64(bytes.count))
            // Digits most of the time: they change what is said, and not only whether it can be read.
            let random = UInt8(truncatingIfNeeded: generator.next())
            bytes[place] = seed % 4 == 0 ? random : UInt8(ascii: "0") + random % 10
        }
        if seed % 5 == 0 { bytes.removeLast(Int(generator.next() % UInt64(bytes.count))) }
        let data = (0..<200).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        try ImportFiles.withFolder(["a.sigmf-meta": bytes, "a.sigmf-data": data]) { folder in
            var sink = CollectingSink()
            let run = ImportFiles.attempt {
                try SigMFSource(path: folder + "/a.sigmf-meta").run(into: &sink, until: StopSignal())
            }
            guard let counters = run.value else {
                #expect(run.refusal.hasPrefix("a.sigmf-"))
                return
            }
            #expect(sink.payloads.reduce(0) { $0 + $1.count } <= data.count)
            #expect(counters.missingPulses == sink.losses.reduce(0) { $0 + $1.pulses })
            var next: UInt64 = 0
            for frame in sink.frames {
                #expect(frame.pulseIndex >= next)
                next = frame.pulseIndex + UInt64(frame.records)
            }
        }
    }
}
