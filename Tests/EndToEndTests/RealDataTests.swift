import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import Testing

/// Recordings of a DWL Multi-Dop L2 that the viewer thewtex/dwl-multidop-l2-viewer puts into the public domain.
enum RealRecordings {
    /// The folder with the recordings; `nil` where they are not.
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["DOPPLERBRIDGE_DATA"]
        let candidates = [named, Program.root + "/../shared/data"].compactMap { $0 }.map { $0 + "/dwl-multidop" }
        return candidates.first { FileManager.default.fileExists(atPath: $0 + "/NLA168.TD2") }
    }()

    static func path(_ name: String) throws -> String { try #require(folder) + "/" + name }
}

@Suite("Real recordings", .enabled(if: RealRecordings.folder != nil, "skipped: no such data"))
struct RealDataTests {
    private func analysis(_ path: String) throws -> (AnalysisDocument, Int32) {
        let result = try Program.run(["analyse", "--probe", "dwl:" + path, "--json"])
        return (try JSONDecoder().decode(AnalysisDocument.self, from: Data(result.output.utf8)), result.status)
    }

    @Test("flow is away in every gate and hardly anything stands in the mirror", arguments: ["TD2", "TD3"])
    func direction(name: String) throws {
        let (document, status) = try analysis(RealRecordings.path("NLA168." + name))
        #expect(status == 0)
        #expect(document.segments.count == (name == "TD2" ? 3 : 1))
        for segment in document.segments {
            #expect(segment.deviceLabel?.direction == .away)
            for gate in segment.gates {
                #expect(gate.summary.direction == "away")
                #expect(try #require(gate.summary.medianSignalToNoiseTowardsDb) <= 2)
                #expect(try #require(gate.summary.medianSignalToNoiseAwayDb) > 6)
                #expect(try #require(gate.summary.medianMeanVelocityCmPerS) < 0)
            }
        }
    }

    @Test("taps are marked and none is taken for reflux", arguments: ["TD2", "TD3"])
    func taps(name: String) throws {
        let (document, _) = try analysis(RealRecordings.path("NLA168." + name))
        for gate in document.segments.flatMap(\.gates) {
            #expect(gate.summary.tapColumns > 0)
            #expect(gate.refluxEpisodes?.isEmpty == true)
        }
    }

    /// The curve without the gaps and outliers of single columns; a column that was not measured counts as no flow.
    private func smoothed(_ curve: [Double?]) -> [Double] {
        FlowTrace.runningMedian(curve.map { abs($0 ?? 0) }).map { $0 ?? 0 }
    }

    private func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let meanA = a.reduce(0, +) / Double(a.count)
        let meanB = b.reduce(0, +) / Double(b.count)
        let products = zip(a, b).map { ($0 - meanA) * ($1 - meanB) }.reduce(0, +)
        let spreadA = a.map { ($0 - meanA) * ($0 - meanA) }.reduce(0, +)
        let spreadB = b.map { ($0 - meanB) * ($0 - meanB) }.reduce(0, +)
        return products / (spreadA * spreadB).squareRoot()
    }

    @Test("the first gate's envelope follows the device's own", arguments: ["TD2", "TD3"])
    func envelope(name: String) throws {
        let path = try RealRecordings.path("NLA168." + name)
        let (document, _) = try analysis(path)
        let records = try DWLRecording.read(path: path).records
        for (segment, record) in zip(document.segments, records) {
            let device = try #require(record.envelope)
            let curve = smoothed(device.values.map(Double.init))
            let gate = segment.gates[0]
            let ours = smoothed(gate.envelopeAwayCmPerS)
            // Where the samples begin is known only as 1.4 to 2.2 s before the event.
            let best = stride(from: 1.4, through: 2.2, by: 0.01).compactMap { lag -> Double? in
                let eventSeconds = Double(record.hitTimeCentiseconds) / 100
                let places = gate.timeSeconds.map { Int(((eventSeconds - lag + $0) * device.rateHz).rounded()) }
                guard let first = places.first, let last = places.last, first >= 0, last < curve.count else {
                    return nil
                }
                return correlation(ours, places.map { curve[$0] })
            }.max()
            #expect(try #require(best) >= 0.75)
        }
    }

    @Test("a file that was cut reports the truncated gate and keeps the other")
    func truncated() throws {
        try Program.inTemporaryFolder { folder in
            for name in ["NLA168.TD3", "NLA168.TX3", "NLA168.TW3"] {
                try FileManager.default.copyItem(atPath: RealRecordings.path(name), toPath: folder + "/" + name)
            }
            let path = folder + "/NLA168.TD3"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try FileManager.default.removeItem(atPath: path)
            try bytes.prefix(150_000).write(to: URL(fileURLWithPath: path))
            let (document, status) = try analysis(path)
            #expect(status == 1)
            #expect(document.segments.first?.gates.map(\.isTruncated) == [false, true])
            #expect(document.problems.contains { $0.contains("truncated") })
        }
    }
}
