import Foundation
import LocalServer

/// What a console does as a service: it tells systemd how it is, and keeps a link where its administrator finds it.
final class ConsoleService {
    private let notice: ServiceNotice?
    /// Where links are written; `nil` where there is no such folder, and links are printed.
    let linkPath: String?
    private let console: Console
    private var secondsOfLink = 0

    /// A link is valid for five minutes; so often it is made anew, seconds.
    private static let linkSeconds = 240

    /// Looks at what systemd put into the environment.
    init(_ console: Console) throws {
        let environment = ProcessInfo.processInfo.environment
        self.console = console
        do throws(LocalServerError) {
            notice = try ServiceNotice(environment: environment, processID: getpid())
        } catch {
            throw Failure(.usage, "\(error)")
        }
        // systemd names several folders with colons between them; the first is the program's own.
        let folder = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first.map(String.init)
        linkPath = folder.map { $0 + "/link" }
    }

    /// The console listens.
    func ready(_ running: RunningConsole) {
        tell { notice throws(LocalServerError) in try notice.ready(status: "Serving \(running.origin)") }
        renewLink(running)
    }

    /// To be called once a second while all is well.
    func tick(_ running: RunningConsole) {
        if notice?.watchdogSeconds != nil {
            tell { notice throws(LocalServerError) in try notice.alive() }
        }
        secondsOfLink += 1
        if secondsOfLink >= Self.linkSeconds { renewLink(running) }
    }

    /// The console ends.
    func stopping() {
        tell { notice throws(LocalServerError) in try notice.stopping() }
        if let linkPath { unlink(linkPath) }
    }

    private func tell(_ what: (ServiceNotice) throws(LocalServerError) -> Void) {
        guard let notice else { return }
        do throws(LocalServerError) { try what(notice) } catch { console.say("dopplerbridge: \(error)") }
    }

    /// Writes a new link for the administrator alone.
    private func renewLink(_ running: RunningConsole) {
        guard let linkPath else { return }
        secondsOfLink = 0
        do {
            let text = [UInt8]((try running.makeLink() + "\n").utf8)
            let draft = linkPath + ".new"
            unlink(draft)
            let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw Failure(.storage, "\(draft): \(String(cString: strerror(errno)))") }
            let isWritten = write(file, text, text.count) == text.count
            close(file)
            guard isWritten, rename(draft, linkPath) == 0 else {
                throw Failure(.storage, "\(linkPath): \(String(cString: strerror(errno)))")
            }
        } catch let failure as Failure {
            console.say("dopplerbridge: no link could be written: \(failure.message)")
        } catch {
            console.say("dopplerbridge: no link could be written: \(error)")
        }
    }
}
