import CPeers
import DopplerDSP
import Foundation

/// Whole processes beside each other: start, read a recording, compute its spectra and means, end.
enum WholeProcesses {
    private static let gates = 128

    /// Processor time and memory of SciPy's spectrogram over the product's, and how fast the program starts.
    static func figures(seconds: Double, rounds: Int, python folder: String) -> [Figure] {
        var times: [Double] = []
        var memories: [Double] = []
        let python = folder + "/.venv/bin/python"
        let hasPeer = FileManager.default.isExecutableFile(atPath: python)
        let pulses = Int(seconds * ChainCases.prfHz)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dopplerbench-\(getpid()).iq").path
        let samples = ChainCases.signal(gates: gates, pulses: pulses)
        do { try samples.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: path)) } catch {
            peer_fail("\(path): \(error)")
        }
        defer { unlink(path) }
        for _ in 0..<(hasPeer ? rounds : 0) {
            let own = run("/proc/self/exe", ["--process", path])
            let peer = run(python, [folder + "/peers.py", "--process", path, "\(pulses)", "\(gates)"])
            times.append(peer.seconds / own.seconds)
            memories.append(peer.kibibytes / own.kibibytes)
        }
        return [
            Figure(
                title: "whole process, 128 gates, \(Int(seconds)) s: time of scipy spectrogram over ours",
                value: Table.median(times), unit: "times", goal: 12, isAtLeast: true),
            Figure(
                title: "whole process, 128 gates, \(Int(seconds)) s: memory of scipy spectrogram over ours",
                value: Table.median(memories), unit: "times", goal: 5, isAtLeast: true),
            start(rounds: rounds, folder: folder),
        ]
    }

    /// From the start of the program to the end of its first page, in real milliseconds.
    private static func start(rounds: Int, folder: String) -> Figure {
        let program = folder + "/../.build/release/dopplerbridge"
        let isThere = FileManager.default.isExecutableFile(atPath: program)
        let times = (0..<(isThere ? rounds : 0)).map { _ in
            1000 * Threads.run([{ _ = run(program, ["--help"]) }]).seconds
        }
        return Figure(
            title: "start of the program to its first page", value: Table.median(times), unit: "ms", goal: 150,
            isAtLeast: false)
    }

    /// The child's part: what SciPy does in the other process.
    static func process(_ path: String) {
        let last = lastMeans(read(path))
        print(last, SpeedCases.kibibytes("VmHWM:"))
    }

    private static func lastMeans(_ samples: [Int16]) -> Float {
        do throws(DSPError) {
            var map = try SpectralMap(ChainCases.settings(gates: gates))
            try map.process(
                samples.span.bytes, format: .int16, pulses: samples.count / 2 / gates, firstPulse: 0)
            var columns: SpectralMap.Columns?
            map.takeColumns(into: &columns)
            return columns?.meanShiftsHz.suffix(gates).reduce(0, +) ?? .nan
        } catch {
            peer_fail("\(error)")
        }
    }

    private static func read(_ path: String) -> [Int16] {
        guard let file = fopen(path, "r") else { peer_fail("\(path) cannot be read") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let count = ftell(file) / MemoryLayout<Int16>.size
        rewind(file)
        return [Int16](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = fread(buffer.baseAddress, MemoryLayout<Int16>.size, count, file)
        }
    }

    /// Processor time of a process that ended well, and the greatest memory, which it prints itself at the end of its last
    /// line: what the system accounts to it holds this process's memory too (getrusage(2)).
    private static func run(_ program: String, _ arguments: [String]) -> (seconds: Double, kibibytes: Double) {
        let path = URL(fileURLWithPath: program).resolvingSymlinksInPath().path
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("dopplerbench-\(getpid()).out").path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { unlink(output) }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        guard posix_spawn(&child, path, &actions, nil, &words, environ) == 0 else { peer_fail("\(path) cannot be run") }
        var status: Int32 = 0
        var used = rusage()
        guard wait4(child, &status, 0, &used) == child, status == 0 else { peer_fail("\(path) failed") }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        do {
            let last = try String(contentsOfFile: output, encoding: .utf8).split(whereSeparator: \.isWhitespace).last
            return (seconds(used.ru_utime) + seconds(used.ru_stime), last.flatMap { Double($0) } ?? .nan)
        } catch {
            peer_fail("\(output): \(error)")
        }
    }
}
