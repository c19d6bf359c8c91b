import Foundation

/// Measures the product beside what users would pick instead, in one run on one machine.
@main
enum DopplerBench {
    static func main() {
        let isQuick = CommandLine.arguments.contains("--quick")
        let names = CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("--") }
        // At least nine rounds count in a whole run; a quick one only shows that everything works.
        let rounds = isQuick ? 3 : 11
        let scale = isQuick ? 0.1 : 1
        // This folder: three up from this file.
        let folder = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
        var tables: [Table] = []
        if names.isEmpty || names.contains("ring") { tables += RingCases.tables(scale: scale) }
        if names.isEmpty || names.contains("transform") { tables.append(TransformCases.table(scale: scale)) }
        if names.isEmpty || names.contains("chain") { tables += ChainCases.tables(scale: scale, python: folder) }
        for index in tables.indices {
            tables[index].run(rounds: rounds)
            print(tables[index].outcome.text + "\n")
        }
    }
}
