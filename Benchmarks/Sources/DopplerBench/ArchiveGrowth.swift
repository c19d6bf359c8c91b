import CPeers
import Foundation

/// How an archive's costs change with its exams, from 10 to 10,000, as `ArchiveActs bench` measures them.
enum ArchiveGrowth {
    /// What it prints of each size, milliseconds of each repetition.
    private struct Costs: Decodable {
        var exams: Int
        var fillingMsAnExam: [Double]
        var listMs: [Double]
        var oneMs: [Double]
        var verifyMs: [Double]
    }

    /// - Parameters:
    ///   - most: the largest archive; 10,000 exams need 1 GB for as long as it runs.
    ///   - folder: that of the benchmarks.
    static func all(most: Int, folder: String) -> [Growth] {
        let program = folder + "/../.build/release/ArchiveActs"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            print("archive: skipped: no .build/release/ArchiveActs; `make bench` builds it\n")
            return []
        }
        let costs = measure(program, archive: folder + "/../out/bench-archive", most: most)
        func growth(_ title: String, _ costUnit: String, _ cost: (Costs) -> [Double]) -> Growth {
            Growth(
                title, "exams", costUnit: costUnit, sizes: costs.map { Double($0.exams) }, costs: costs.map(cost),
                disturbed: nil)
        }
        return [
            growth("list of an archive", "µs an exam") { costs in
                costs.listMs.map { 1000 * $0 / Double(costs.exams) }
            },
            growth("one exam of an archive", "ms") { $0.oneMs },
            growth("verifying an archive", "ms an exam") { costs in costs.verifyMs.map { $0 / Double(costs.exams) } },
            growth("filling an archive", "ms an exam") { $0.fillingMsAnExam },
        ]
    }

    private static func measure(_ program: String, archive: String, most: Int) -> [Costs] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["bench", archive, "\(most)", "--json"]
        process.standardOutput = output
        do {
            try process.run()
            let said = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { peer_fail("\(program) failed") }
            return try JSONDecoder().decode([Costs].self, from: said)
        } catch {
            peer_fail("\(program): \(error)")
        }
    }
}
