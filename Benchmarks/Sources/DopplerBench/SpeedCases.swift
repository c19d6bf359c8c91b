import CPeers
import DopplerDSP
import Foundation

/// What is measured against the clock and the memory instead of a peer.
struct Figure: Codable {
    var title: String
    /// Median; `nil` = not measured.
    var value: Double?
    var unit: String
    /// The goal, and whether more is better.
    var goal: Double
    var isAtLeast: Bool
    /// Rounds that nothing disturbed and that count; `nil` where that does not matter.
    var rounds: Int?
    /// What a peer reached in the same rounds: how fast this machine is at all.
    var peer: Peer?

    /// A peer's figure in the same unit.
    struct Peer: Codable {
        var name: String
        /// Median; `nil` = not measured.
        var value: Double?

        init(name: String, _ values: [Double]) {
            self.name = name
            value = Table.median(values)
        }
    }

    var isReached: Bool? { value.map { isAtLeast ? $0 >= goal : $0 <= goal } }

    /// Whether so few rounds count that the figure decides nothing.
    var isTooDisturbed: Bool { rounds.map { $0 < Table.fewestRounds } ?? false }

    var text: String {
        guard let value, let isReached else { return "  \(title): not measured" }
        return "  \(title): "
            + String(format: "%.4g \(unit), goal %@ %g: ", value, isAtLeast ? "at least" : "at most", goal)
            + (isTooDisturbed ? "does not count" : isReached ? "reached" : "NOT REACHED")
            + (rounds.map { " (\($0) rounds)" } ?? "")
            + (peer.map { "; \($0.name) in the same rounds: " + String(format: "%.4g", $0.value ?? .nan) } ?? "")
    }
}

enum SpeedCases {
    static func all(scale: Double, rounds: Int, usualTrip: Double) -> [Figure] {
        realTime(gates: 512, prfHz: 20_000, seconds: 1 * scale, Goal(factor: 20, peer: 22), rounds: rounds)
            + realTime(gates: 128, prfHz: 5000, seconds: 5 * scale, Goal(factor: 300, peer: 359), rounds: rounds)
            + realTime(gates: 1, prfHz: 5000, seconds: 60 * scale, Goal(factor: 5000, peer: 30_600), rounds: rounds)
            + [bothProcessors(seconds: 20 * scale, rounds: rounds, usualTrip: usualTrip), memory()]
    }

    /// A goal in times as fast as the samples come, and what C + FFTW, tuned, reached on the machine that it was set on: how
    /// fast another machine is says nothing of the product, the ratio does.
    private struct Goal {
        var factor: Double
        var peer: Double
    }

    /// What the product and its peer came to in each round that nothing disturbed.
    private static func counting(_ rounds: Int, _ round: () -> [(value: Double, sample: Sample)]) -> [[Double]] {
        (0..<rounds).compactMap { _ in
            let results = round()
            return results.contains { $0.sample.isDisturbed } ? nil : results.map(\.value)
        }
    }

    private static func realTime(
        gates: Int, prfHz: Double, seconds: Double, _ goal: Goal, rounds: Int
    ) -> [Figure] {
        let pulses = max(2000, Int(seconds * prfHz))
        let signal = ChainCases.signal(gates: gates, pulses: pulses)
        let kept = MapKeeper(ChainCases.settings(gates: gates, prfHz: prfHz))
        // Two runs take the memory that all later ones use again.
        for _ in 0..<2 { kept.map(signal, pulses: pulses) }
        let peer = ChainCases.Peer(peer_chain_tuned, gates: gates, pulses: pulses)
        let works: [@Sendable () -> Void] = [{ kept.map(signal, pulses: pulses) }, { peer.run(signal) }]
        let factors = counting(rounds) {
            works.map { work in
                let sample = Sampler().sample { Threads.run([work]) }
                return (Double(pulses) / prfHz / sample.seconds, sample)
            }
        }
        let title = "real time, one core, \(gates) gate\(gates == 1 ? "" : "s"), PRF \(Int(prfHz / 1000)) kHz"
        return [
            Figure(
                title: title, value: Table.median(factors.map { $0[0] }), unit: "times", goal: goal.factor,
                isAtLeast: true, rounds: factors.count,
                peer: Figure.Peer(name: "C + FFTW, tuned", factors.map { $0[1] })),
            Figure(
                title: title + ", over C + FFTW, tuned", value: Table.median(factors.map { $0[0] / $0[1] }),
                unit: "times", goal: (goal.factor / goal.peer * 100).rounded() / 100, isAtLeast: true,
                rounds: factors.count),
        ]
    }

    /// Recordings of an exam analysed again, half of them on each processor, against all on one.
    private static func bothProcessors(seconds: Double, rounds: Int, usualTrip: Double) -> Figure {
        let recordings = 30
        let pulses = Int(seconds * 5000)
        let signal = ChainCases.signal(gates: 1, pulses: pulses)
        @Sendable func analyse(_ count: Int) {
            for _ in 0..<count { ChainCases.analyse(signal, gates: 1, pulses: pulses) }
        }
        let peer = ChainCases.Peer(peer_chain_straightforward, gates: 1, pulses: pulses)
        let other = ChainCases.Peer(peer_chain_straightforward, gates: 1, pulses: pulses)
        let works: [[@Sendable (Int) -> Void]] = [
            [analyse, analyse],
            [peer, other].map { peer in { for _ in 0..<$0 { peer.run(signal) } } },
        ]
        // By the clock: what a user waits.
        let sampler = Sampler(usualTrip: usualTrip)
        let ratios = counting(rounds) {
            works.map { work in
                let alone = sampler.sample { Threads.run([{ work[0](recordings) }]) }
                var both = sampler.sample {
                    Threads.run([{ work[0](recordings / 2) }, { work[1](recordings / 2) }])
                }
                both.isDisturbed = both.isDisturbed || alone.isDisturbed
                return (alone.seconds / both.seconds, both)
            }
        }
        return Figure(
            title: "exam of 30 recordings again, both cores against one", value: Table.median(ratios.map { $0[0] }),
            unit: "times", goal: 1.8, isAtLeast: true, rounds: ratios.count,
            peer: Figure.Peer(name: "C + FFTW", ratios.map { $0[1] }))
    }

    /// Asks a process of its own, so that nothing else has used memory before.
    private static func memory() -> Figure {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--memory"]
        process.standardOutput = output
        do { try process.run() } catch { peer_fail("\(error)") }
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Figure(
            title: "memory at its peak, 128 gates, 10 s, against input and results",
            value: Double(answer.trimmingCharacters(in: .whitespacesAndNewlines)), unit: "times", goal: 1.15,
            isAtLeast: false)
    }

    /// The child's part: prints input and what the analysis took at its peak, over input and results.
    static func printMemory() {
        let gates = 128
        let pulses = 50_000
        let signal = ChainCases.signal(gates: gates, pulses: pulses)
        let before = kibibytes("VmRSS:")
        // Resets the peak (proc(5)).
        do { try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs")) } catch { return }
        var results: [Spectrogram] = []
        do throws(DSPError) {
            var analyser = try SpectralAnalyser(ChainCases.settings(gates: gates))
            analyser.take(signal)
            results = analyser.finish()
        } catch { peerFail(error) }
        let peak = kibibytes("VmHWM:")
        let input = Double(MemoryLayout<Int16>.size * signal.count) / 1024
        let output = results.reduce(0.0) { sum, spectrogram in
            let power = spectrogram.power.count * MemoryLayout<Float>.size
            let columns = spectrogram.columns.count * MemoryLayout<SpectralColumn>.stride
            let blocks = (spectrogram.course?.blocks.count ?? 0) * MemoryLayout<FlowCourse.Block>.stride
            // I and Q of every pulse.
            let samples = (spectrogram.course?.blocks.count ?? 0) * (spectrogram.course?.blockPulses ?? 0) * 8
            return sum + Double(power + columns + blocks + samples) / 1024
        }
        print((input + peak - before) / (input + output))
    }

    static func kibibytes(_ name: String) -> Double {
        let status: String
        do { status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8) } catch { peer_fail("\(error)") }
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? .nan
    }
}

/// Ends the program with an error.
func peerFail(_ error: any Error) -> Never { peer_fail("\(error)") }
