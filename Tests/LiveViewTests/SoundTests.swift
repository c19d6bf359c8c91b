import DopplerDSP
import Foundation
import LiveView
import ProbeLink
import TestSupport
import Testing

@Suite("sound from the samples")
struct SoundTests {
    private func power(_ values: some Sequence<Int16>) -> Double {
        var sum = 0.0
        var count = 0.0
        for value in values {
            sum += Double(value) * Double(value)
            count += 1
        }
        return sum / max(count, 1)
    }

    private func trial(_ shiftHz: Double, prfHz: Double, seconds: Double = 1) throws -> LiveTrial {
        let pulses = Int(prfHz * seconds)
        let chunk = 50
        let items = stride(from: 0, to: pulses, by: chunk).map { start in
            ScriptedSource.Item.frame(
                .iq(at: UInt64(start), pulses: chunk), tone(shiftHz, prfHz: prfHz, from: start, pulses: chunk))
        }
        let trial = LiveTrial()
        try trial.show(ScriptedSource(.of(prfHz: prfHz), items))
        return trial
    }

    @Test("a direction is heard on its side alone, 50 dB over the other", arguments: 0..<12)
    func separated(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rates: [Double] = [1000, 3000, 6000, 12_000]
        let prfHz = rates[Int.random(in: 0..<4, using: &generator)]
        let share = Double.random(in: 0.01...0.45, using: &generator)
        let isTowards = seed % 2 == 0
        let shiftHz = (isTowards ? 1.0 : -1.0) * share * prfHz
        let frames = try trial(shiftHz, prfHz: prfHz).sound
        // The filters and the gain have settled.
        let settled = frames.filter { $0.key > 24_000 && $0.key < 46_000 }.values
        let towards = power(settled.map { $0.towards })
        let away = power(settled.map { $0.away })
        let (heard, other) = isTowards ? (towards, away) : (away, towards)
        #expect(10 * log10(heard / max(other, 0.01)) > 50)
    }

    @Test("a tone keeps its pitch and comes to a quarter of full scale")
    func pitch() throws {
        let frames = try trial(970, prfHz: 6000).sound
        let settled: [Int16] = (24_000..<46_000).compactMap { frames[UInt64($0)]?.towards }
        #expect(settled.count == 22_000)
        let crossings = zip(settled, settled.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
        #expect(abs(crossings - 445) <= 1)
        #expect(abs(Double(settled.max() ?? 0) - 8192) < 500)
    }

    @Test("a gap keeps its place, and what is heard about it has no click", arguments: [37, 500, 4001])
    func gap(pulsesMissing: Int) throws {
        let prfHz = 6000.0
        let chunk = 60
        var items: [ScriptedSource.Item] = []
        for start in stride(from: 0, to: 6000, by: chunk) {
            let place = start < 3000 ? start : start + pulsesMissing
            items.append(
                .frame(.iq(at: UInt64(place), pulses: chunk), tone(300, prfHz: prfHz, from: place, pulses: chunk)))
        }
        let trial = LiveTrial()
        try trial.show(ScriptedSource(.of(prfHz: prfHz), items))
        let frames = trial.sound
        let framesPerPulse = 8
        let begin = UInt64(3000 * framesPerPulse)
        let end = UInt64((3000 + pulsesMissing) * framesPerPulse)
        // Sound dies away within 5 ms = 240 frames, and comes in where the samples do.
        let within = frames.keys.filter { $0 >= begin && $0 < end }
        #expect(within.count == min(240, pulsesMissing * framesPerPulse))
        #expect(frames[end] != nil && frames[end]?.towards == 0)
        // A tone of 300 Hz at a quarter of full scale moves by 322 from frame to frame; a cut would jump by thousands.
        let placed = frames.keys.sorted().filter { $0 > 24_000 - 6000 }
        var last: Int16 = 0
        for place in placed {
            let now = frames[place]?.towards ?? 0
            if frames[place - 1] == nil { last = 0 }
            #expect(abs(Int(now) - Int(last)) < 700)
            last = now
        }
        #expect(trial.all(.columns).count >= 2)
    }

    @Test("sound has no part that stands still or moves slower than the wall filter lets through")
    func walls() throws {
        let prfHz = 6000.0
        let items = stride(from: 0, to: 6000, by: 60).map { start in
            ScriptedSource.Item.frame(
                .iq(at: UInt64(start), pulses: 60), tone(10, prfHz: prfHz, from: start, pulses: 60))
        }
        let trial = LiveTrial()
        try trial.show(ScriptedSource(.of(prfHz: prfHz), items), wallFilterHz: 100)
        // 10 Hz lies 80 dB down: of 8000 counts 0.8 are left, and what rounding to counts adds, with a gain of 251.
        let late = trial.sound.filter { $0.key > 24_000 && $0.key < 47_000 }.values
        #expect(late.count == 22_999)
        #expect(late.allSatisfy { abs($0.towards) <= 600 && abs($0.away) <= 600 })
    }

    @Test("a front end that mirrors flow is heard on the right side once it is known", arguments: [true, false])
    func corrected(isKnown: Bool) throws {
        let prfHz = 6000.0
        // Q is 10 % too large: flow is mirrored 26 dB below itself.
        let items = stride(from: 0, to: 18_000, by: 60).map { start in
            let bytes = tone(700, prfHz: prfHz, from: start, pulses: 60)
            var mirrored: [UInt8] = []
            for pair in 0..<60 {
                let q = Int16(bitPattern: UInt16(bytes[4 * pair + 2]) | UInt16(bytes[4 * pair + 3]) << 8)
                let larger = UInt16(bitPattern: Int16((Double(q) * 1.1).rounded()))
                mirrored += [
                    bytes[4 * pair], bytes[4 * pair + 1], UInt8(truncatingIfNeeded: larger),
                    UInt8(truncatingIfNeeded: larger >> 8),
                ]
            }
            return ScriptedSource.Item.frame(.iq(at: UInt64(start), pulses: 60), mirrored)
        }
        let trial = LiveTrial()
        try trial.show(ScriptedSource(.of(prfHz: prfHz), items), wallFilterHz: 100, correctsIQ: isKnown)
        let late = trial.sound.filter { $0.key > 100_000 && $0.key < 140_000 }.values
        let db = 10 * log10(power(late.map { $0.towards }) / max(power(late.map { $0.away }), 0.01))
        #expect(isKnown ? db > 45 : (24...29).contains(db))
    }

    @Test("a rate that no loudspeaker needs has no sound, and columns all the same")
    func tooFast() throws {
        let trial = LiveTrial()
        let pulses = 4000
        try trial.show(
            ScriptedSource(
                .of(prfHz: 250_000),
                [.frame(.iq(at: 0, pulses: pulses), tone(1000, prfHz: 250_000, from: 0, pulses: pulses))]))
        #expect(trial.all(.sound).isEmpty)
        #expect(!trial.all(.columns).isEmpty)
    }
}
