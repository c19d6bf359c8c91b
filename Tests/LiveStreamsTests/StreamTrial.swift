import Acquisition
import DopplerDSP
import Foundation
import LiveStreams
import ProbeLink
import Synchronization

/// Streams what a source sends, and keeps the pieces.
final class StreamTrial: Sendable {
    let outlet: KeepingOutlet
    let feed: StreamFeed

    /// - Parameter delaySeconds: how long the outlet takes for its first samples.
    init(pace: StreamPace = .byTheProbe, delaySeconds: Double = 0) {
        let outlet = KeepingOutlet(delaySeconds: delaySeconds)
        self.outlet = outlet
        feed = StreamFeed(
            time: StreamTime(
                monotonicNanoseconds: { UInt64(DispatchTime.now().uptimeNanoseconds) }, utcOffsetSeconds: 1000),
            pace: pace, outlets: [outlet])
    }

    /// Runs a source to its end.
    ///
    /// - Returns: what the real sink got.
    @discardableResult
    func run(_ source: ScriptedSource, scale: DopplerScale? = nil, gate: Int = 0) throws -> [ScriptedSource.Item] {
        let tapped = feed.tap(source) { settings in
            StreamLook(
                SpectralSettings(prfHz: settings.prfHz, fftLength: 64, hopPulses: 16, wallFilterCutoffHz: 0),
                gate: gate, scale: scale)
        }
        _ = try tapped.prepare(source.settings)
        var sink = KeepingSink()
        _ = try tapped.run(into: &sink, until: StopSignal())
        feed.drain()
        return sink.items
    }

    /// What there is of a kind, in order.
    private func all<Kind>(_ kind: (StreamPiece) -> [Kind]) -> [Kind] { outlet.pieces.withLock { $0 }.flatMap(kind) }

    var blocks: [SampleBlock] {
        all { (piece: StreamPiece) -> [SampleBlock] in
            guard case .samples(let block) = piece else { return [] }
            return [block]
        }
    }

    var columns: [EnvelopeColumn] {
        all { (piece: StreamPiece) -> [EnvelopeColumn] in
            guard case .columns(let block) = piece else { return [] }
            return block.columns
        }
    }

    var markers: [StreamMarker] {
        all { (piece: StreamPiece) -> [StreamMarker] in
            guard case .marker(let marker) = piece else { return [] }
            return [marker]
        }
    }

    var line: ClockLine? {
        all { (piece: StreamPiece) -> [ClockLine] in
            guard case .begin(_, let line) = piece else { return [] }
            return [line]
        }.first
    }
}

/// An outlet that keeps everything, and may be slow.
final class KeepingOutlet: StreamOutlet {
    let pieces = Mutex<[StreamPiece]>([])
    let told = Mutex<StreamCounters?>(nil)
    private let delaySeconds: Mutex<Double>

    init(delaySeconds: Double) { self.delaySeconds = Mutex(delaySeconds) }

    func publish(_ piece: StreamPiece) {
        pieces.withLock { $0.append(piece) }
        guard case .samples = piece else { return }
        let seconds = delaySeconds.withLock { delay in
            defer { delay = 0 }
            return delay
        }
        if seconds > 0 { Thread.sleep(forTimeInterval: seconds) }
    }

    func tell(_ counters: StreamCounters) { told.withLock { $0 = counters } }
}
