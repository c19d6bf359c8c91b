internal import Foundation
internal import StrictYAML

/// Reads profile files from the disk; the one place of this module that does.
enum ProfileFolder {
    /// The most entries that one folder is searched for (project choice: far beyond any site).
    private static let mostEntries = 4096
    /// How the name of a profile ends.
    static let suffix = ".yaml"

    /// The ids of a folder's profiles, `<maker>/<model>.yaml`, in order; everything else in it is left alone.
    static func ids(in folder: String) throws(ProfileError) -> [String] {
        var ids: [String] = []
        for maker in try names(in: folder) {
            let path = folder + "/" + maker
            var isFolder = ObjCBool(false)
            guard !maker.hasPrefix("."), FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                isFolder.boolValue
            else { continue }
            for file in try names(in: path) where file.hasSuffix(suffix) && !file.hasPrefix(".") {
                ids.append(maker + "/" + file.dropLast(suffix.count))
            }
        }
        return ids.sorted()
    }

    private static func names(in folder: String) throws(ProfileError) -> [String] {
        do {
            return Array(try FileManager.default.contentsOfDirectory(atPath: folder).sorted().prefix(mostEntries))
        } catch {
            throw .notReadable(path: folder, reason: error.localizedDescription)
        }
    }

    /// The text of a profile's file.
    ///
    /// - Throws: `.notReadable` when it is no regular file, longer than a profile may be, or not UTF-8.
    static func text(of path: String) throws(ProfileError) -> String {
        let bytes = try bytes(of: path, atMost: YAMLValue.maximumBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notReadable(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }

    /// The bytes of a file.
    ///
    /// - Throws: `.notReadable` when it is no regular file, or longer than `most`.
    static func bytes(of path: String, atMost most: Int) throws(ProfileError) -> [UInt8] {
        let bytes: Data
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw ProfileError.notReadable(path: path, reason: "it is no regular file")
            }
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            bytes = try handle.read(upToCount: most + 1) ?? Data()
            try handle.close()
        } catch let error as ProfileError {
            throw error
        } catch {
            throw .notReadable(path: path, reason: error.localizedDescription)
        }
        guard bytes.count <= most else {
            throw .notReadable(path: path, reason: "it is longer than \(most) bytes")
        }
        return Array(bytes)
    }
}
