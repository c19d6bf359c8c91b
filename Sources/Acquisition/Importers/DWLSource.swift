public import ProbeLink

/// One record of a DWL file as a source of frames: all of its gates side by side, or one of them.
public struct DWLSource: FrameSource {
    /// The record that is played.
    public let record: DWLRecord
    /// What the file is, without its folder and without the patient.
    public let origin: SourceOrigin
    private let gates: [DWLGate]

    /// Reads a file and takes one of its records.
    ///
    /// - Parameters:
    ///   - path: the `.TD` file; its `.TX` lies beside it.
    ///   - record: the record's number, from 1.
    ///   - gate: the gate, from 1; `nil` takes all of them, which must be equally long.
    /// - Throws: as `DWLRecording.read` and `DWLRecording.source`.
    public init(path: String, record: Int, gate: Int? = nil) throws(SourceError) {
        self = try DWLRecording.read(path: path).source(record: record, gate: gate)
    }

    fileprivate init(_ record: DWLRecord, gates: [DWLGate], origin: SourceOrigin) {
        self.record = record
        self.gates = gates
        self.origin = origin
    }

    /// A file has its settings; those that are wanted are not applied.
    ///
    /// - Returns: the record's PRF, frequency and gates; what is not known is 0, depths of two gates, gate length, burst
    ///   and transmit level included.
    public func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        let spacingUm = gates.count > 1 ? (record.gateSpacingMm ?? 0) * 1000 : 0
        return AcquisitionSettings(
            centreFrequencyHz: UInt32(clamping: Int(record.centreFrequencyHz ?? 0)),
            prfMilliHz: UInt32(clamping: Int(record.prfHz * 1000)),
            firstGateDepthUm: UInt32(clamping: Int((gates.first?.depthMm ?? 0) * 1000)),
            gateSpacingUm: UInt32(clamping: Int(spacingUm)), gateLengthUm: 0, gates: UInt16(clamping: gates.count),
            burstCycles: 0, streams: .iq, transmitLevelPerMille: 0)
    }

    /// Delivers the record's samples as frames of 20 ms; a truncated gate goes as far as the file does, and the rest is
    /// marked as a loss and counted.
    public func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        var feed = IQFrameFeed(
            format: .iqInt16, gates: UInt16(clamping: gates.count), prfHz: record.prfHz, flags: .transmitting)
        let found = gates.map(\.i.count).min() ?? 0
        let expected = gates.map(\.expectedSamples).max() ?? 0
        var pulse = 0
        while pulse < found {
            let end = min(found, pulse + feed.pulsesPerFrame)
            var payload: [UInt8] = []
            var isClipped = false
            for index in pulse..<end {
                for gate in gates {
                    for sample in [gate.i[index], gate.q[index]] {
                        payload.append(littleEndian: sample)
                        if sample == .max || sample == .min { isClipped = true }
                    }
                }
            }
            guard feed.deliver(payload, isClipped: isClipped, into: &sink, until: stop) else { return feed.counters }
            pulse = end
        }
        if found < expected { feed.markCutOff(missingPulses: UInt64(expected - found), into: &sink) }
        return feed.counters
    }
}

extension DWLRecording {
    /// One record as a source of frames.
    ///
    /// - Parameters:
    ///   - record: the record's number, from 1.
    ///   - gate: the gate, from 1; `nil` takes all of them, which must be equally long.
    /// - Throws: `.data` when there is no such record or gate, or when the gates differ in length.
    public func source(record number: Int, gate: Int? = nil) throws(SourceError) -> DWLSource {
        func refuse(_ problem: String) -> SourceError { .data(file: fileName, problem: problem) }
        guard let record = records.first(where: { $0.number == number }) else {
            let known = records.map { String($0.number) }.joined(separator: ", ")
            throw refuse("has no record \(number) that can be read: there are \(known)")
        }
        var chosen = record.gates
        if let gate {
            guard (1...record.gates.count).contains(gate) else {
                throw refuse("record \(number) has no gate \(gate): it has \(record.gates.count)")
            }
            chosen = [record.gates[gate - 1]]
        }
        let lengths = chosen.map(\.i.count)
        guard Set(lengths).count == 1 else {
            let found = lengths.map(String.init).joined(separator: " and ")
            throw refuse("the gates of record \(number) hold \(found) samples: name one of them (gate=1)")
        }
        guard lengths.first ?? 0 > 0 else { throw refuse("record \(number) holds no sample of what was chosen") }
        let suffix = gate.map { "&gate=\($0)" } ?? ""
        let origin = SourceOrigin(
            specifier: "dwl:\(fileName)?record=\(number)\(suffix)",
            device: "DWL Multi-Dop file, channel \(record.channel)",
            profileID: nil, isSimulated: false)
        return DWLSource(record, gates: chosen, origin: origin)
    }
}
