internal import Acquisition
public import CCSVIAnalysis
internal import Foundation
internal import Glibc

/// The folder of one exam: `exam.json`, `bedside.json`, `recordings/` and what is made from them.
public struct ExamFolder: Sendable, Hashable {
    /// The folder's path.
    public let path: String

    /// Name of the exam's document.
    public static let examFileName = "exam.json"

    /// An exam's folder that is there already.
    public init(existing path: String) throws(ExamSessionError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            guard FileManager.default.fileExists(atPath: path) else {
                throw .recording(.notReadable(file: path, reason: "there is no such folder"))
            }
            throw .notAnExam(path: path, reason: "it is a file")
        }
        self.path = path
    }

    /// Makes an exam's folder.
    ///
    /// It must not hold an exam already.
    public init(new path: String) throws(ExamSessionError) {
        self.path = path
        let recordings = path + "/recordings"
        if FileManager.default.fileExists(atPath: recordings) {
            throw isUnfinished ? .unfinished(path: path) : .folderInUse(path: path)
        }
        let missing = Self.missingFolders(recordings)
        do {
            try FileManager.default.createDirectory(atPath: recordings, withIntermediateDirectories: true)
            for folder in missing { Self.keepEntries(of: (folder as NSString).deletingLastPathComponent) }
        } catch {
            // Foundation's error does not say why; the system call for the innermost folder does.
            let reason = mkdir(recordings, 0o755) == 0 ? "it is not empty" : String(cString: strerror(errno))
            throw .notWritable(path: path, reason: reason)
        }
    }

    /// Path of a file in the folder.
    public func file(_ name: String) -> String { path + "/" + name }

    /// Whether a file of that name stands in the folder.
    public func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// Path of a recording.
    public func recording(_ id: String) -> String { file(Self.recordingFileName(id)) }

    static func recordingFileName(_ id: String) -> String { "recordings/\(id).dbrec" }

    /// Names of the recordings' files within the folder, sorted.
    public func recordingFileNames() throws(ExamSessionError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: file("recordings"))
                .filter { $0.hasSuffix(".dbrec") }.sorted().map { "recordings/" + $0 }
        } catch {
            throw .notAnExam(path: path, reason: "it has no folder `recordings`")
        }
    }

    /// Writes a document whole or not at all.
    public func write(_ value: some Encodable, as name: String) throws(ExamSessionError) {
        try write(bytes: try encoded(value, for: name), as: name)
    }

    /// The bytes of a document as they are written.
    func encoded(_ value: some Encodable, for name: String) throws(ExamSessionError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw .notWritable(path: file(name), reason: "\(error)")
        }
    }

    /// Writes bytes whole or not at all, and asks the disk to keep them.
    public func write(bytes: [UInt8], as name: String) throws(ExamSessionError) {
        let target = file(name)
        let draft = target + ".new"
        let failure = Self.keep(bytes, at: draft)
        guard failure == 0, rename(draft, target) == 0 else {
            let reason = String(cString: strerror(failure == 0 ? errno : failure))
            unlink(draft)
            throw .notWritable(path: target, reason: reason)
        }
        // The new name is kept with the folder; where that fails, the earlier document is still whole.
        Self.keepEntries(of: path)
    }

    /// Makes a folder within the exam's, where it is not there yet, and asks the disk to keep its name.
    public func makeFolder(_ name: String) throws(ExamSessionError) {
        do {
            try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
        } catch {
            throw .notWritable(path: file(name), reason: "\(error.localizedDescription)")
        }
        Self.keepEntries(of: path)
    }

    /// Asks the disk to keep the names in a folder.
    private static func keepEntries(of path: String) {
        let folder = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// The folders of a path that are not there yet, the innermost first.
    private static func missingFolders(_ path: String) -> [String] {
        var missing: [String] = []
        var folder = path
        while !folder.isEmpty, folder != "/", !FileManager.default.fileExists(atPath: folder) {
            missing.append(folder)
            folder = (folder as NSString).deletingLastPathComponent
        }
        return missing
    }

    /// Writes a file to the disk.
    ///
    /// - Returns: 0, or the number of the system's error.
    private static func keep(_ bytes: [UInt8], at path: String) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return bytes.withUnsafeBytes { buffer -> Int32 in
            var done = 0
            while done < buffer.count {
                guard let start = buffer.baseAddress else { return 0 }
                let count = Glibc.write(descriptor, start + done, buffer.count - done)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : ENOSPC }
                done += count
            }
            return fsync(descriptor) == 0 ? 0 : errno
        }
    }

    /// Keeps an exam's document beside the exam, under a name that is not in use: `reanalysis-1.json`.
    ///
    /// - Returns: the name.
    public func keep(_ exam: Exam, as stem: String) throws(ExamSessionError) -> String {
        let name = unusedName(stem)
        try write(exam, as: name)
        return name
    }

    /// Puts another document in the place of the exam's, which is kept as `exam-before-1.json`, `-2` and so on.
    ///
    /// - Returns: the name of the one before.
    public func replaceExam(with exam: Exam) throws(ExamSessionError) -> String {
        let name = unusedName("exam-before")
        try write(bytes: try bytes(of: Self.examFileName), as: name)
        try write(exam, as: Self.examFileName)
        return name
    }

    private func unusedName(_ stem: String) -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: file("\(stem)-\(number).json")) { number += 1 }
        return "\(stem)-\(number).json"
    }

    /// The bytes of a file.
    func bytes(of name: String) throws(ExamSessionError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
        } catch {
            throw .unreadable(path: file(name), reason: Self.reason(error))
        }
    }

    /// Reads a document.
    public func read<Value: Decodable>(_ type: Value.Type, from name: String) throws(ExamSessionError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: try Data(contentsOf: URL(fileURLWithPath: file(name))))
        } catch let error as DecodingError {
            throw .unreadable(path: file(name), reason: Self.words(error))
        } catch {
            throw .unreadable(path: file(name), reason: Self.reason(error))
        }
    }

    /// Reads the exam.
    public func exam() throws(ExamSessionError) -> Exam {
        guard holds(Self.examFileName) else {
            if holds(ExamProgress.fileName) { throw .notWritten(path: path) }
            throw .notAnExam(path: path, reason: "it holds no \(Self.examFileName)")
        }
        return try read(Exam.self, from: Self.examFileName)
    }

    private static func reason(_ error: any Error) -> String {
        if let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError {
            return String(cString: strerror(Int32(system.code)))
        }
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return "there is no such file or folder"
        case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
        case .fileWriteOutOfSpace: return "the disk is full"
        case .fileWriteVolumeReadOnly: return "the disk is read-only"
        case .fileWriteFileExists: return "a file stands there"
        default: return error.localizedDescription
        }
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return path.isEmpty ? "the document" : path
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context)): key `\(key.stringValue)` is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(place(context)): \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }
}
