import Foundation
import ProbeLink
import USBProbeLink

/// How things stand with a probe that a running program holds, kept where `devices` finds it.
struct ProbeSessionRecord: Codable {
    /// The program's process.
    var processID: Int32
    /// The probe in words.
    var device: String
    /// `open`, `streaming`, `lost`, ...
    var state: String
    /// What went wrong last; `nil` = nothing has.
    var lastError: String?

    private static let prefix = "probe-"

    /// Writes the state of this process' probe; that it cannot be written is no reason to lose an exam.
    static func note(_ connection: ProbeConnection, of device: String) {
        let number = ProcessInfo.processInfo.processIdentifier
        let record = ProbeSessionRecord(
            processID: number, device: device, state: connection.state.word,
            lastError: connection.lastError?.description)
        do { _ = try StateFolder().write(record, "\(prefix)\(number).json") } catch { return }
    }

    /// Removes what this process wrote.
    static func forget() {
        StateFolder().remove("\(prefix)\(ProcessInfo.processInfo.processIdentifier).json")
    }

    /// The records of programs that run; those of programs that have ended are removed.
    static func running() throws -> [ProbeSessionRecord] {
        let folder = StateFolder()
        return try folder.names.filter { $0.hasPrefix(prefix) }.sorted().compactMap { name in
            guard let record = try folder.read(ProbeSessionRecord.self, name) else { return nil }
            // Signal 0 asks only whether the process is there.
            if kill(record.processID, 0) == 0 { return record }
            folder.remove(name)
            return nil
        }
    }
}
