internal import ProbeLink
internal import StrictYAML

/// Reads what can be set on a probe and checks it against physics, each finding at its place in the file.
struct LimitsReading {
    // The ranges that are believed; outside is a slip of units (project choices around the reference probes).
    static let plausiblePRFHz = 1.0...200_000.0
    static let plausibleDepthMm = 0.0...1000.0
    static let plausibleGateLengthMm = 0.01...100.0
    static let plausibleBurstCycles = 1...255
    /// Water at 0 degrees to cartilage, m/s.
    static let plausibleSpeedOfSoundMPerS = 1400.0...1700.0
    static let plausibleVelocityCmPerS = 0.001...100_000.0
    /// How far a stated Nyquist velocity may lie from the computed one, as a fraction (stated figures are rounded).
    static let nyquistTolerance = 0.01

    private let speed: Placed<Double>?
    private let prf: Placed<ClosedRange<Double>>?
    private let depth: Placed<ClosedRange<Double>>?
    private let length: Placed<ClosedRange<Double>>?
    private let nyquist: Placed<ClosedRange<Double>>?
    private let start: StartReading?

    init(_ opened: ProfileSection<ProfileKey.Acquisition>, _ log: YAMLLog) {
        var section = opened
        speed = section.double(.speedOfSoundMPerS, in: Self.plausibleSpeedOfSoundMPerS)
        prf = section.range(.prfHz, in: Self.plausiblePRFHz)
        depth = section.range(.depthMm, in: Self.plausibleDepthMm)
        length = section.range(.gateLengthMm, in: Self.plausibleGateLengthMm)
        nyquist = section.range(.nyquistVelocityCmPerS, in: Self.plausibleVelocityCmPerS)
        start = section.section(.start, ProfileKey.Start.self).map { StartReading($0, log) }
        section.finish()
    }

    /// The limits, where all of them could be read.
    var limits: AcquisitionLimits? {
        guard let speed, let prf, let depth, let length, let nyquist, let start = start?.start else { return nil }
        return AcquisitionLimits(
            speedOfSoundMPerS: speed.value, prfHz: prf.value, depthMm: depth.value, gateLengthMm: length.value,
            nyquistVelocityCmPerS: nyquist.value, start: start)
    }

    /// Notes what cannot be, as far as the figures could be read.
    func checkPhysics(
        centreFrequencies: Placed<CentreFrequencies>?, protocol spoken: ProbeProtocol?, stream: StreamReading,
        _ log: YAMLLog
    ) {
        let samplesArePulses = spoken?.samplesArePulses ?? true
        if samplesArePulses { checkEchoTime(log) }
        if let length, let depth, length.value.upperBound > depth.value.upperBound - depth.value.lowerBound {
            log.note(
                "the longest gate, \(length.value.upperBound) mm, does not fit into depthMm, "
                    + "\(depth.value.lowerBound) to \(depth.value.upperBound) mm", at: length.place)
        }
        checkClock(stream, log)
        checkNyquist(centreFrequencies?.value, log)
        start?.checkPhysics(
            frequencies: centreFrequencies?.value, speedOfSoundMPerS: samplesArePulses ? speed?.value : nil,
            prf: prf?.value, depth: depth?.value, length: length?.value, log)
        if let spoken, !spoken.isSettable { checkFixed(spoken, centreFrequencies, log) }
    }

    /// Notes a period that the probe's clock cannot count, or a rate that is not the sound interface's.
    private func checkClock(_ stream: StreamReading, _ log: YAMLLog) {
        guard let prf else { return }
        if let clock = stream.clock {
            let ticks = Double(clock.frequencyHz) / prf.value.lowerBound
            if ticks > Double(clock.greatestTicks) {
                log.note(
                    "the period of the lowest PRF is \(rounded(ticks)) ticks of clockHz: the probe counts to "
                        + "\(clock.greatestTicks)", at: prf.place)
            }
        }
        if let audio = stream.usbAudio?.value {
            let rate = Double(audio.sampleRateHz)
            if prf.value != rate...rate {
                log.note(
                    "`prfHz` must run from \(rate) to \(rate), the sampleRateHz of `usbAudio`: a sample of the sound "
                        + "interface stands for a pulse", at: prf.place)
            }
        }
    }

    /// Notes a range of what cannot be set.
    private func checkFixed(_ spoken: ProbeProtocol, _ frequencies: Placed<CentreFrequencies>?, _ log: YAMLLog) {
        func check(_ name: String, _ lowest: Double, _ highest: Double, at place: YAMLValue) {
            guard lowest != highest else { return }
            log.note(
                "`\(name)` runs from \(lowest) to \(highest), but a probe of protocol \(spoken.rawValue) cannot be set: "
                    + "give one value", at: place)
        }
        if let prf { check("prfHz", prf.value.lowerBound, prf.value.upperBound, at: prf.place) }
        if let length { check("gateLengthMm", length.value.lowerBound, length.value.upperBound, at: length.place) }
        if let frequencies {
            check(
                "centreFrequencyHz", frequencies.value.lowestHz, frequencies.value.highestHz, at: frequencies.place)
        }
    }

    /// One echo at a time: PRF <= c / (2 x depth of the far edge) (ODP 1.0, "ACQUISITION").
    static func greatestPRFHz(farEdgeMm: Double, speedOfSoundMPerS: Double) -> Double {
        speedOfSoundMPerS * 1000 / (2 * farEdgeMm)
    }

    private func checkEchoTime(_ log: YAMLLog) {
        guard let speed, let prf, let depth else { return }
        let deepest = Self.greatestPRFHz(farEdgeMm: depth.value.upperBound, speedOfSoundMPerS: speed.value)
        if prf.value.lowerBound > deepest {
            log.note(
                "the greatest depth, \(depth.value.upperBound) mm, is never reached: the lowest PRF, "
                    + "\(prf.value.lowerBound) Hz, exceeds c / (2 x depth) = \(rounded(deepest)) Hz", at: depth.place)
        }
        guard let length else { return }
        let farEdge = depth.value.lowerBound + length.value.lowerBound
        let shallowest = Self.greatestPRFHz(farEdgeMm: farEdge, speedOfSoundMPerS: speed.value)
        if prf.value.upperBound > shallowest {
            log.note(
                "the highest PRF, \(prf.value.upperBound) Hz, is never possible: the shallowest gate ends at "
                    + "\(farEdge) mm, where c / (2 x depth) = \(rounded(shallowest)) Hz", at: prf.place)
        }
    }

    private func checkNyquist(_ frequencies: CentreFrequencies?, _ log: YAMLLog) {
        guard let speed, let prf, let nyquist, let frequencies else { return }
        func check(_ end: ProfileKey.Range, _ stated: Double, prfHz: Double, frequencyHz: Double) {
            // v = fd c / (2 f0) with fd = PRF / 2, in cm/s (ODP 1.0, "Arithmetic").
            let computed = speed.value * prfHz / (4 * frequencyHz) * 100
            guard abs(stated - computed) > computed * Self.nyquistTolerance else { return }
            log.note(
                "the \(end.rawValue) Nyquist velocity is stated as \(stated) cm/s, but \(prfHz) Hz PRF at "
                    + "\(frequencyHz) Hz and \(speed.value) m/s give \(rounded(computed)) cm/s", at: nyquist.place)
        }
        check(.lowest, nyquist.value.lowerBound, prfHz: prf.value.lowerBound, frequencyHz: frequencies.highestHz)
        check(.highest, nyquist.value.upperBound, prfHz: prf.value.upperBound, frequencyHz: frequencies.lowestHz)
    }

    private func rounded(_ value: Double) -> Double { hundredths(value) }
}

/// A figure for a message, to hundredths.
func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }

/// Reads and checks the settings that an examination starts from.
private struct StartReading {
    private let frequency: Placed<Double>?
    private let prf: Placed<Double>?
    private let depth: Placed<Double>?
    private let length: Placed<Double>?
    private let burst: Int?

    init(_ opened: ProfileSection<ProfileKey.Start>, _ log: YAMLLog) {
        var section = opened
        frequency = section.double(.centreFrequencyHz, in: ProfileReading.plausibleCentreFrequencyHz)
        prf = section.double(.prfHz, in: LimitsReading.plausiblePRFHz)
        depth = section.double(.gateDepthMm, in: LimitsReading.plausibleDepthMm)
        length = section.double(.gateLengthMm, in: LimitsReading.plausibleGateLengthMm)
        burst = section.int(.burstCycles, in: LimitsReading.plausibleBurstCycles)
        section.finish()
    }

    var start: AcquisitionLimits.Start? {
        guard let frequency, let prf, let depth, let length, let burst else { return nil }
        return AcquisitionLimits.Start(
            centreFrequencyHz: frequency.value, prfHz: prf.value, gateDepthMm: depth.value, gateLengthMm: length.value,
            burstCycles: UInt8(clamping: burst))
    }

    func checkPhysics(
        frequencies: CentreFrequencies?, speedOfSoundMPerS: Double?, prf range: ClosedRange<Double>?,
        depth depths: ClosedRange<Double>?, length lengths: ClosedRange<Double>?, _ log: YAMLLog
    ) {
        if let frequency, let frequencies, !frequencies.contains(frequency.value) {
            log.note("the start at \(frequency.value) Hz is no centre frequency of the transducer", at: frequency.place)
        }
        checkInside(prf, range, "prfHz", log)
        checkInside(length, lengths, "gateLengthMm", log)
        guard let depth, let length else { return }
        let nearEdge = depth.value - length.value / 2
        let farEdge = depth.value + length.value / 2
        if let depths, nearEdge < depths.lowerBound || farEdge > depths.upperBound {
            log.note(
                "the start's gate reaches from \(nearEdge) to \(farEdge) mm: depthMm is \(depths.lowerBound) to "
                    + "\(depths.upperBound) mm", at: depth.place)
        }
        guard let prf, let speedOfSoundMPerS else { return }
        let greatest = LimitsReading.greatestPRFHz(farEdgeMm: farEdge, speedOfSoundMPerS: speedOfSoundMPerS)
        if prf.value > greatest {
            log.note(
                "the start's PRF, \(prf.value) Hz, is too high: its gate ends at \(farEdge) mm, where "
                    + "c / (2 x depth) = \(hundredths(greatest)) Hz", at: prf.place)
        }
    }

    private func checkInside(
        _ found: Placed<Double>?, _ range: ClosedRange<Double>?, _ name: String, _ log: YAMLLog
    ) {
        guard let found, let range, !range.contains(found.value) else { return }
        log.note(
            "the start's \(name), \(found.value), is outside \(range.lowerBound) to \(range.upperBound)",
            at: found.place)
    }
}
