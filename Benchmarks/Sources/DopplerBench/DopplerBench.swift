import Foundation

/// Measures the product beside what users would pick instead, in one run on one machine.
///
/// DopplerBench [--quick] [--json FILE] [--picture FILE.svg] [ring] [transform] [chain] [growth] [archive] [speed]
@main
enum DopplerBench {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--memory"] {
            SpeedCases.printMemory()
            return
        }
        if let file = take("--process", from: &arguments) { return WholeProcesses.process(file) }
        let json = take("--json", from: &arguments)
        let picture = take("--picture", from: &arguments)
        let isQuick = arguments.contains("--quick")
        let names = arguments.filter { !$0.hasPrefix("--") }
        func isWanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }
        // At least nine rounds count in a whole run; a quick one only shows that everything works.
        let rounds = isQuick ? 3 : 11
        let scale = isQuick ? 0.1 : 1
        // This folder: three up from this file.
        let folder = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
        var report = Report(machine: .now())
        var tables: [Table] = []
        if isWanted("ring") { tables += RingCases.tables(scale: scale) }
        if isWanted("transform") { tables.append(TransformCases.table(scale: scale)) }
        if isWanted("chain") { tables += ChainCases.tables(scale: scale, python: folder) }
        for index in tables.indices {
            tables[index].run(rounds: rounds, usualTrip: report.machine.usualRoundTripNanoseconds)
            print(tables[index].outcome.text + "\n")
            report.tables.append(tables[index].outcome)
        }
        if isWanted("growth") {
            report.growths = GrowthCases.all(scale: scale, rounds: rounds)
        }
        if isWanted("archive") { report.growths += ArchiveGrowth.all(most: isQuick ? 100 : 10_000, folder: folder) }
        for growth in report.growths { print(growth.text + "\n") }
        if isWanted("speed") {
            report.figures = SpeedCases.all(
                scale: scale, rounds: rounds, usualTrip: report.machine.usualRoundTripNanoseconds)
            report.figures += WholeProcesses.figures(seconds: 10 * scale, rounds: rounds, python: folder)
            print("## speed and memory\n" + report.figures.map(\.text).joined(separator: "\n") + "\n")
        }
        print(report.machine.text)
        if let json { try report.write(json: json) }
        if let picture { try report.write(picture: picture) }
    }

    /// The value behind an option.
    private static func take(_ option: String, from arguments: inout [String]) -> String? {
        guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else { return nil }
        defer { arguments.removeSubrange(index...index + 1) }
        return arguments[index + 1]
    }
}
