internal import Foundation
public import RecordDocuments
internal import StrictYAML

/// How a station speaks to its clinic: one file.
public struct RecordSettings: Sendable, Hashable {
    /// What the station is, as documents name it.
    public var station: RecordStation
    /// Where the worklist is asked; `nil` = there is none.
    public var worklist: WorklistService?
    /// Where archives call back; `nil` = nowhere.
    public var listener: ListenerSettings?
    /// Where documents go.
    public var destinations: [Destination]

    /// A worklist's server.
    public struct WorklistService: Sendable, Hashable {
        /// The server.
        public var peer: DICOMPeer
        /// How its answers are written where they do not say so; `nil` = ASCII.
        public var defaultCharacterSet: String?
        /// Whether only what is planned for this station is asked for.
        public var asksForOwnTitle: Bool
    }

    /// The longest file, bytes (project choice).
    private static let longestFile = 262_144

    /// Reads a settings' file; paths in it are relative to its folder.
    ///
    /// - Throws: every problem with its line and column.
    public init(path: String) throws(ClinicRecordError) {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw .file(path: path, reason: "cannot be read", remedy: "give the settings' file")
        }
        guard bytes.count <= Self.longestFile, let text = String(bytes: bytes, encoding: .utf8) else {
            throw .file(
                path: path, reason: "is not a UTF-8 text of at most \(Self.longestFile) bytes", remedy: "correct it")
        }
        try self.init(yaml: text, file: path)
    }

    /// Reads settings from their text.
    public init(yaml: String, file: String) throws(ClinicRecordError) {
        do throws(YAMLProblems) {
            let log = YAMLLog()
            let value = try YAMLValue.parse(yaml, file: file)
            let folder = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? ""
            let read = SettingsReader(log: log, folder: folder).settings(value)
            try log.throwIfAny()
            guard let read else {
                throw YAMLProblems([YAMLProblem(file: file, line: 1, column: 1, what: "no settings")])
            }
            self = read
        } catch {
            throw .settings(problems: error.problems.map(\.description))
        }
    }

    init(
        station: RecordStation, worklist: WorklistService?, listener: ListenerSettings?, destinations: [Destination]
    ) {
        self.station = station
        self.worklist = worklist
        self.listener = listener
        self.destinations = destinations
    }
}
