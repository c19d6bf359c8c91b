internal import CLibFuzzer
internal import Foundation
internal import Synchronization

/// `fuzz READER [libFuzzer's options and corpora]`, `fuzz seeds READER FOLDER` and `fuzz list`.
@main
struct Fuzz {
    static func main() throws {
        let words = CommandLine.arguments
        if words.count == 2, words[1] == "list" {
            print(FuzzedReader.allCases.map(\.rawValue).joined(separator: "\n"))
        } else if words.count == 4, words[1] == "seeds", let reader = FuzzedReader(rawValue: words[2]) {
            try writeSeeds(of: reader, to: words[3])
        } else if words.count >= 2, let reader = FuzzedReader(rawValue: words[1]) {
            exit(run(reader))
        } else {
            FileHandle.standardError.write(Data("fuzz: READER [options], seeds READER FOLDER, or list\n".utf8))
            exit(2)
        }
    }

    private static func writeSeeds(of reader: FuzzedReader, to folder: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (number, seed) in try reader.seeds().enumerated() {
            try Data(seed).write(to: URL(fileURLWithPath: "\(folder)/seed-\(number)"))
        }
    }

    /// Hands libFuzzer the command line without the reader's name.
    private static func run(_ reader: FuzzedReader) -> Int32 {
        FuzzedReader.chosen.withLock { $0 = reader }
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        return LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
            // Nothing holds the lock while a reader runs: libFuzzer calls from one thread.
            let reader = FuzzedReader.chosen.withLock { $0 }
            reader.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
            return 0
        }
    }
}
