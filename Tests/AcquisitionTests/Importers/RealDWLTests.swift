import Acquisition
import Foundation
import ProbeLink
import Testing

/// Recordings of a DWL Multi-Dop L2, in the public domain, which are not part of the repository.
private enum RealFiles {
    static let folder: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let told = ProcessInfo.processInfo.environment["DOPPLERBRIDGE_DATA"]
        let data = told ?? root.deletingLastPathComponent().appendingPathComponent("shared/data").path
        return data + "/dwl-multidop"
    }()

    /// Every `.TD` file there is.
    static let paths: [String] = {
        guard let names = FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) else {
            return []
        }
        return names.filter { $0.uppercased().contains(".TD") }.sorted().map { "\(folder)/\($0)" }
    }()
}

@Suite("Real DWL recordings", .enabled(if: !RealFiles.paths.isEmpty, "skipped: no such data"))
struct RealDWLTests {
    @Test("every record is read, and its level is that of its line", arguments: RealFiles.paths)
    func whole(path: String) throws {
        let recording = try DWLRecording.read(path: path)
        let hits = try String(contentsOfFile: path.replacing(".TD", with: ".TX"), encoding: .isoLatin1)
            .components(separatedBy: .newlines).filter { $0.contains(" HIT ") }
        #expect(recording.records.count == hits.count)
        for (record, hit) in zip(recording.records, hits) {
            #expect(hit.contains(" \(record.levelDb)dB "))
            #expect(record.prfHz == 5000)
            #expect(record.centreFrequencyHz == 2e6)
            #expect(record.labelDirection == .away)
            #expect(record.gates.count == 2)
            for gate in record.gates { #expect([14_400, 16_000].contains(gate.expectedSamples)) }
        }
        #expect(recording.problems.allSatisfy { $0.contains("truncated") })
        let truncated = recording.records.flatMap(\.gates).count { $0.isTruncated }
        #expect(recording.problems.count == truncated)
    }

    @Test("flow is away from the probe in every whole gate, as the label says", arguments: RealFiles.paths)
    func direction(path: String) throws {
        for record in try DWLRecording.read(path: path).records {
            for (index, gate) in record.gates.enumerated() where !gate.isTruncated {
                #expect(negativeFraction(gate, blockLength: 128) > 0.9, "record \(record.number), gate \(index + 1)")
            }
        }
    }

    /// The fraction of blocks whose mean frequency (lag-one autocorrelation, Kasai 1985) is negative.
    private func negativeFraction(_ gate: DWLGate, blockLength: Int) -> Double {
        let meanI = gate.i.reduce(0.0) { $0 + Double($1) } / Double(gate.i.count)
        let meanQ = gate.q.reduce(0.0) { $0 + Double($1) } / Double(gate.q.count)
        var negative = 0
        var blocks = 0
        for start in stride(from: 0, to: gate.i.count - blockLength, by: blockLength) {
            var imaginary = 0.0
            for index in (start + 1)..<(start + blockLength) {
                let (i, q) = (Double(gate.i[index]) - meanI, Double(gate.q[index]) - meanQ)
                let (i0, q0) = (Double(gate.i[index - 1]) - meanI, Double(gate.q[index - 1]) - meanQ)
                imaginary += q * i0 - i * q0
            }
            blocks += 1
            if imaginary < 0 { negative += 1 }
        }
        return Double(negative) / Double(blocks)
    }

    @Test("the device's own envelope lies around every hit that is late enough", arguments: RealFiles.paths)
    func envelope(path: String) throws {
        for record in try DWLRecording.read(path: path).records where record.hitTimeCentiseconds > 160 {
            let stretch = try #require(record.deviceEnvelope(secondsBeforeHit: 1.6))
            #expect(stretch.count == Int(Double(record.gates[0].expectedSamples) / 50))
            #expect(stretch.contains { $0 > 100 })
        }
    }

    @Test("the patient's name in the files is in no result", arguments: RealFiles.paths)
    func patientName(path: String) throws {
        let text = try String(contentsOfFile: path.replacing(".TD", with: ".TX"), encoding: .isoLatin1)
        let line = try #require(text.components(separatedBy: .newlines).first { $0.contains("NAME:") })
        let name = try #require(line.components(separatedBy: "NAME:").last).trimmingCharacters(
            in: .whitespacesAndNewlines)
        let recording = try DWLRecording.read(path: path)
        #expect(!name.isEmpty)
        #expect(!recording.problems.joined().contains(name))
        #expect(!recording.fileName.contains(name))
        for record in recording.records where !record.gates.contains(where: \.isTruncated) {
            let source = try recording.source(record: record.number)
            #expect(!"\(source.origin)".contains(name))
        }
    }
}
