internal import DopplerDSP
internal import Glibc

/// Makes stereo sound of the I/Q samples of one gate: flow towards the transducer and away from it.
struct LiveSound: Sendable {
    /// The rate of the sound, Hz: that of the usual loudspeakers, so that a browser need not convert (project choice).
    static let rateHz = 48_000
    /// How long sound comes in after a gap, and dies away before one, seconds (project choice: no click, and no more).
    static let fadeSeconds = 0.005
    private static let fadeFrames = Int(fadeSeconds * Double(rateHz))

    private let fullScale: Float
    private var filter: WallFilter
    private var splitter = DirectionSplitter()
    /// What the corrected Q has of Q, and of I.
    private var shares: (q: Float, i: Float) = (1, 0)
    private var level: SoundLevel
    private var resampler: SoundResampler
    /// Samples of a frame while they are filtered, and what came of them.
    private var filtered: [Float] = []
    private var made: [Float] = []
    /// Sound that waits to be taken, towards and away in turn, and the place of its first frame.
    private var waiting: [Int16] = []
    private var firstWaiting: UInt64 = 0
    private var parts: [LivePiece] = []
    /// The stretch that goes on: pulses in it, and frames made of it.
    private var pulses = 0
    private var frames = 0
    private var nextPulse: UInt64 = 0
    private var hasStretch = false

    /// Sound with the wall filter of some settings.
    ///
    /// - Parameter fullScale: the greatest value of I or Q, counts.
    /// - Throws: the setting that cannot be used.
    init(_ settings: SpectralSettings, fullScale: Double) throws(DSPError) {
        guard SoundResampler.ratesHz.contains(settings.prfHz) else { throw .prf(settings.prfHz) }
        filter = try WallFilter(cutoffHz: settings.wallFilterCutoffHz, prfHz: settings.prfHz)
        level = SoundLevel(rateHz: settings.prfHz)
        resampler = SoundResampler(inputHz: settings.prfHz, outputHz: Double(Self.rateHz))
        self.fullScale = Float(max(1, fullScale))
    }

    /// Takes gain and phase differences of I and Q out of what follows, which would mirror flow to the other side.
    mutating func correct(_ correction: IQCorrection) {
        shares = (
            q: Float(1 / (correction.gainRatio * cos(correction.phaseRadians))),
            i: Float(-tan(correction.phaseRadians))
        )
    }

    /// Takes pulses: I and Q in turn, counts.
    mutating func add(_ samples: [Float], firstPulse: UInt64) throws(DSPError) {
        if !hasStretch || firstPulse != nextPulse {
            end(before: hasStretch ? firstPulse : nil)
            begin(at: firstPulse)
        }
        nextPulse = firstPulse &+ UInt64(samples.count / 2)
        filtered.removeAll(keepingCapacity: true)
        filtered.append(contentsOf: samples)
        try filter.process(&filtered)
        made.removeAll(keepingCapacity: true)
        for pulse in 0..<filtered.count / 2 {
            let inPhase = filtered[2 * pulse] / fullScale
            let quadrature = shares.q * filtered[2 * pulse + 1] / fullScale + shares.i * inPhase
            let split = splitter.split(inPhase, quadrature)
            let gain = level.gain(for: split.towards, split.away)
            resampler.add(split.towards * gain, split.away * gain, to: &made)
        }
        pulses += samples.count / 2
        keep()
    }

    /// Ends the stretch: what follows does not follow it.
    ///
    /// - Parameter next: the pulse that the next one begins at; `nil` = nothing follows.
    mutating func end(before next: UInt64?) {
        guard hasStretch else { return }
        hasStretch = false
        made.removeAll(keepingCapacity: true)
        resampler.finish(inputs: pulses, to: &made)
        keep()
        dieAway(before: next)
        flush(sampledAtMs: .nan)
    }

    /// Takes away what there is.
    mutating func take(sampledAtMs: Double, into pieces: inout [LivePiece]) {
        flush(sampledAtMs: sampledAtMs)
        for part in parts { pieces.append(part.sampled(atMs: sampledAtMs)) }
        parts.removeAll(keepingCapacity: true)
    }

    private mutating func begin(at pulse: UInt64) {
        filter.reset()
        splitter.reset()
        resampler.begin(at: pulse)
        firstWaiting = resampler.nextFrame
        hasStretch = true
        pulses = 0
        frames = 0
    }

    /// Puts what was made to what waits; the first of a stretch comes in slowly.
    private mutating func keep() {
        for frame in 0..<made.count / 2 {
            let share = frames < Self.fadeFrames ? Float(frames) / Float(Self.fadeFrames) : 1
            waiting.append(Self.sample(made[2 * frame] * share))
            waiting.append(Self.sample(made[2 * frame + 1] * share))
            frames += 1
        }
    }

    /// Lets the last value die away in the gap that follows, as far as that is long enough.
    private mutating func dieAway(before next: UInt64?) {
        guard frames > 0, waiting.count >= 2 else { return }
        let end = firstWaiting &+ UInt64(waiting.count / 2)
        let room = next.map { resampler.frame(ofPulse: $0) &- end } ?? UInt64(Self.fadeFrames)
        guard room < UInt64.max / 2 else { return }
        let count = Int(min(room, UInt64(Self.fadeFrames)))
        let last = (towards: Float(waiting[waiting.count - 2]), away: Float(waiting[waiting.count - 1]))
        for frame in 0..<count {
            let share = 1 - Float(frame + 1) / Float(count)
            waiting.append(Int16(last.towards * share))
            waiting.append(Int16(last.away * share))
        }
    }

    private static func sample(_ value: Float) -> Int16 {
        let most: Float = 32_767
        return value.isFinite ? Int16(min(max((value * most).rounded(), -most), most)) : 0
    }

    /// Makes a piece of what waits.
    private mutating func flush(sampledAtMs: Double) {
        guard !waiting.isEmpty else { return }
        let bytesOfFrame = 4
        let headBytes = 24
        let most = Int(UInt16.max)
        var start = 0
        let count = waiting.count / 2
        while start < count {
            let frames = min(count - start, most)
            var piece = PieceBytes(.sound, capacity: headBytes + bytesOfFrame * frames)
            piece.append(UInt16(frames))
            piece.append(UInt32(Self.rateHz))
            piece.append(firstWaiting &+ UInt64(start))
            piece.append(sampledAtMs)
            for value in waiting[2 * start..<2 * (start + frames)] { piece.append(value) }
            parts.append(LivePiece(bytes: piece.bytes))
            start += frames
        }
        firstWaiting &+= UInt64(count)
        waiting.removeAll(keepingCapacity: true)
    }
}

extension LivePiece {
    /// Where a sound piece says when its newest sample came.
    private static let soundTimeOffset = 16

    /// The same sound with its time.
    fileprivate func sampled(atMs time: Double) -> LivePiece {
        var piece = self
        withUnsafeBytes(of: time.bitPattern.littleEndian) { bytes in
            for (index, byte) in bytes.enumerated() { piece.bytes[Self.soundTimeOffset + index] = byte }
        }
        return piece
    }
}
