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
        }
        var segments: [Segment]
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
