import Foundation

/// Where the program keeps what it has learnt of this computer's devices (XDG Base Directory, "state").
struct StateFolder {
    /// The folder.
    let path: String

    init() {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? NSHomeDirectory()
        let stated = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        path = (stated ?? home + "/.local/state") + "/dopplerbridge"
    }

    /// Reads a document; `nil` when there is none.
    func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
        let file = path + "/" + name
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: try Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            throw Failure(.storage, "\(file): cannot be read: remove it and make it anew (\(error))")
        }
    }

    /// The documents that there are.
    var names: [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: path) } catch { return [] }
    }

    /// Removes a document; that there is none is fine.
    func remove(_ name: String) { unlink(path + "/" + name) }

    /// Writes a document whole or not at all.
    ///
    /// - Returns: its path.
    func write(_ value: some Encodable, _ name: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let file = path + "/" + name
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try encoder.encode(value).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch {
            throw Failure(
                .storage,
                "\(file): cannot write here (\(error.localizedDescription)): set XDG_STATE_HOME to a folder of yours")
        }
        return file
    }
}
