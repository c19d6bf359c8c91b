import Foundation

/// The files of the repository that the tests of profiles read.
enum ProfileFiles {
    static let testsFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    static let root = testsFolder.deletingLastPathComponent().deletingLastPathComponent()
    static let profilesFolder = root.appendingPathComponent("DeviceProfiles")
    static let goodFolder = testsFolder.appendingPathComponent("Golden/good")
    static let badFolder = testsFolder.appendingPathComponent("Golden/bad")

    static func text(_ path: String) throws -> String {
        try String(contentsOf: profilesFolder.appendingPathComponent(path), encoding: .utf8)
    }

    /// The ids of the profiles in the repository's folder.
    static func shippedIDs() throws -> [String] {
        var ids: [String] = []
        for maker in try FileManager.default.contentsOfDirectory(atPath: profilesFolder.path) {
            let folder = profilesFolder.appendingPathComponent(maker)
            guard try folder.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true else { continue }
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".yaml") {
                ids.append(maker + "/" + file.dropLast(".yaml".count))
            }
        }
        return ids.sorted()
    }

    /// The names of the good files, without `.yaml`.
    static func goodNames() -> [String] { names(in: goodFolder) }

    /// The names of the bad files, without `.yaml`.
    static func badNames() -> [String] { names(in: badFolder) }

    private static func names(in folder: URL) -> [String] {
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()
    }

    /// Makes a folder for a test and takes it away afterwards.
    static func withFolder(
        _ files: [String: String], _ body: (URL) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("profiles-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, text) in files {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        try body(folder)
    }
}
