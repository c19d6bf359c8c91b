import DopplerDSP
import Foundation

/// All that a run measured, for people, for machines and as a picture.
struct Report: Codable {
    /// Where it ran.
    struct Machine: Codable {
        var processor: String
        var processors: Int
        /// The vector instructions in use.
        var simd: String
        /// Round trips between the processors at the begin and at the end, ns.
        var roundTripNanoseconds: [Double]
        /// Processes that wanted a processor in the minute before.
        var load: Double

        /// Whether so much else went on that the figures should not be quoted.
        var isDisturbed: Bool {
            load > Double(processors) / 2 || roundTripNanoseconds.contains { $0 >= Table.farNanoseconds }
        }

        /// This machine, as it is now.
        static func now() -> Machine {
            var loads = [0.0, 0, 0]
            getloadavg(&loads, 3)
            let information = FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data()
            let model = String(decoding: information, as: UTF8.self).split(separator: "\n")
                .first { $0.hasPrefix("model name") }?.split(separator: ":").last
            return Machine(
                processor: model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown",
                processors: ProcessInfo.processInfo.activeProcessorCount, simd: SIMDLevel.inUse.rawValue,
                roundTripNanoseconds: [Threads.roundTripNanoseconds()], load: loads[0])
        }

        var text: String {
            let trips = roundTripNanoseconds.map { "\(Int($0))" }.joined(separator: " and ")
            return "\(processor), \(processors) processors, \(simd); round trip between them \(trips) ns, load before "
                + String(format: "%.1f", load)
                + (isDisturbed ? "\nTHE MACHINE WAS TOO DISTURBED FOR THE FIGURES TO COUNT" : "")
        }
    }

    var machine: Machine
    var tables: [Outcome] = []
    var growths: [Growth] = []
    var figures: [Figure] = []

    /// Writes everything as JSON.
    func write(json path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }

    /// Writes the goals and the growth as a picture (SVG).
    func write(picture path: String) throws {
        try Data(Picture.svg(self).utf8).write(to: URL(fileURLWithPath: path))
    }
}
