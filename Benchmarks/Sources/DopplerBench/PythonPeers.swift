import CPeers
import Foundation

/// The Python peers in a process that stays, so that they take their turn in every round.
final class PythonPeers: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts the peers of `Benchmarks/peers.py`; `nil` where its virtual environment is missing.
    init?(folder: String) {
        let python = folder + "/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [folder + "/peers.py"]
        process.standardInput = input
        process.standardOutput = output
        do { try process.run() } catch { peer_fail("\(python): \(error)") }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Hands a recording over.
    func load(_ samples: [Int16], gates: Int) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dopplerbench-\(getpid())-\(gates).iq")
        let data = samples.withUnsafeBytes { Data($0) }
        do { try data.write(to: path) } catch { peer_fail("\(path.path): \(error)") }
        let answer = ask("load \(path.path) \(samples.count / 2 / gates) \(gates)")
        guard answer == "loaded" else { peer_fail("the Python peers answer: \(answer)") }
        try? FileManager.default.removeItem(at: path)
    }

    /// What a peer took for the recording, by its own clock.
    func run(_ peer: String) -> Threads.Run {
        let answer = ask("run \(peer)")
        let figures = answer.split(separator: " ").compactMap { Double($0) }
        guard figures.count >= 2, figures[0] > 0 else { peer_fail("the Python peers answer: \(answer)") }
        return Threads.Run(seconds: figures[0], processorShare: figures[1] / figures[0])
    }

    private func ask(_ line: String) -> String {
        do { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) } catch {
            peer_fail("the Python peers have ended: \(error)")
        }
        var answer = Data()
        while true {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            if byte.isEmpty || byte[0] == UInt8(ascii: "\n") { return String(decoding: answer, as: UTF8.self) }
            answer += byte
        }
    }
}
