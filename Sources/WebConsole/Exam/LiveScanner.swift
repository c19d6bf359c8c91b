internal import Acquisition
internal import CCSVIAnalysis
internal import DopplerDSP
internal import ExamSession
internal import Foundation
internal import LiveView
internal import ProbeLink
internal import Synchronization

/// Runs the live scans of an exam, one at a time: the probe transmits, the screens see it, nothing is recorded.
final class LiveScanner: Sendable {
    /// What a live scan asks for beyond the recording's settings.
    private struct LiveWish: Hashable {
        var hasGates: Bool
        var hasPictures: Bool
    }

    private let opening: ExamOpening
    private let conversation: ExamConversation
    private let feed: LiveFeed
    private let stop: StopSignal
    /// The scan that runs, and how many there have been.
    private let current = Mutex<(scan: LiveScan?, number: Int)>((nil, 0))
    /// What the probe would not do, and is not asked for again.
    private let refused = Mutex<Set<LiveWish>>([])

    /// - Parameter stop: ends the waiting for a probe that was unplugged.
    init(_ opening: ExamOpening, conversation: ExamConversation, feed: LiveFeed, stop: StopSignal) {
        self.stop = stop
        self.opening = opening
        self.conversation = conversation
        self.feed = feed
    }

    /// Begins a scan at a place; where that fails the state says why.
    ///
    /// - Parameter phase: the phase to be in while it runs; a question that stays open keeps its own.
    func begin(at planned: PlannedRecording?, phase: ExamPhase = .live) async {
        let back = phase == .live ? ExamPhase.ready : phase
        guard let planned, let preset = conversation.settings.preset else {
            conversation.refused(.notPossible(what: "no settings for this place", next: "enter what was seen"))
            return conversation.reopen(back)
        }
        let number = current.withLock { current -> Int in
            current.number += 1
            return current.number
        }
        let scan = LiveScan()
        do throws(ExamSessionError) {
            let source = try await onThread { [self] () throws(ExamSessionError) in try prepared(at: planned, preset) }
            current.withLock { $0.scan = scan }
            conversation.change { core in
                core.state.phase = phase
                core.state.isTransmitting = true
                core.state.run += 1
            }
            scan.run(source) { [conversation] in conversation.post(.scanEnded(number: number, failure: $0)) }
        } catch {
            conversation.troubled(error, phase: back)
        }
    }

    /// Ends the scan that runs, if any, and waits until the probe is disarmed.
    func end() async {
        guard let scan = current.withLock({ $0.scan.take() }) else { return }
        await scan.end()
        conversation.change { core in
            core.state.isTransmitting = false
            core.settings.inForce = nil
            core.showAgain()
        }
    }

    /// Ends the scan; its picture stands still.
    func freeze(phase: ExamPhase = .frozen) async {
        await end()
        conversation.reopen(phase)
    }

    /// Takes a signal that is no act.
    func take(_ signal: ExamConversation.Signal, at planned: PlannedRecording?, phase: ExamPhase = .live) async {
        let isRunning = current.withLock { $0.scan != nil }
        let frozen = phase == .live ? ExamPhase.frozen : phase
        switch signal {
        case .settings:
            guard isRunning else { return }
            await end()
            await begin(at: planned, phase: phase)
        case .scanEnded(let number, let failure):
            guard isRunning, number == current.withLock({ $0.number }) else { return }
            await end()
            await recover(from: failure, phase: frozen)
        case .operatorLost:
            guard isRunning else { return }
            await freeze(phase: frozen)
            conversation.change { core in
                core.state.trouble = ExamState.Trouble(
                    what: "the operator's browser was away, and the live scan was ended",
                    next: "begin the live scan again")
            }
        case .act, .restOver: break
        }
    }

    /// Waits for a probe that was unplugged.
    private func recover(from failure: SourceError?, phase: ExamPhase) async {
        guard let failure else { return conversation.reopen(phase) }
        conversation.troubled(.source(failure), phase: .working)
        do throws(ExamSessionError) {
            let again = try await onThread { [opening, stop] () throws(ExamSessionError) in
                try opening.probe.heldAgain(after: failure, stop: stop)
            }
            if again == nil {
                conversation.troubled(.source(failure), phase: phase)
            } else {
                conversation.reopen(phase)
            }
        } catch {
            conversation.troubled(error, phase: phase)
        }
    }

    // MARK: Preparing

    /// The source at a place with its settings in force: all that a screen can show, or what the probe will do of it.
    private func prepared(
        at planned: PlannedRecording, _ preset: SettingsPreset
    ) throws(ExamSessionError) -> TappedSource {
        let probe = try opening.probe.held(at: planned)
        let isCorrected = probe.correctsIQ
        let tapped = feed.tap(probe.source) { [conversation] settings in
            let gate = settings.nearestGate(to: preset.gateDepthMm)
            conversation.inForce(settings, gate: gate)
            return LiveLook(
                preset.spectralSettings.live(at: settings, correctsIQ: isCorrected), gate: gate)
        }
        let wishes = [
            LiveWish(hasGates: true, hasPictures: true), LiveWish(hasGates: true, hasPictures: false),
            LiveWish(hasGates: false, hasPictures: true), LiveWish(hasGates: false, hasPictures: false),
        ].filter { wish in
            let isPossible = (!wish.hasGates || opening.liveGates > 1) && (!wish.hasPictures || opening.asksPictures)
            return isPossible && !refused.withLock { $0.contains(wish) }
        }
        for (index, wish) in wishes.enumerated() {
            do throws(SourceError) {
                _ = try tapped.prepare(settings(planned.with(preset), wish))
                return tapped
            } catch .link(.stalled(let request)) {
                guard index < wishes.count - 1 else { throw .source(.link(.stalled(request: request))) }
                refused.withLock { _ = $0.insert(wish) }
            } catch {
                throw .source(error)
            }
        }
        throw .source(.link(.stalled(request: 0)))
    }

    private func settings(_ planned: PlannedRecording, _ wish: LiveWish) -> AcquisitionSettings {
        var wanted = planned.wantedSettings
        let umPerMm = 1000.0
        if wish.hasGates {
            let grid = LiveGates(planned.preset, gates: opening.liveGates)
            wanted.gates = UInt16(clamping: grid.gates)
            wanted.firstGateDepthUm = UInt32((grid.firstGateDepthMm * umPerMm).rounded())
            wanted.gateSpacingUm = UInt32((grid.spacingMm * umPerMm).rounded())
        }
        if wish.hasPictures { LivePictures.ask(&wanted) }
        return wanted
    }
}

/// The B-mode pictures of a live scan.
enum LivePictures {
    // Project choices: 38.4 mm by 40 mm hold the vein, the carotid and what lies beyond; 25 a second look smooth.
    private static let framesPerSecond: UInt32 = 25
    private static let lines: UInt16 = 192
    private static let samplesPerLine: UInt16 = 512
    private static let depthUm: UInt32 = 40_000
    private static let linePitchNm: UInt32 = 200_000

    /// Puts the pictures into what is wanted of a probe.
    static func ask(_ settings: inout AcquisitionSettings) {
        settings.streams.insert(.bMode)
        settings.bModeFrameRateMilliHz = framesPerSecond * 1000
        settings.bModeLines = lines
        settings.bModeSamplesPerLine = samplesPerLine
        settings.bModeDepthUm = depthUm
        settings.bModeLinePitchNm = linePitchNm
    }
}

extension AcquisitionSettings {
    /// The gate whose centre lies nearest to a depth in mm.
    func nearestGate(to depthMm: Double) -> Int {
        (0..<max(1, Int(gates))).min { abs(gateDepthMm($0) - depthMm) < abs(gateDepthMm($1) - depthMm) } ?? 0
    }
}

extension SpectralSettings {
    /// How one gate of a source with these settings in force is shown.
    func live(at settings: AcquisitionSettings, correctsIQ: Bool) -> SpectralSettings {
        var live = atRate(prfHz: settings.prfHz)
        live.gates = 1
        live.correctsIQ = correctsIQ
        return live
    }
}
