import Acquisition
import ProbeLink
import Testing

@Suite("DWL source")
struct DWLSourceTests {
    private static let wanted = AcquisitionSettings(
        centreFrequencyHz: 1, prfMilliHz: 1, firstGateDepthUm: 1, gateLengthUm: 1, burstCycles: 1, streams: .iq,
        transmitLevelPerMille: 1000)

    @Test("delivers two equally long gates side by side")
    func twoGates() throws {
        try ImportFiles.withFolder(DWLBuilder().files) { folder in
            let source = try DWLSource(path: folder + "/A.TD2", record: 1)
            var sink = CollectingSink()
            let counters = try source.run(into: &sink, until: StopSignal())
            #expect(counters.pulses == 25)
            #expect(counters.cutOff == 0)
            #expect(
                sink.frames == [
                    FrameHeader(
                        kind: .iq, format: .iqInt16, flags: [.first, .transmitting], sequence: 0, pulseIndex: 0,
                        items: 2,
                        records: 25)
                ])
            // Pulse 1: gate 1 I = 1, Q = -1; gate 2 I = 101, Q = -101.
            #expect(Array(sink.payloads[0][8..<16]) == [1, 0, 0xFF, 0xFF, 101, 0, 0x9B, 0xFF])
        }
    }

    @Test("tells the settings of the record, 0 where they are not known")
    func settings() throws {
        try ImportFiles.withFolder(DWLBuilder().files) { folder in
            let source = try DWLSource(path: folder + "/A.TD2", record: 1)
            let settings = try source.prepare(Self.wanted)
            #expect(settings.prfMilliHz == 5_000_000)
            #expect(settings.centreFrequencyHz == 2_000_000)
            #expect(settings.gates == 2)
            #expect(settings.gateSpacingUm == 5000)
            #expect(settings.firstGateDepthUm == 0)
            #expect(settings.transmitLevelPerMille == 0)
            #expect(source.origin.specifier == "dwl:A.TD2?record=1")
            #expect(source.origin.isSimulated == false)
            #expect(try DWLSource(path: folder + "/A.TD2", record: 1, gate: 2).prepare(Self.wanted).gates == 1)
        }
    }

    @Test("cuts a record into frames of 20 ms, waits for room, and stops when told")
    func frames() throws {
        try ImportFiles.withFolder(DWLBuilder(gates: 1, lines: 10).files) { folder in
            let source = try DWLSource(path: folder + "/A.TD2", record: 1, gate: 1)
            var sink = ReluctantSink()
            #expect(try source.run(into: &sink, until: sink.stop).pulses == 250)
            #expect(sink.collected.frames.map(\.records) == [100, 100, 50])
            #expect(sink.collected.frames.map(\.pulseIndex) == [0, 100, 200])
            #expect(sink.asked.times == 9)
            var stopped = ReluctantSink(stopAfterFrames: 1)
            #expect(try source.run(into: &stopped, until: stopped.stop).pulses == 100)
            #expect(stopped.collected.losses.isEmpty)
        }
    }

    @Test("refuses a record or a gate that there is none of")
    func none() throws {
        try ImportFiles.withFolder(DWLBuilder().files) { folder in
            let path = folder + "/A.TD2"
            #expect(
                ImportFiles.refusal { try DWLSource(path: path, record: 2) }
                    == "A.TD2: has no record 2 that can be read: there are 1")
            #expect(
                ImportFiles.refusal { try DWLSource(path: path, record: 1, gate: 0) }
                    == "A.TD2: record 1 has no gate 0: it has 2")
        }
    }
}
