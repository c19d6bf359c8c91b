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
        /// Round trip between the processors as it mostly is, ns.
        var usualRoundTripNanoseconds: Double
        /// Processes that wanted a processor in the minute before.
        var load: Double

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
                usualRoundTripNanoseconds: Threads.usualRoundTripNanoseconds(), load: loads[0])
        }

        var text: String {
            let trip = Int(usualRoundTripNanoseconds)
            return "\(processor), \(processors) processors, \(simd); round trip between them \(trip) ns, load before "
                + String(format: "%.1f", load)
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
