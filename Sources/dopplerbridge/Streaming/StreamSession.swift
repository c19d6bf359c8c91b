import Acquisition
import DopplerDSP
import ExamSession
import Foundation
import LiveStreams
import OpenIGTLink
import ProbeLink
import Synchronization

/// Runs a source for its streams, and again with other settings where a client sets them.
final class StreamSession: Sendable {
    /// What came of all runs.
    struct Result {
        var link = LinkCounters()
        var ring = RingCounters()
        var seconds = 0.0
        var failure: SourceError?
    }

    /// A client's wish that waits for the end of the run.
    private final class Wish: Sendable {
        let parameter: StreamParameter
        let value: Double
        let reply = Mutex<IGTLReply?>(nil)
        let done = DispatchSemaphore(value: 0)

        init(_ parameter: StreamParameter, _ value: Double) {
            self.parameter = parameter
            self.value = value
        }

        func answer(_ reply: IGTLReply) {
            self.reply.withLock { $0 = reply }
            done.signal()
        }
    }

    private struct State: Sendable {
        var setup: StreamSetup
        var wish: Wish?
        var runStop: StopSignal?
        var hasEnded = false
    }

    /// How long a client waits for its wish, seconds (project choice: a probe answers within one).
    private static let wishSeconds = 10.0

    let feed: StreamFeed
    let origin: SourceOrigin
    private let source: TappedSource
    private let isSettable: Bool
    private let plannedSeconds: Double?
    private let outputs: StreamOutputs
    private let console: Console
    private let state: Mutex<State>
    private let firstMarkers: [String]

    init(
        _ opened: OpenedStretch, word: SourceSpecifier, pace: StreamPace, outputs: StreamOutputs, envelopeGate: Int?,
        console: Console
    ) {
        let feed = StreamFeed(
            time: outputs.time, pace: pace, isPlayedAgain: !word.isProbe, outlets: outputs.outlets)
        let setup = StreamSetup(
            wanted: opened.wanted, inForce: opened.wanted, spectral: opened.analysis.spectral,
            scale: opened.analysis.scale, gate: envelopeGate)
        let box = Mutex(State(setup: setup))
        state = box
        self.feed = feed
        origin = opened.source.origin
        let looks = StreamLooks(setup)
        source = feed.tap(opened.source) { looks.look(at: $0) }
        self.looks = looks
        isSettable = word.isProbe
        plannedSeconds = opened.analysis.seconds
        self.outputs = outputs
        self.console = console
        firstMarkers = word.knowsItsSite ? Self.markers(of: opened.context) : []
    }

    private let looks: StreamLooks

    /// Puts a marker of the operator's into the stream.
    func mark(_ text: String) { feed.mark(text) }

    // MARK: Runs

    /// Streams until the planned length is reached, the source ends or `stop` is requested; blocks.
    func run(waitForClients: Bool, stop: StopSignal) throws -> Result {
        var result = Result()
        try prepare(state.withLock { $0.setup.wanted })
        if waitForClients {
            console.say("Waiting for a client of each stream; Ctrl-C ends it.")
            outputs.waitForClients(stop: stop)
        }
        for marker in firstMarkers { feed.mark(marker) }
        defer { endWishes() }
        while !stop.isRequested {
            let settings = state.withLock { $0.setup.inForce }
            let planned = plannedSeconds.map { max(0, (($0 - result.seconds) * settings.prfHz).rounded()) }
            if planned == 0 { break }
            let runStop = StopSignal(following: stop)
            state.withLock { state in
                state.runStop = runStop
                if state.wish != nil { runStop.request() }
            }
            var nobody = NobodyElse()
            let outcome: AcquisitionOutcome
            do throws(RingError) {
                outcome = try AcquisitionRun(source: source, plannedPulses: planned.flatMap { UInt64(exactly: $0) })
                    .run(recorder: nil, consumer: &nobody, stop: runStop)
            } catch {
                throw Failure(.storage, error.description)
            }
            feed.drain()
            result.add(outcome.closing, prfHz: settings.prfHz)
            result.failure = outcome.failure
            guard outcome.failure == nil, let wish = takeWish() else { break }
            try fulfil(wish)
        }
        return result
    }

    /// Applies settings, and remembers what is in force.
    private func prepare(_ wanted: AcquisitionSettings) throws {
        let settings: AcquisitionSettings
        do throws(SourceError) { settings = try source.prepare(wanted) } catch { throw Failure(error) }
        state.withLock { state in
            state.setup.wanted = wanted
            state.setup.inForce = settings
        }
    }

    private static func markers(of context: RecordingContext) -> [String] {
        var markers: [String] = []
        if let site = context.siteID {
            markers.append("site \(site)")
            if let posture = site.split(separator: ".").last { markers.append("posture \(posture)") }
        }
        if let manoeuvre = context.manoeuvre { markers.append("manoeuvre \(manoeuvre)") }
        return markers
    }

    // MARK: Clients' commands

    /// Does what a client asks for.
    func perform(_ command: IGTLCommand) -> IGTLReply {
        let setup = state.withLock { $0.setup }
        switch command {
        case .listParameters:
            return .parameters(StreamParameter.allCases.map { $0.told(of: setup, isSettable: isSettable) })
        case .getParameter(let name):
            guard let parameter = StreamParameter(rawValue: name) else { return Self.unknown(name) }
            return .parameters([parameter.told(of: setup, isSettable: isSettable)])
        case .setParameter(let name, let value):
            guard let parameter = StreamParameter(rawValue: name) else { return Self.unknown(name) }
            guard isSettable else {
                return .failure("\(name): \(origin.specifier) is no probe: what it holds cannot be set")
            }
            switch parameter.wish(value, setup) {
            case .failure(let refusal): return .failure(refusal.words)
            case .success(let number): return submit(Wish(parameter, number))
            }
        }
    }

    private static func unknown(_ name: String) -> IGTLReply {
        let known = StreamParameter.allCases.map(\.rawValue).joined(separator: ", ")
        return .failure("\(name.prefix(64)) is not a parameter; known are \(known)")
    }

    private func submit(_ wish: Wish) -> IGTLReply {
        let refusal = state.withLock { state -> String? in
            if state.hasEnded { return "the stream has ended" }
            if state.wish != nil { return "another change is under way: ask again" }
            state.wish = wish
            state.runStop?.request()
            return nil
        }
        if let refusal { return .failure(refusal) }
        guard wish.done.wait(timeout: .now() + Self.wishSeconds) == .success else {
            return .failure("the probe did not take it within \(Int(Self.wishSeconds)) s: read the parameter again")
        }
        return wish.reply.withLock { $0 } ?? .failure("no answer")
    }

    private func takeWish() -> Wish? {
        state.withLock { state in
            defer { state.wish = nil }
            return state.wish
        }
    }

    /// Nobody waits for a stream that has ended.
    private func endWishes() {
        let left = state.withLock { state in
            state.hasEnded = true
            defer { state.wish = nil }
            return state.wish
        }
        left?.answer(.failure("the stream has ended"))
    }

    /// Sets what is wished between two runs, or goes on as before and says why.
    private func fulfil(_ wish: Wish) throws {
        let before = state.withLock { $0.setup }
        var changed = before
        wish.parameter.set(wish.value, &changed)
        looks.change(changed)
        do {
            try prepare(changed.wanted)
        } catch let failure as Failure {
            looks.change(before)
            try prepare(before.wanted)
            return wish.answer(.failure(failure.message))
        }
        let now = state.withLock { state in
            state.setup.gate = changed.gate
            state.setup.spectral = changed.spectral
            return state.setup
        }
        let name = wish.parameter.rawValue
        let text = "\(wish.parameter.text(before)) -> \(wish.parameter.text(now))"
        feed.mark("settings \(name) \(text) by OpenIGTLink")
        if wish.parameter.isFulfilled(wish.value, now) {
            wish.answer(.parameters([wish.parameter.told(of: now, isSettable: true)]))
        } else {
            wish.answer(.failure("\(name) \(wish.value) was not taken: \(wish.parameter.text(now)) is in force now"))
        }
    }
}

extension StreamSession.Result {
    /// Adds what a run has counted.
    fileprivate mutating func add(_ closing: RecordingClosing, prfHz: Double) {
        link.frames &+= closing.link.frames
        link.bad &+= closing.link.bad
        link.lostPackets &+= closing.link.lostPackets
        link.missingPulses &+= closing.link.missingPulses
        link.pulses &+= closing.link.pulses
        link.failedTransfers &+= closing.link.failedTransfers
        if let dropped = closing.link.droppedByProbe { link.droppedByProbe = (link.droppedByProbe ?? 0) &+ dropped }
        link.clockDriftPartsPerMillion = closing.link.clockDriftPartsPerMillion ?? link.clockDriftPartsPerMillion
        ring.pulses &+= closing.ring.pulses
        ring.droppedFrames &+= closing.ring.droppedFrames
        ring.droppedPulses &+= closing.ring.droppedPulses
        ring.droppedEvents &+= closing.ring.droppedEvents
        seconds += Double(closing.ring.pulses &+ closing.ring.droppedPulses &+ closing.link.missingPulses) / prfHz
    }
}

extension SourceSpecifier {
    /// Whether the site of the recording is a fact and not a default.
    fileprivate var knowsItsSite: Bool {
        switch self {
        case .simulated, .replay: true
        case .usb, .wav, .sigmf, .npz, .hdf5, .iqText, .dwl, .capture: false
        }
    }
}

/// Takes every frame and keeps none: what is streamed is taken before it.
private struct NobodyElse: FrameSink {
    func hasRoom(forBytes count: Int) -> Bool { true }
    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {}
    mutating func lost(_ loss: StreamLoss) {}
    mutating func event(_ event: ProbeEvent) {}
}
