import Foundation
import Synchronization
import USBProbeLink

/// Keeps the state of an opened probe where `devices` finds it, for as long as somebody holds this.
final class ProbeStatusReporter: Sendable {
    /// How often the state is looked at, seconds (project choice: as fast as a person reads).
    private static let intervalSeconds = 0.25

    private let transport: USBProbeTransport
    private let last = Mutex<ProbeConnection?>(nil)

    init(_ transport: USBProbeTransport) {
        self.transport = transport
        let thread = Thread { [weak self] in
            while self?.note() != nil { Thread.sleep(forTimeInterval: Self.intervalSeconds) }
        }
        thread.name = "status"
        thread.start()
    }

    deinit { ProbeSessionRecord.forget() }

    private func note() {
        let connection = transport.status
        let hasChanged = last.withLock { last in
            defer { last = connection }
            return last != connection
        }
        if hasChanged { ProbeSessionRecord.note(connection, of: transport.label) }
    }
}
