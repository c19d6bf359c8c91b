import DopplerDSP
import Foundation
import LiveView
import ProbeLink
import Synchronization
import TestSupport
import Testing

@Suite("pieces, byte by byte")
struct PieceTests {
    @Test("physiology is passed on as it came")
    func physiology() throws {
        let payload: [UInt8] = [
            0x10, 0x27, 0, 0, 0, 0, 0, 0,  // 10 Hz, reserved
            1, 0, 2, 0, 0xFF, 0xFF, 0x00, 0x80,
        ]
        let header = FrameHeader(
            kind: .physiology, format: .odpPhysiology, flags: [], sequence: 0, pulseIndex: 0x0102, items: 2, records: 2)
        let trial = LiveTrial()
        try trial.show(ScriptedSource(.of(prfHz: 1000), [.frame(header, payload)]))
        #expect(
            trial.all(.physiology).map(\.bytes) == [
                [
                    5, 1, 2, 0, 0x10, 0x27, 0, 0, 0x02, 0x01, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0xFF, 0xFF, 0x00, 0x80,
                ]
            ])
    }

    private static var pictureSettings: AcquisitionSettings {
        var settings = AcquisitionSettings.of(prfHz: 1000, streams: [.iq, .bMode])
        settings.bModeFrameRateMilliHz = 25_000
        settings.bModeLines = 4
        settings.bModeSamplesPerLine = 3
        settings.bModeDepthUm = 1500
        settings.bModeLinePitchNm = 250_000
        return settings
    }

    private func lines(_ first: UInt8, _ samples: [UInt8], frame: UInt8) -> ScriptedSource.Item {
        .frame(
            FrameHeader(
                kind: .bMode, format: .odpBMode, flags: .transmitting, sequence: 0, pulseIndex: 7,
                items: UInt16(samples.count / 3), records: 3),
            [frame, 0, 0, 0, first, 0, 4, 0] + samples)
    }

    @Test("a picture has its samples, and says which lines are missing")
    func picture() throws {
        let trial = LiveTrial()
        try trial.show(
            ScriptedSource(
                Self.pictureSettings,
                [
                    lines(0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], frame: 0), lines(1, [21, 22, 23], frame: 1),
                ]))
        let pieces = trial.all(.picture).map(\.bytes)
        try #require(pieces.count == 2)
        let head: [UInt8] = [3, 1, 4, 0, 3, 0]
        let place: [UInt8] = [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x3F, 0, 0, 0x80, 0x3E]  // 1.5 mm, 0.25 mm
        #expect(pieces[0] == head + [0, 0] + place + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        #expect(
            pieces[1] == head + [2, 0] + place + [0, 0, 0, 21, 22, 23, 0, 0, 0, 0, 0, 0] + [
                0, 0, 1, 0, 2, 0, 2, 0,
            ])
        #expect(trial.pictures.withLock { $0.map(\.missingLines) } == [[], [0..<1, 2..<4]])
    }

    @Test("columns have their head, their shift and their powers where the layout says")
    func columns() throws {
        let trial = LiveTrial()
        // A bin's centre: 250 Hz of 1 kHz is bin 48 of 64.
        try trial.show(
            ScriptedSource(
                .of(prfHz: 1000, gates: 1),
                [.frame(.iq(at: 320, pulses: 80), tone(250, prfHz: 1000, from: 320, pulses: 80))]))
        let pieces = trial.all(.columns)
        try #require(pieces.count == 1)
        let piece = pieces[0]
        #expect(piece.bytes.count == 44 + 2 * (8 + 64))
        #expect(piece.bytes[0...1] == [1, 1])
        #expect(
            [2, 4, 6].map { piece.number(at: $0, as: UInt16.self) } == [64, 2, 0])
        #expect(piece.number(at: 8, as: UInt32.self) == 1_000_000)
        #expect(piece.number(at: 12, as: UInt32.self) == 16)
        #expect(piece.number(at: 16, as: UInt64.self) == 320)
        #expect(piece.number(at: 24, as: UInt32.self) == 0)
        #expect(Float(bitPattern: piece.number(at: 28, as: UInt32.self)) == -128)
        #expect(Float(bitPattern: piece.number(at: 32, as: UInt32.self)) == 0.5)
        #expect(Double(bitPattern: piece.number(at: 36, as: UInt64.self)) > 1000)
        // A quarter of the PRF.
        #expect(abs(Int(piece.number(at: 44, as: Int16.self)) - 16_384) <= 2)
        // The tone's 8000 counts are 12.2 dB below full scale; in a Hann window the middle bin holds 2/3 of the power.
        let strongest = 52 + 48
        let db = -128 + 0.5 * Double(piece.bytes[strongest])
        #expect(abs(db - (20 * log10(8000 / 32_767.0) + 10 * log10(2.0 / 3))) < 0.4)
        #expect(piece.bytes[52..<52 + 64].max() == piece.bytes[strongest])
        #expect(piece.bytes[52 + 5] < 60)
    }

    @Test("of several gates the one that is looked at has columns, and all have a profile")
    func profile() throws {
        let trial = LiveTrial()
        let bytes = tone(-200, prfHz: 1000, from: 0, pulses: 256, gates: 3, at: 1)
        try trial.show(
            ScriptedSource(.of(prfHz: 1000, gates: 3), [.frame(.iq(at: 0, gates: 3, pulses: 256), bytes)]), gate: 1)
        let columns = trial.all(.columns)
        try #require(!columns.isEmpty)
        #expect(columns[0].number(at: 6, as: UInt16.self) == 1)
        #expect(abs(Int(columns[0].number(at: 44, as: Int16.self)) + 13_107) <= 2)
        let profile = try #require(trial.all(.profile).last)
        #expect(profile.bytes.count == 20 + 3 * 3)
        #expect(profile.bytes[0...3] == [2, 1, 3, 0])
        #expect(profile.number(at: 4, as: UInt32.self) == 10_000)
        #expect(profile.number(at: 8, as: UInt32.self) == 500)
        #expect(profile.number(at: 20, as: Int16.self) == .min)
        #expect(abs(Int(profile.number(at: 22, as: Int16.self)) + 13_107) <= 40)
        #expect(profile.number(at: 24, as: Int16.self) == .min)
        #expect(profile.bytes[26] == 0 && profile.bytes[27] > 40 && profile.bytes[28] == 0)
    }

    @Test("each column is shown once and is the analyser's own, however the frames are cut", arguments: 0..<20)
    func columnsOnce(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pulses = 4000
        let samples = (0..<2 * pulses).map { _ in Int16.random(in: -300...300, using: &generator) }
        let bytes = samples.flatMap { value in
            [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
        var items: [ScriptedSource.Item] = []
        var pulse = 0
        while pulse < pulses {
            let count = min(Int.random(in: 1...300, using: &generator), pulses - pulse)
            items.append(.frame(.iq(at: UInt64(pulse), pulses: count), Array(bytes[4 * pulse..<4 * (pulse + count)])))
            pulse += count
        }
        let trial = LiveTrial()
        try trial.show(ScriptedSource(.of(prfHz: 1000), items), wallFilterHz: 30)
        var analyser = try SpectralAnalyser(
            SpectralSettings(prfHz: 1000, fftLength: 64, hopPulses: 16, wallFilterCutoffHz: 30))
        try analyser.process(
            bytes.span.bytes, format: .int16, pulses: pulses, firstPulse: 0, flags: .transmitting)
        let wanted = analyser.finish()[0].columns
        var next = 0
        for (number, piece) in trial.all(.columns).enumerated() {
            #expect(piece.number(at: 24, as: UInt32.self) == UInt32(number))
            #expect(piece.number(at: 16, as: UInt64.self) == wanted[next].firstPulse)
            for column in 0..<Int(piece.number(at: 4, as: UInt16.self)) {
                let start = 44 + column * 72
                let shift = wanted[next].meanShiftHz.map { Int16((Double($0) / 1000 * 65_536).rounded()) } ?? .min
                #expect(piece.number(at: start, as: Int16.self) == shift)
                next += 1
            }
        }
        #expect(next == wanted.count)
    }
}
