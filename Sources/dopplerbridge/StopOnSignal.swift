import Dispatch
import Foundation
import ProbeLink

/// Requests a stop when the user or the system asks the program to end, so that the probe is disarmed and the
/// recording closed first.
final class StopOnSignal {
    let stop = StopSignal()
    private var sources: [any DispatchSourceSignal] = []

    init() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [stop] in stop.request() }
            source.resume()
            sources.append(source)
        }
    }
}
