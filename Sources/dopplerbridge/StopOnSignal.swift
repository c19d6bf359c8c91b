import Dispatch
import Foundation
import ProbeLink

/// Requests a stop when the user or the system asks the program to end, so that the probe is disarmed and the
/// recording closed first.
///
/// Signals that a program cannot survive are the transport's business (`ProbeTransport.sendAtCrash`).
final class StopOnSignal {
    /// Every signal that would end or halt the program and leaves it able to work on (signal(7)).
    ///
    /// A halted program (Ctrl-Z) could not watch the probe, so it ends instead.
    private static let signals = [
        SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGXCPU, SIGTSTP,
        SIGTTIN, SIGTTOU,
    ]
    let stop = StopSignal()
    private var sources: [any DispatchSourceSignal] = []

    init() {
        for number in Self.signals {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [stop] in stop.request() }
            source.resume()
            sources.append(source)
        }
    }
}
