internal import CDICOM
internal import Foundation

/// Where a listener listens, and whom it lets in.
public struct ListenerSettings: Sendable, Hashable {
    /// Our AE title.
    public var title: String
    /// The port, on all of the computer's addresses.
    public var port: UInt16
    /// The calling AE titles that are let in; empty: all.
    public var knownTitles: [String]
    /// With it, who calls must show a certificate of its authority.
    public var tls: TLSFiles?
    /// How long a caller may be silent, seconds: one is served after the other (project choice).
    public var timeoutSeconds = 10

    /// Settings from their fields.
    public init(title: String, port: UInt16, knownTitles: [String] = [], tls: TLSFiles? = nil) {
        self.title = title
        self.port = port
        self.knownTitles = knownTitles
        self.tls = tls
    }
}

/// Listens for what archives report (N-EVENT-REPORT) and for echo requests, on a thread of its own, until it is stopped.
public final class CommitmentListener: Sendable {
    private let native: Native
    private let ended = DispatchSemaphore(value: 0)

    /// The C listener, which one thread runs, and any may stop.
    // Sound: `cdicom_listener_stop` sets an atomic flag; everything else is called by one thread at a time: `open` before
    // the thread begins, `run` by it, `close` after the semaphore told its end.
    private struct Native: @unchecked Sendable {
        var pointer: OpaquePointer
    }

    /// Begins to listen.
    ///
    /// - Parameter receiver: notes a report, on the listener's thread.
    public init(_ settings: ListenerSettings, receiver: @escaping CommitmentReceiver) throws(ClinicRecordError) {
        let texts = CTexts()
        let titles = settings.knownTitles.map { texts.add($0) }
        var outcome = cdicom_outcome()
        let opened = titles.withUnsafeBufferPointer { titles in
            var listening = cdicom_listening()
            listening.title = texts.add(settings.title)
            listening.port = settings.port
            listening.timeout_seconds = Int32(clamping: settings.timeoutSeconds)
            listening.known_titles = titles.baseAddress
            listening.known_count = titles.count
            listening.ca_file = texts.add(settings.tls?.authority)
            listening.certificate_file = texts.add(settings.tls?.own?.certificate)
            listening.key_file = texts.add(settings.tls?.own?.key)
            return withExtendedLifetime(texts) { cdicom_listener_open(&listening, &outcome) }
        }
        guard let opened else {
            let text = CTexts.read(outcome.text)
            if outcome.end == cdicom_port_taken { throw .portTaken(port: Int(settings.port), reason: text) }
            throw .tlsFile(peer: "listener \(settings.title)", what: text)
        }
        native = Native(pointer: opened)
        let relay = ReportRelay(receiver)
        let thread = Thread { [native, ended] in
            withExtendedLifetime(relay) {
                cdicom_listener_run(native.pointer, ReportRelay.reported, Unmanaged.passUnretained(relay).toOpaque())
            }
            ended.signal()
        }
        thread.name = "commitment listener"
        thread.start()
    }

    /// Stops it, which takes a second, or as long as the association that it has.
    deinit {
        cdicom_listener_stop(native.pointer)
        ended.wait()
        cdicom_listener_close(native.pointer)
    }
}
