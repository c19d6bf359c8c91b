@testable internal import Acquisition
internal import Foundation
@testable internal import ProbeLink
@testable internal import ProbeProfiles
internal import StrictYAML
internal import USBCapture

/// The readers of files.
enum FuzzedFiles {
    static func profile(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        do throws(YAMLProblems) {
            let profile = try DeviceProfile.parse(text, file: "fuzz.yaml")
            _ = profile.startingSettings(transmitLevelPerMille: 1000)
        } catch {
            promise(!error.problems.isEmpty, "a refused profile has a problem")
            for problem in error.problems { promise(problem.line >= 1 && problem.column >= 1, "a problem has a place") }
        }
        _ = DeviceProfile.problems(inSet: [("fuzz/one", "one.yaml", text), ("fuzz/two", "two.yaml", text)])
    }

    static func pcapng(_ bytes: [UInt8]) {
        do throws(CaptureError) {
            let capture = try PcapngReader(bytes: bytes, fileName: "fuzz.pcapng")
            let carried = capture.records.reduce(0) { $0 + $1.data.count }
            promise(carried <= bytes.count, "no byte is read twice")
            replay(capture)
        } catch {
            _ = error.description
        }
    }

    /// Asks a replay what the capture itself was asked, then lets it run.
    private static func replay(_ capture: PcapngReader) {
        let transport = CaptureTransport(capture)
        for captured in capture.records.prefix(64) {
            guard let setup = captured.record.setup, captured.record.type == .control else { continue }
            let value = UInt16(setup[2]) | UInt16(setup[3]) << 8
            let request = ControlRequest(setup[1], value: value, body: .in(length: UInt16(setup[6])))
            do throws(TransportError) { try transport.control(request) } catch { _ = error.description }
        }
        var receiver = DecodingReceiver()
        for _ in 0..<3 {
            do throws(TransportError) {
                try transport.run(into: &receiver, heartbeat: nil, until: StopSignal())
            } catch {
                _ = error.description
            }
        }
        receiver.decoder.finish(into: &receiver.tally)
    }

    /// The first byte says whether the blocks' checksums are set right.
    static func recording(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        var file = Array(bytes.dropFirst())
        if first & 1 == 1 { setChecksums(ofBlocksIn: &file) }
        do throws(RecordingError) {
            let recording = try Recording(bytes: file, path: "fuzz.dbrec")
            var tally = FrameTally()
            do throws(SourceRunError) {
                _ = try ReplaySource(recording).run(into: &tally, until: StopSignal())
            } catch {
                _ = error.reason.description
            }
        } catch {
            _ = error.description
        }
    }

    static func wav(_ bytes: [UInt8]) {
        do throws(SourceError) {
            let layout = try WAVLayout(file: "fuzz.wav", byteCount: bytes.count) { offset, count in
                guard offset >= 0, offset < bytes.count, count > 0 else { return [] }
                return Array(bytes[offset..<min(bytes.count, offset + count)])
            }
            let end = layout.dataOffset + layout.pulses * layout.bytesPerPulse + layout.leftoverBytes
            promise(end <= bytes.count, "the samples lie within the file")
            promise(layout.missingPulses >= 0, "a number of missing pulses is not negative")
            try FileParameters().check(
                sampleRateHz: Double(layout.sampleRateHz), toleranceHz: 0.5, file: "fuzz.wav")
        } catch {
            _ = error.description
        }
        guard let text = String(validating: bytes.prefix(YAMLValue.maximumBytes), as: UTF8.self) else { return }
        do throws(SourceError) {
            try FileParameters(sideFile: text, file: "fuzz.wav.yaml")
                .check(sampleRateHz: 5000, toleranceHz: 0.5, file: "fuzz.wav")
        } catch {
            _ = error.description
        }
    }

    static func sigmf(_ bytes: [UInt8]) {
        do throws(SourceError) {
            let metadata = try SigMFMetadata(bytes, file: "fuzz.sigmf-meta")
            promise((1...512).contains(metadata.channels), "a number of channels fits a frame")
            promise(metadata.sampleRateHz >= 100, "a sample rate is sensible")
            promise(metadata.skips.allSatisfy { $0.place >= 0 && $0.pulses > 0 }, "what is skipped is something")
            let missing = try MissingPulses(metadata.missing, of: 1000, file: "fuzz.sigmf-meta")
            var pulse = 0
            while pulse < 1000 {
                let next = missing.stretch(at: pulse, within: 1000)
                promise(next.end > pulse, "a stretch goes on")
                pulse = next.end
            }
            if let recording = metadata.recording { _ = FileParameters(of: recording).missingForScoring }
        } catch {
            _ = error.description
        }
    }

    static func iqText(_ bytes: [UInt8]) {
        do throws(SourceError) {
            let text = try IQTextFile(bytes, file: "fuzz.csv")
            promise(text.sampleRateHz.isFinite && text.sampleRateHz > 0, "a sample rate is sensible")
            promise(text.skips.allSatisfy { $0.sample > 0 && $0.sample < text.samples }, "a gap lies between samples")
            let pair = text.format.bytesPerIQPair ?? 0
            promise(text.payload(0..<text.samples).payload.count == pair * text.samples, "each sample is played once")
        } catch {
            _ = error.description
        }
    }

    /// Two lengths, then the text file, the envelope file and the raw file.
    static func dwl(_ bytes: [UInt8]) {
        guard bytes.count >= 4 else { return }
        let rest = bytes.dropFirst(4)
        let text = rest.prefix(Int(bytes[0]) | Int(bytes[1]) << 8)
        let wave = rest.dropFirst(text.count).prefix(Int(bytes[2]) | Int(bytes[3]) << 8)
        let raw = Array(rest.dropFirst(text.count + wave.count))
        do throws(SourceError) {
            let read = try DWLRecording(fileName: "F.TD2", raw: raw, text: Array(text), wave: Array(wave))
            let samples = read.records.flatMap(\.gates).reduce(0) { $0 + $1.i.count }
            promise(4 * samples <= raw.count, "no sample is read twice")
            for record in read.records {
                _ = record.deviceEnvelope(secondsBeforeHit: 1.4)
                let source = try read.source(record: record.number)
                let settings = try source.prepare(
                    AcquisitionSettings(
                        centreFrequencyHz: 1, prfMilliHz: 1, firstGateDepthUm: 1, gateLengthUm: 1, burstCycles: 1,
                        streams: .iq, transmitLevelPerMille: 0))
                promise(settings.gates > 0, "a record that is played has a gate")
                var tally = FrameTally()
                do throws(SourceRunError) { _ = try source.run(into: &tally, until: StopSignal()) } catch {}
            }
        } catch {
            _ = error.description
        }
    }

    private static func setChecksums(ofBlocksIn bytes: inout [UInt8]) {
        var offset = 0
        while offset + RecordingBlock.headerBytes <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + 12 + $1]) << (8 * $1) }
            let start = offset + RecordingBlock.headerBytes
            guard length <= bytes.count - start else { return }
            var checksum = CRC32C()
            checksum.update(bytes.span.bytes.extracting(offset..<offset + 28))
            checksum.update(bytes.span.bytes.extracting(start..<start + length))
            for byte in 0..<4 {
                bytes[offset + 28 + byte] = UInt8(truncatingIfNeeded: checksum.value >> (8 * UInt32(byte)))
            }
            offset = start + length
        }
    }
}

/// Decodes what a replay delivers.
private struct DecodingReceiver: TransferSink {
    var decoder = ODPDecoder()
    var tally = FrameTally()

    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        if pipe == .stream { decoder.consume(bytes, into: &tally) }
    }

    func hasRoom(forBytes count: Int) -> Bool { true }
}
