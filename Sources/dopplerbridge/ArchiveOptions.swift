import Acquisition
import ArgumentParser
import ExamArchive
import Foundation

/// Who acts on the archive.
struct ArchiveActOptions: ParsableArguments {
    @Option(help: "Who does this, for the audit log. Without it the name of the user on this computer.")
    var by: String?

    /// The act, now.
    var act: ArchiveAct {
        ArchiveAct(by: by ?? NSUserName(), at: ArchiveTime(secondsSince1970: Date().timeIntervalSince1970))
    }
}

extension RecordingCondition {
    /// What the recordings' own reader says of a file.
    @Sendable
    static func read(_ path: String) -> RecordingCondition {
        do throws(RecordingError) {
            let recording = try Recording(path: path)
            return recording.isWhole ? .whole : .cutOff(unreadableBytes: recording.unreadableBytes)
        } catch {
            return .unreadable
        }
    }
}

extension Archive {
    /// Opens an archive for one act of writing.
    static func opened(for options: ArchiveActOptions, _ folder: String) throws -> Archive {
        try archiving { () throws(ArchiveError) in try Archive(writing: folder, act: options.act) }
    }

    /// Opens an archive for reading.
    static func opened(_ folder: String) throws -> Archive {
        try archiving { () throws(ArchiveError) in try Archive(reading: folder) }
    }
}
