import Foundation
import ProbeLink

/// A line of the operator's that becomes a marker of the stream.
enum OperatorMarker {
    /// What is known, for the help and for refusals.
    static let help =
        "`posture supine|sitting|upright`, `breath in|out|hold|normal`, `manoeuvre WORDS`, `freeze`, `unfreeze`, `note WORDS`"
    /// The longest marker, characters (project choice: a label, not a report).
    static let mostCharacters = 200

    private static let choices: [String: Set<String>] = [
        "posture": ["supine", "sitting", "upright"], "breath": ["in", "out", "hold", "normal"],
    ]

    /// The marker that a line asks for.
    ///
    /// - Throws: what is wrong with it, in words.
    static func text(of line: String) throws(OperatorMarkerError) -> String {
        guard line.count <= mostCharacters else { throw .tooLong }
        guard line.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { throw .controlCharacter }
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : ""
        switch words.first {
        case .some(let kind) where choices[kind] != nil:
            guard choices[kind]?.contains(rest) ?? false else { throw .unknown(line) }
            return "\(kind) \(rest)"
        case "freeze" where rest.isEmpty, "unfreeze" where rest.isEmpty: return line
        case "manoeuvre" where !rest.isEmpty, "note" where !rest.isEmpty: return "\(words[0]) \(rest)"
        default: throw .unknown(line)
        }
    }
}

/// Why a line is no marker.
enum OperatorMarkerError: Error, Equatable, CustomStringConvertible {
    case tooLong
    case controlCharacter
    case unknown(String)

    var description: String {
        switch self {
        case .tooLong: "a marker has at most \(OperatorMarker.mostCharacters) characters: shorten it"
        case .controlCharacter: "a marker has no control characters: leave them out"
        case .unknown(let line): "`\(line)` is no marker: \(OperatorMarker.help)"
        }
    }
}

/// Reads markers from standard input on a thread of its own, to the end of the input or of the stream.
final class OperatorMarkerReader: Sendable {
    private let done = DispatchSemaphore(value: 0)

    init(_ session: StreamSession, stop: StopSignal, console: Console) {
        let input = OperatorInput(stop: stop)
        let thread = Thread { [done] in
            reading: while true {
                switch input.line() {
                case .line(""), .late: continue
                case .line(let line):
                    do throws(OperatorMarkerError) { session.mark(try OperatorMarker.text(of: line)) } catch {
                        console.say(error.description)
                    }
                case .ended: break reading
                }
            }
            done.signal()
        }
        thread.name = "operator"
        thread.start()
    }

    /// Waits for its end, which a stop brings about.
    func join() { done.wait() }
}
