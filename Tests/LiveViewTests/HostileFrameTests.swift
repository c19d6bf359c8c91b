import LiveView
import ProbeLink
import Synchronization
import TestSupport
import Testing

@Suite("frames that are not what they should be")
struct HostileFrameTests {
    @Test("no frame traps, and no piece is larger than what came", arguments: 0..<60)
    func hostile(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var settings = AcquisitionSettings.of(
            prfHz: [0.001, 1, 1000, 4_000_000].randomElement(using: &generator) ?? 1,
            gates: [0, 1, 2, 600].randomElement(using: &generator) ?? 1, streams: [.iq, .bMode])
        settings.bModeLines = UInt16.random(in: 0...9, using: &generator)
        settings.bModeSamplesPerLine = UInt16.random(in: 0...9, using: &generator)
        var bytes = 0
        let items = (0..<40).map { _ -> ScriptedSource.Item in
            let gates = Int.random(in: 1...3, using: &generator)
            let pulses = Int.random(in: 1...200, using: &generator)
            let pulse = [0, 5, UInt64.max, UInt64.max / 2, 1 << 52, 1 << 51, 1_000_000].randomElement(using: &generator)
            let isPicture = Int.random(in: 0..<4, using: &generator) == 0
            let count = isPicture ? Int.random(in: 0...60, using: &generator) : 4 * gates * pulses
            bytes += count
            return .frame(
                FrameHeader(
                    kind: isPicture ? .bMode : .iq, format: isPicture ? .odpBMode : .iqInt16, flags: [], sequence: 0,
                    pulseIndex: pulse ?? 0, items: UInt16(gates), records: UInt16(pulses)),
                (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let trial = LiveTrial()
        try trial.show(
            ScriptedSource(settings, items), wallFilterHz: Double.random(in: 0...400, using: &generator),
            gate: Int.random(in: -3...5, using: &generator))
        // 48 kHz of a slow PRF is more than came, but never without bound: 200 pulses of a millihertz would be days.
        let made = trial.pieces.withLock { $0.reduce(0) { $0 + $1.bytes.count } }
        #expect(made < 64 << 20)
        #expect(bytes > 0)
    }
}
