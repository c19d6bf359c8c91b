import Acquisition
import Foundation
import ProbeLink
import TestSupport
import Testing

@Suite("DWL recording")
struct DWLRecordingTests {
    private func read(_ files: [String: [UInt8]], _ check: (DWLRecording) throws -> Void) throws {
        try ImportFiles.withFolder(files) { try check(try DWLRecording.read(path: $0 + "/A.TD2")) }
    }

    private func refusal(_ files: [String: [UInt8]], name: String = "A.TD2") -> String {
        var said = "no folder"
        do {
            try ImportFiles.withFolder(files) { folder in
                said = ImportFiles.refusal { try DWLRecording.read(path: "\(folder)/\(name)") }
            }
        } catch {
            said = "\(error)"
        }
        return said
    }

    @Test("reads every record with what its line and its head say")
    func records() throws {
        try read(DWLBuilder(levelsDb: [38, -3]).files) { recording in
            #expect(recording.fileName == "A.TD2")
            #expect(recording.problems == [])
            #expect(recording.records.map(\.number) == [1, 2])
            #expect(recording.records.map(\.levelDb) == [38, -3])
            #expect(recording.records.map(\.hitTimeCentiseconds) == [100, 101])
            let record = recording.records[1]
            #expect(record.labelDirection == .away)
            #expect(record.channel == 2)
            #expect(record.labelDepthMm == 46)
            #expect(record.gateSpacingMm == 5)
            #expect(record.prfHz == 5000)
            #expect(record.channelFrequenciesHz == [4e6, 2e6])
            #expect(record.centreFrequencyHz == 2e6)
            #expect(record.gates.map(\.depthMm) == [nil, nil])
            #expect(record.gates.map(\.expectedSamples) == [25, 25])
            #expect(record.gates.map(\.isTruncated) == [false, false])
            #expect(record.gates[1].i == (0..<25).map { DWLBuilder.sample(record: 1, gate: 1, index: $0) })
            #expect(record.gates[1].q == (0..<25).map { -DWLBuilder.sample(record: 1, gate: 1, index: $0) })
        }
    }

    @Test("gives a single gate the label's depth, and the label's direction")
    func singleGate() throws {
        let file = DWLBuilder(gates: 1, label: "5000T1D051", tellsFrequency: false)
        try read(file.files) { recording in
            #expect(recording.records[0].gates.map(\.depthMm) == [51])
            #expect(recording.records[0].labelDirection == .towards)
            #expect(recording.records[0].gateSpacingMm == nil)
            #expect(recording.records[0].centreFrequencyHz == nil)
        }
    }

    @Test("never passes the patient's name on")
    func patientName() throws {
        try read(DWLBuilder(levelsDb: [38, 40]).files) { recording in
            let everything = String(reflecting: recording) + String(reflecting: try recording.source(record: 1))
            #expect(everything.contains("A.TD2"))
            #expect(!everything.contains("Roe"))
            #expect(!everything.contains("Jane"))
        }
    }

    @Test("gives the device's envelope around a hit, of the record's channel")
    func envelope() throws {
        try read(DWLBuilder(lines: 4).files) { recording in
            // 100 samples at 5 kHz are 2 values at 100 Hz; the hit is at 1 s.
            #expect(recording.records[0].deviceEnvelope(secondsBeforeHit: 0.25) == [1075, 1076])
            #expect(recording.records[0].deviceEnvelope(secondsBeforeHit: 1) == [1000, 1001])
            #expect(recording.records[0].deviceEnvelope(secondsBeforeHit: 1.01) == nil)
            #expect(recording.records[0].deviceEnvelope(secondsBeforeHit: -0.90) == [1190, 1191])
            #expect(recording.records[0].deviceEnvelope(secondsBeforeHit: -0.91) == nil)
            #expect(recording.records[0].deviceEnvelope(secondsBeforeHit: .infinity) == nil)
        }
    }

    @Test("reads without the device's envelope")
    func withoutWave() throws {
        var files = DWLBuilder(lines: 4).files
        files["A.TW2"] = nil
        try read(files) { recording in
            #expect(recording.records[0].envelope == nil)
            #expect(recording.records[0].deviceEnvelope(secondsBeforeHit: 0.25) == nil)
        }
    }

    @Test("delivers a truncated gate as far as it goes and says so")
    func truncated() throws {
        let builder = DWLBuilder()
        var files = builder.files
        // Cut within Q of the second gate, after 10 of its samples.
        files["A.TD2"] = Array(builder.raw.prefix(builder.samplesBegin(record: 0) + 3 * 50 + 20))
        try read(files) { recording in
            #expect(recording.problems == ["record 1, gate 2 is truncated: 25 samples expected, 10 found"])
            #expect(recording.records[0].gates.map(\.isTruncated) == [false, true])
            #expect(recording.records[0].gates.map(\.i.count) == [25, 10])
            #expect(
                ImportFiles.refusal { try recording.source(record: 1) }
                    == "A.TD2: the gates of record 1 hold 25 and 10 samples: name one of them (gate=1)")
            var sink = CollectingSink()
            let counters = try recording.source(record: 1, gate: 2).run(into: &sink, until: StopSignal())
            #expect(counters.pulses == 10)
            #expect(counters.missingPulses == 15)
            #expect(counters.cutOff == 1)
            #expect(sink.losses == [StreamLoss(kind: .iq, place: .link, firstPulse: 10, pulses: 15, packets: 0)])
        }
    }

    @Test("refuses a record whose level or PRF is not that of its line, and reads the others")
    func mismatch() throws {
        var files = DWLBuilder(levelsDb: [38, 40]).files
        files["A.TX2"] = DWLBuilder(levelsDb: [38, 41]).text
        try read(files) { recording in
            #expect(recording.records.map(\.number) == [1])
            #expect(
                recording.problems == [
                    "record 2 has 40 dB and PRF 5000 Hz, but line 8 says 41 dB and 5000 Hz: the files do not belong together"
                ])
        }
        files["A.TX2"] = DWLBuilder(levelsDb: [39]).text
        #expect(refusal(files).hasPrefix("A.TD2: holds no record that can be read: record 1 has 38 dB"))
    }

    @Test("reports a line that cannot be read and a record that is not there")
    func unreadable() throws {
        let builder = DWLBuilder()
        var files = builder.files
        files["A.TX2"] =
            builder.text + Array("  9 HIT xdB 1:2:3 5000A2D046 dS05 7\n  9 HIT 3dB 1:2:3 5000A2D046 dS05 99\n".utf8)
        try read(files) { recording in
            #expect(recording.records.count == 1)
            #expect(
                recording.problems == [
                    "line 9 of the .TX file names a hit that cannot be read",
                    "record 2 does not stand at byte 12672, as line 10 says",
                ])
        }
    }

    @Test(
        "passes over a hit whose figures are beyond all bounds",
        arguments: ["-9223372036854775808dB", "40000dB", "99999999999999999999dB", "dB"])
    func wildLevel(level: String) throws {
        let builder = DWLBuilder()
        var files = builder.files
        files["A.TX2"] = builder.text + Array("  9 HIT \(level) 1:2:3 5000A2D046 dS05 7\n".utf8)
        try read(files) { #expect($0.problems == ["line 9 of the .TX file names a hit that cannot be read"]) }
    }

    @Test("says which file is missing")
    func missingFiles() {
        let files = DWLBuilder().files
        #expect(
            refusal(files.filter { $0.key != "A.TX2" })
                == "A.TX2: is missing beside A.TD2: it says where the records lie; copy it too")
        #expect(refusal([:]) == "A.TD2: does not exist: check the name")
        #expect(refusal(files, name: "A.TX2") == "A.TX2: is no .TD file by its name: give a file such as NAME.TD2")
        #expect(
            refusal(["A.TD2": Array("none".utf8), "A.TX2": []])
                == "A.TD2: holds no record that can be read: the .TX file names none")
    }

    @Test("survives every truncation of the raw file and of the text")
    func truncations() throws {
        let builder = DWLBuilder(levelsDb: [38, 40])
        let whole = builder.files
        try ImportFiles.withFolder(whole) { folder in
            for name in ["A.TD2", "A.TX2"] {
                let bytes = try #require(whole[name])
                let path = "\(folder)/\(name)"
                for length in 0..<bytes.count {
                    try Data(bytes.prefix(length)).write(to: URL(fileURLWithPath: path))
                    let read = ImportFiles.attempt { try DWLRecording.read(path: folder + "/A.TD2") }
                    #expect(read.value != nil || read.refusal.hasPrefix("A.TD2: "))
                    for gate in read.value?.records.flatMap(\.gates) ?? [] {
                        #expect(gate.i.count == gate.q.count)
                        #expect(gate.i.count <= gate.expectedSamples)
                    }
                }
                try Data(bytes).write(to: URL(fileURLWithPath: path))
            }
        }
    }

    @Test("survives damaged bytes and never reads more than the file holds", arguments: 0..<100)
    func damaged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var files = DWLBuilder(levelsDb: [38, 40]).files
        for name in ["A.TD2", "A.TX2"] {
            var bytes = try #require(files[name])
            for _ in 0..<(1 + Int(generator.next() % 6)) {
                let first = name == "A.TD2" ? 256 : 0
                let span = name == "A.TD2" ? 160 : bytes.count
                bytes[first + Int(generator.next() % UInt64(span))] = UInt8(truncatingIfNeeded: generator.next())
            }
            files[name] = bytes
        }
        let rawBytes = try #require(files["A.TD2"]).count
        try ImportFiles.withFolder(files) { folder in
            let read = ImportFiles.attempt { try DWLRecording.read(path: folder + "/A.TD2") }
            #expect(read.value != nil || read.refusal.hasPrefix("A.TD2: "))
            let records = read.value?.records ?? []
            #expect(records.flatMap(\.gates).reduce(0) { $0 + 4 * $1.i.count } <= rawBytes)
            for record in records { _ = record.deviceEnvelope(secondsBeforeHit: 0.5) }
        }
    }

    @Test("refuses random bytes", arguments: 0..<30)
    func randomBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func noise() -> [UInt8] { (0..<700).map { _ in UInt8(truncatingIfNeeded: generator.next()) } }
        #expect(refusal(["A.TD2": noise(), "A.TX2": noise()]).hasPrefix("A.TD2: holds no record"))
        #expect(refusal(["A.TD2": noise(), "A.TX2": DWLBuilder().text]).hasPrefix("A.TD2: holds no record"))
    }
}
