import Foundation

/// A library from `Tests/PowerCut` that a test puts in front of the C library of a process, by LD_PRELOAD.
public enum PreloadedLibrary {
    private static let sources =
        ((#filePath as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent + "/PowerCut"

    /// Builds `NAME.c`; the library's path, or `nil` where there is no C compiler.
    public static func build(_ name: String, in folder: String) throws -> String? {
        let compiler = "/usr/bin/gcc"
        guard FileManager.default.isExecutableFile(atPath: compiler) else { return nil }
        let library = "\(folder)/\(name).so"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: compiler)
        process.arguments = [
            "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, "\(sources)/\(name).c", "-ldl", "-lpthread",
        ]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? library : nil
    }
}
