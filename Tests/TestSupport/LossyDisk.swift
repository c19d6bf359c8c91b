public import Foundation

/// A disk that keeps what was synced, and of the rest what chance wants.
///
/// Of the bytes of a file that was not synced after them each sector stays or is lost by itself, and so does each change of
/// its length. The entries of a folder that was not synced after them are kept up to one of them, in their order; a
/// renaming between two folders is whole or not at all, and is kept where either folder was synced after it. That is less
/// than file systems with a journal keep.
public struct LossyDisk {
    private static let sectorBytes = 512

    /// A file by what was done to it.
    private final class File {
        var bytes: [UInt8]
        var calls: [(number: Int, record: DiskRecord)] = []
        var syncedBefore = 0

        init(_ bytes: [UInt8] = []) { self.bytes = bytes }
    }

    private var files: [String: File] = [:]
    private var folders: Set<String> = []
    private let root: String

    /// A disk with a folder on it, all of it kept.
    public init(_ root: String) throws {
        self.root = root
        for (name, bytes) in try Self.files(below: root) { files[root + "/" + name] = File([UInt8](bytes)) }
        folders.insert(root)
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) where files[root + "/" + name] == nil {
            folders.insert(root + "/" + name)
        }
    }

    /// Every file below a folder, with its bytes.
    public static func files(below folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder: ObjCBool = false
            let path = folder + "/" + name
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
                files[name] = try Data(contentsOf: URL(fileURLWithPath: path))
            }
        }
        return files
    }

    /// What is left after so many calls and a power cut, as a folder elsewhere.
    public func cut(after count: Int, of records: [DiskRecord], seed: UInt64, to target: String) throws {
        var random = SeededGenerator(seed: seed)
        // First as the process saw it, so that each call finds its file.
        var seen = LossyDisk(copying: self)
        var entries: [(number: Int, record: DiskRecord, file: File?)] = []
        var syncs: [(number: Int, folder: String)] = []
        for (number, record) in records.prefix(count).enumerated() {
            switch record.kind {
            case .wrote, .truncated: seen.files[record.path]?.calls.append((number, record))
            case .synced where seen.folders.contains(record.path): syncs.append((number, record.path))
            case .synced: seen.files[record.path]?.syncedBefore = number
            case .told: break
            default:
                let file = seen.apply(record, File())
                entries.append((number, record, file))
            }
        }
        // Then what stays of the folders' entries.
        var kept = LossyDisk(copying: self)
        kept.files = files.reduce(into: [:]) { $0[$1.key] = seen.original($1.key, self) }
        let isSynced = Self.synced(entries.map { ($0.number, Self.folders($0.record)) }, syncs)
        var stopped: Set<String> = []
        for (index, entry) in entries.enumerated() {
            let folders = Self.folders(entry.record)
            if !isSynced[index] {
                guard stopped.isDisjoint(with: folders), Bool.random(using: &random) else {
                    stopped.formUnion(folders)
                    continue
                }
            }
            _ = kept.apply(entry.record, entry.file ?? File())
        }
        try kept.write(to: target, &random)
    }

    private init(copying disk: LossyDisk) {
        root = disk.root
        folders = disk.folders
        files = disk.files.mapValues { File($0.bytes) }
        originals = files
    }

    /// The files as they were in the beginning, by their first names.
    private var originals: [String: File] = [:]

    private func original(_ path: String, _ disk: LossyDisk) -> File? { originals[path] }

    /// The folders whose entries a call changes.
    private static func folders(_ record: DiskRecord) -> Set<String> {
        var names = [record.path]
        if record.kind == .renamed { names.append(record.other) }
        return Set(names.map { ($0 as NSString).deletingLastPathComponent })
    }

    /// Which changes of entries stay for certain: a folder was synced after them, or after one that stands on them.
    private static func synced(
        _ entries: [(number: Int, folders: Set<String>)], _ syncs: [(number: Int, folder: String)]
    ) -> [Bool] {
        var certain: Set<String> = []
        var result = [Bool](repeating: false, count: entries.count)
        var rest = syncs[...]
        for (index, entry) in entries.enumerated().reversed() {
            while let sync = rest.last, sync.number > entry.number {
                certain.insert(sync.folder)
                rest = rest.dropLast()
            }
            guard !certain.isDisjoint(with: entry.folders) else { continue }
            result[index] = true
            certain.formUnion(entry.folders)
        }
        return result
    }

    /// Changes the entries; what stands in a folder that is not there is lost.
    ///
    /// - Returns: the file that was made, if one was.
    private mutating func apply(_ record: DiskRecord, _ file: File) -> File? {
        let folder = (record.path as NSString).deletingLastPathComponent
        guard folders.contains(folder) else { return nil }
        switch record.kind {
        case .created:
            files[record.path] = file
            return file
        case .madeFolder: folders.insert(record.path)
        case .removed: files[record.path] = nil
        case .removedFolder:
            // With what was in it: nothing is found any more whose folder is gone.
            folders = folders.filter { $0 != record.path && !$0.hasPrefix(record.path + "/") }
            files = files.filter { !$0.key.hasPrefix(record.path + "/") }
        case .renamed: move(record.path, to: record.other)
        default: break
        }
        return nil
    }

    private mutating func move(_ from: String, to: String) {
        guard folders.contains((to as NSString).deletingLastPathComponent) else { return }
        if let file = files.removeValue(forKey: from) {
            files[to] = file
            return
        }
        guard folders.remove(from) != nil else { return }
        folders.insert(to)
        for name in folders.filter({ $0.hasPrefix(from + "/") }) {
            folders.remove(name)
            folders.insert(to + name.dropFirst(from.count))
        }
        for name in files.keys.filter({ $0.hasPrefix(from + "/") }) {
            files[to + name.dropFirst(from.count)] = files.removeValue(forKey: name)
        }
    }

    private func write(to target: String, _ random: inout SeededGenerator) throws {
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for folder in folders.sorted() where folder != root {
            let path = target + folder.dropFirst(root.count)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        for (path, file) in files.sorted(by: { $0.key < $1.key }) {
            // SQLite's shared memory is mapped, never written: after a power cut it is anything.
            let isMemory = path.hasSuffix("-shm")
            let bytes = isMemory ? Self.noise(file, &random) : Self.left(of: file, &random)
            try Data(bytes).write(to: URL(fileURLWithPath: target + path.dropFirst(root.count)))
        }
    }

    private static func noise(_ file: File, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...5000, using: &random)).flatMap { _ in
            withUnsafeBytes(of: random.next()) { [UInt8]($0) }
        }
    }

    /// The bytes of a file, with what was synced and some of the rest.
    private static func left(of file: File, _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = file.bytes
        for (number, record) in file.calls {
            let isCertain = number < file.syncedBefore
            if record.kind == .truncated {
                guard isCertain || Bool.random(using: &random) else { continue }
                if record.place < bytes.count {
                    bytes.removeLast(bytes.count - record.place)
                } else {
                    bytes += [UInt8](repeating: 0, count: record.place - bytes.count)
                }
                continue
            }
            var from = 0
            while from < record.bytes.count {
                let place = record.place + from
                let to = min(record.bytes.count, from + sectorBytes - place % sectorBytes)
                defer { from = to }
                guard isCertain || Bool.random(using: &random) else { continue }
                let end = record.place + to
                if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
                bytes.replaceSubrange(place..<end, with: record.bytes[from..<to])
            }
        }
        return bytes
    }
}
