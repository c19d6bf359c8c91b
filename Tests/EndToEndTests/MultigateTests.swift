import Foundation
import Testing

@Suite("depth against velocity")
struct MultigateTests {
    private struct Document: Decodable {
        struct Segment: Decodable {
            var multigate: Multigate?
        }
        struct Multigate: Decodable {
            var depthMm: [Double]
            var timeSeconds: [Double]
            var meanVelocityCmPerS: [[Double?]]
            var envelopeAwayCmPerS: [[Double?]]
        }
        var segments: [Segment]
    }

    private struct Reading: Decodable {
        struct Segment: Decodable {
            struct Gate: Decodable {
                struct Summary: Decodable {
                    var medianMeanVelocityCmPerS: Double?
                    var aliasedFraction: Double?
                }
                struct Episode: Decodable, Equatable { var durationSeconds: Double }
                var summary: Summary
                var refluxEpisodes: [Episode]?
            }
            var velocityScaleCmPerS: [Double]?
            var gates: [Gate]
        }
        var segments: [Segment]
    }

    private func read(_ more: [String]) throws -> Reading.Segment {
        let site = [
            "analyse", "--probe", "sim:healthy", "--site", "ijv.left.j2.supine", "--seconds", "6", "--json",
        ]
        let run = try Program.run(site + more)
        #expect(run.status == 0)
        let document = try JSONDecoder().decode(Reading.self, from: Data(run.output.utf8))
        return try #require(document.segments.first)
    }

    @Test("fifty profiles a second show flow within the lumen and none outside, and are drawn")
    func profiles() throws {
        try Program.inTemporaryFolder { folder in
            let picture = folder + "/profile.png"
            let run = try Program.run([
                "analyse", "--probe", "sim:healthy", "--site", "ijv.left.j2.supine", "--seconds", "3", "--gates", "24",
                "--gate-spacing-mm", "1", "--profile-output", picture, "--json",
            ])
            #expect(run.status == 0)
            let document = try JSONDecoder().decode(Document.self, from: Data(run.output.utf8))
            let found = try #require(document.segments.first?.multigate)
            #expect(found.depthMm.count == 24 && found.timeSeconds.count >= 145)
            let inside = found.depthMm.indices.filter { abs(found.depthMm[$0] - 15) < 4 }
            let outside = found.depthMm.indices.filter { abs(found.depthMm[$0] - 15) > 9 }
            // A single envelope scatters more than it lies beyond its mean.
            let rows = Array(zip(found.meanVelocityCmPerS, found.envelopeAwayCmPerS).dropFirst(20))
            for gate in inside {
                let beyond = rows.count { mean, envelope in (envelope[gate] ?? 0) <= (mean[gate] ?? 0) }
                #expect(2 * beyond > rows.count)
            }
            for row in found.meanVelocityCmPerS.dropFirst(20) {
                #expect(inside.allSatisfy { (row[$0] ?? 0) < -3 })
                #expect(outside.count { row[$0] != nil } <= 1)
            }
            #expect(FileManager.default.fileExists(atPath: picture))
        }
    }

    @Test("a picture of one gate is refused with what to do")
    func oneGate() throws {
        try Program.inTemporaryFolder { folder in
            let run = try Program.run([
                "analyse", "--probe", "sim:healthy", "--seconds", "2", "--profile-output", folder + "/p.png",
            ])
            #expect(run.status == 4)
            #expect(run.errors.contains("--gates"))
        }
    }

    @Test("a shifted zero line shows flow beyond the Nyquist limit, and reflux is judged as before")
    func baselineShift() throws {
        let middle = try read([])
        let shifted = try read(["--baseline-shift", "-50"])
        let scale = try #require(middle.velocityScaleCmPerS)
        let moved = try #require(shifted.velocityScaleCmPerS)
        #expect(abs(moved[0] - 1.5 * scale[0]) < 1e-9 && abs(moved[1] - 0.5 * scale[1]) < 1e-9)
        let one = try #require(middle.gates.first)
        let other = try #require(shifted.gates.first)
        let mean = try #require(one.summary.medianMeanVelocityCmPerS)
        #expect(abs(mean - (try #require(other.summary.medianMeanVelocityCmPerS))) < 0.02 * abs(mean))
        #expect(one.refluxEpisodes == other.refluxEpisodes)
        let refused = try Program.run(["analyse", "--probe", "sim:healthy", "--baseline-shift", "120"])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("-90 to 90"))
    }

    @Test("gates above the skin are refused")
    func aboveSkin() throws {
        let above = try Program.run(["analyse", "--probe", "sim:healthy", "--gates", "60", "--gate-spacing-mm", "1"])
        #expect(above.status == 2)
        #expect(above.errors.contains("above the skin"))
    }

    @Test("the flow of a lumen is given with its error")
    func flow() throws {
        let run = try Program.run([
            "analyse", "--probe", "sim:healthy", "--site", "ijv.left.j2.supine", "--seconds", "6", "--area-mm2", "90",
            "--area-error-mm2", "7", "--angle-error", "3",
        ])
        #expect(run.status == 0)
        #expect(run.output.contains("mL/min"))
    }
}
