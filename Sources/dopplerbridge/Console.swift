import Foundation

/// What people see on standard error, and the one JSON document on standard output.
final class Console: Sendable {
    /// Whether standard error is a terminal, which gets a progress bar instead of lines.
    let isTerminal = isatty(STDERR_FILENO) == 1
    private static let barWidth = 24

    /// Prints a line for a person.
    func say(_ line: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + line + "\n", to: .standardError)
    }

    /// Prints a result that is asked for: to standard output.
    func result(_ text: String) { write(text + "\n", to: .standardOutput) }

    /// Shows how far long work is: a bar on a terminal, one line for each step elsewhere.
    func progress(_ done: Int, of total: Int, _ what: String) {
        guard isTerminal else { return say("[\(done)/\(total)] \(what)") }
        let filled = total > 0 ? Self.barWidth * min(done, total) / total : 0
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
        write("\r\u{1B}[K[\(bar)] \(done)/\(total) \(what)", to: .standardError)
        if done == total { write("\n", to: .standardError) }
    }

    /// Prints the one JSON document of `--json`.
    func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            try FileHandle.standardOutput.write(contentsOf: try encoder.encode(value) + [UInt8(ascii: "\n")])
        } catch {
            throw Failure(.storage, "standard output: the result could not be written (\(error.localizedDescription))")
        }
    }

    private func write(_ text: String, to handle: FileHandle) {
        // A closed pipe behind the console is no reason to lose an exam: the text is dropped, the work goes on.
        do { try handle.write(contentsOf: Data(text.utf8)) } catch { return }
    }
}
