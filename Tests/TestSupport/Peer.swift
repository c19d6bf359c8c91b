import Foundation

/// A system of the clinic, played by a program of Tests/Peers: started on a free port of this computer, ended with the
/// test.
public final class Peer {
    /// Its port.
    public let port: UInt16
    /// Where it keeps what it received.
    public let directory: String
    private let process: Process

    /// One thing that happened at a peer.
    public struct Event: Decodable, Sendable {
        /// What happened: `store`, `message`, `transaction`, `fault` and others.
        public var event: String
        /// The identifier of what was received.
        public var id: String?
        /// SHA-256 of what was received.
        public var sha256: String?
        /// How often it came so far, this time included.
        public var copies: Int?
        /// Whether it came with other bytes before.
        public var differs: Bool?
        /// What it was about, where nothing was kept.
        public var about: String?
        /// Which fault it was.
        public var fault: String?
        /// The status that was answered.
        public var status: Int?
        /// What was missing or wrong.
        public var problems: [String]?
        /// The calling AE title.
        public var calling: String?
        /// How many objects a report says are kept.
        public var good: Int?
        /// How many objects a report says are not kept.
        public var bad: Int?
    }

    /// The package's root.
    public static let root: String = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent
    }
    /// The Python of the peers; it is there after `.ci/peers`.
    public static let python = root + "/Tests/Peers/.venv/bin/python"

    /// A peer that did not come up.
    public struct NotStarted: Error {
        /// One without details: the peer's own words are on standard error with PEER_ERRORS set.
        public init() {}
    }

    /// Starts one.
    ///
    /// - Parameter port: the one that it had before it was ended, to start it again.
    public init(_ script: String, in directory: String, port: UInt16 = 0, _ arguments: [String] = []) throws {
        self.directory = directory
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments =
            [Self.root + "/Tests/Peers/" + script, directory] + (port == 0 ? [] : ["--port", "\(port)"]) + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        if ProcessInfo.processInfo.environment["PEER_ERRORS"] == nil { process.standardError = FileHandle.nullDevice }
        try process.run()
        var line = ""
        while !line.contains("\n") {
            let bytes = output.fileHandleForReading.availableData
            guard !bytes.isEmpty else { throw NotStarted() }
            line += String(decoding: bytes, as: UTF8.self)
        }
        self.port = UInt16(line.split(whereSeparator: \.isWhitespace).last ?? "") ?? 0
    }

    /// Ends it.
    public func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    deinit { stop() }

    /// What happened so far.
    public var events: [Event] {
        let text = FileManager.default.contents(atPath: directory + "/events.jsonl") ?? Data()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
            // Sound: a line that is being written is read the next time.
            try? JSONDecoder().decode(Event.self, from: Data(line.utf8))
        }
    }

    /// The events of one kind.
    public func events(_ kind: String) -> [Event] { events.filter { $0.event == kind } }

    /// Waits until something happened, at most ten seconds.
    public func wait(for kind: String, count: Int = 1) -> Bool {
        for _ in 0..<500 {
            if events(kind).count >= count { return true }
            usleep(20_000)
        }
        return false
    }
}
