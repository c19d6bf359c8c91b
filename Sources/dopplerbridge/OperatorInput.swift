import Foundation
import ProbeLink
import Synchronization

/// What the operator types, line by line, until a stop is requested or the input ends.
final class OperatorInput: Sendable {
    /// What came of waiting for a line.
    enum Answer: Equatable {
        /// A line, without blanks at its ends.
        case line(String)
        /// Nothing was typed in time.
        case late
        /// The input has ended, or a stop was requested: nobody answers any more.
        case ended
    }

    /// How often a stop is looked for, milliseconds (project choice: nobody notices a tenth of a second).
    private static let pollMilliseconds: Int32 = 100
    /// The longest line that is read, bytes (project choice: far beyond any reason that a person types).
    private static let longestLineBytes = 4096
    private static let readBytes = 1024

    private let stop: StopSignal
    private let descriptor: Int32
    private let typed = Mutex<[UInt8]>([])

    init(stop: StopSignal, descriptor: Int32 = STDIN_FILENO) {
        self.stop = stop
        self.descriptor = descriptor
    }

    /// Waits for a line.
    ///
    /// - Parameter limit: how long at most; `nil` waits as long as it takes.
    func line(within limit: Duration? = nil) -> Answer {
        let end = limit.map { ContinuousClock.now + $0 }
        while true {
            if let line = nextLine() { return .line(line) }
            if stop.isRequested { return .ended }
            if let end, ContinuousClock.now >= end { return .late }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Self.pollMilliseconds) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: Self.readBytes)
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return rest() }
            typed.withLock { $0.append(contentsOf: bytes.prefix(count)) }
        }
    }

    /// The first whole line of what was typed; a line without end is cut.
    private func nextLine() -> String? {
        typed.withLock { typed in
            let end = typed.firstIndex(of: UInt8(ascii: "\n"))
            guard let length = end ?? (typed.count >= Self.longestLineBytes ? Self.longestLineBytes : nil) else {
                return nil
            }
            let line = String(decoding: typed.prefix(length), as: UTF8.self)
            typed.removeFirst(end == nil ? length : length + 1)
            return line.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// A last line without its end, once.
    private func rest() -> Answer {
        typed.withLock { typed in
            guard !typed.isEmpty else { return .ended }
            defer { typed = [] }
            return .line(String(decoding: typed, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}
