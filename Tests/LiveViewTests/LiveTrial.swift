import Acquisition
import DopplerDSP
import Foundation
import LiveView
import ProbeLink
import Synchronization

/// Shows what a source sends, and keeps the pieces.
final class LiveTrial: Sendable {
    let pieces = Mutex<[LivePiece]>([])
    let pictures = Mutex<[BModePicture]>([])
    let timeMs = Mutex(1000.0)

    /// - Returns: the feed after everything was shown.
    @discardableResult
    func show(
        _ source: some FrameSource, wallFilterHz: Double = 0, fftLength: Int = 64, hopPulses: Int = 16, gate: Int = 0,
        correctsIQ: Bool = false
    ) throws -> LiveFeed {
        let feed = feed()
        let tapped = feed.tap(source) { settings in
            LiveLook(
                SpectralSettings(
                    prfHz: settings.prfHz, fftLength: fftLength, hopPulses: hopPulses,
                    wallFilterCutoffHz: wallFilterHz, correctsIQ: correctsIQ), gate: gate)
        }
        _ = try tapped.prepare(.of(prfHz: 1000))
        var sink = KeepingSink()
        do { _ = try tapped.run(into: &sink, until: StopSignal()) } catch {}
        feed.drain()
        return feed
    }

    func feed() -> LiveFeed {
        LiveFeed(
            nowMs: { [self] in
                timeMs.withLock { time in
                    time += 1
                    return time
                }
            }, onPiece: { [self] piece in pieces.withLock { $0.append(piece) } },
            onPicture: { [self] picture, _ in pictures.withLock { $0.append(picture) } })
    }

    func all(_ kind: LivePiece.Kind) -> [LivePiece] { pieces.withLock { $0.filter { $0.kind == kind } } }

    /// All sound, by the place of its frames.
    var sound: [UInt64: (towards: Int16, away: Int16)] {
        var frames: [UInt64: (Int16, Int16)] = [:]
        for piece in all(.sound) {
            let first = piece.number(at: 8, as: UInt64.self)
            for frame in 0..<Int(piece.number(at: 2, as: UInt16.self)) {
                frames[first + UInt64(frame)] = (
                    piece.number(at: 24 + 4 * frame, as: Int16.self), piece.number(at: 26 + 4 * frame, as: Int16.self)
                )
            }
        }
        return frames
    }
}

extension LivePiece {
    /// A number of the piece.
    func number<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
        Value(littleEndian: bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }
}

/// Tones as I/Q bytes: `amplitude * exp(2 pi i f t)` for each gate.
func tone(
    _ shiftHz: Double, prfHz: Double, from pulse: Int, pulses: Int, amplitude: Double = 8000, gates: Int = 1,
    at gate: Int = 0
) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in pulse..<pulse + pulses {
        for each in 0..<gates {
            let angle = 2 * Double.pi * shiftHz * Double(index) / prfHz
            let values = each == gate ? [cos(angle), cos(angle - .pi / 2)] : [0, 0]
            for value in values {
                let number = UInt16(bitPattern: Int16((amplitude * value).rounded()))
                bytes.append(UInt8(truncatingIfNeeded: number))
                bytes.append(UInt8(truncatingIfNeeded: number >> 8))
            }
        }
    }
    return bytes
}
