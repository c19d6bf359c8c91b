import CCSVIAnalysis
import ExamSession
import ProbeLink
import ProbeProfiles
import Synchronization

/// A probe on USB during an exam: opened, and opened again after it was unplugged.
final class USBBedsideProbe: HandHeldProbe {
    /// Where the samples come from.
    let origin: SourceOrigin
    /// Where the session is captured; `nil` = nowhere.
    let capture: SessionCapture?
    private let composition: USBComposition
    private let wish: USBComposition.Wish
    private let returnSeconds: Double
    private let console: Console
    private let opened: Mutex<USBComposition.Opened?>

    init(
        _ composition: USBComposition, _ wish: USBComposition.Wish, stop: StopSignal, console: Console,
        returnSeconds: Double
    ) throws {
        let first = try composition.open(wish, until: stop, console: console)
        try Self.requireScorable(first, wish)
        origin = first.source.origin
        capture = wish.capture
        opened = Mutex(first)
        self.composition = composition
        self.wish = wish
        self.returnSeconds = returnSeconds
        self.console = console
    }

    /// The probe at a site.
    ///
    /// - Throws: `disconnected` when it has gone and nobody has waited for it yet.
    func held(at planned: PlannedRecording) throws(ExamSessionError) -> HeldProbe { try held() }

    private func held() throws(ExamSessionError) -> HeldProbe {
        guard let opened = opened.withLock({ $0 }) else {
            throw .source(.link(.disconnected(device: origin.device)))
        }
        return HeldProbe(source: opened.source, correctsIQ: opened.correctsIQ)
    }

    /// Waits for the probe after it was unplugged.
    ///
    /// - Returns: the probe; `nil` when it was not unplugged, or did not come back in time.
    func heldAgain(after failure: SourceError?, stop: StopSignal) throws(ExamSessionError) -> HeldProbe? {
        guard case .link(.disconnected(let device)) = failure else { return nil }
        opened.withLock { $0 = nil }
        console.say("\(device) was unplugged. What was recorded is kept. Plug it in to record this step anew.")
        var again = wish
        again.waitSeconds = returnSeconds
        do {
            let returned = try composition.open(again, until: stop, console: console)
            opened.withLock { $0 = returned }
        } catch {
            return nil
        }
        console.say("The probe is back.")
        return try held()
    }

    /// What a sound interface brings may be scored after a channel test and with the Doppler's frequency alone.
    private static func requireScorable(_ opened: USBComposition.Opened, _ wish: USBComposition.Wish) throws {
        guard let stream = opened.profile.usbAudio else { return }
        let device = opened.source.origin.device
        if wish.statedCentreFrequencyHz == 0 {
            throw Failure(
                .usage, "\(device): a sound interface does not tell the Doppler's frequency: give it with --f0-hz")
        }
        if let refusal = try ChannelTestRecord.refusal(of: stream, device: device) {
            throw Failure(.data, refusal)
        }
    }
}
