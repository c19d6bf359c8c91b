import ProbeSimulator
import Testing

@Suite("The phantom of a vein")
struct VesselPhantomTests {
    @Test("gives the same samples however the run is cut into pieces", arguments: 0..<6)
    func piecesDoNotMatter(seed: Int) {
        let settings = neckSettings(prfHz: [700, 1000, 2500, 4000, 6000, 12_000][seed], gates: seed % 3 + 1)
        var site = plainSite(clutterDb: 45)
        site.reversals = [.reflux(onsetSeconds: 0.1, lengthSeconds: 0.1, velocityCmPerS: 12)]
        let whole = PhantomRecording(phantom(site, seed: seed), settings, seconds: 0.35, pieces: [100_000])
        let cut = PhantomRecording(phantom(site, seed: seed), settings, seconds: 0.35, pieces: [1, 7, 64, 3, seed + 1])
        #expect(whole.samples == cut.samples)
        #expect(whole.samples.count == 2 * whole.gates * Int(0.35 * settings.prfHz))
    }

    @Test("begins again with the same samples")
    func beginRestarts() {
        var source = phantom(plainSite())
        var first: [Int16] = []
        var second: [Int16] = []
        source.begin(neckSettings())
        source.appendIQ(firstPulse: 0, count: 300, transmitting: true, to: &first)
        source.begin(neckSettings())
        source.appendIQ(firstPulse: 0, count: 300, transmitting: true, to: &second)
        #expect(first == second)
    }

    @Test("gives a pulse the same samples when those before it were passed over")
    func passedOverPulses() {
        var source = phantom(plainSite())
        var late: [Int16] = []
        source.begin(neckSettings())
        source.appendIQ(firstPulse: 123, count: 50, transmitting: true, to: &late)
        let whole = PhantomRecording(phantom(plainSite()), neckSettings(), seconds: 0.1)
        #expect(late == Array(whole.samples[246..<346]))
        var early: [Int16] = []
        source.appendIQ(firstPulse: 10, count: 20, transmitting: true, to: &early)
        #expect(early == Array(whole.samples[20..<60]))
    }

    @Test("gives other samples under another key")
    func keysDiffer() {
        let one = PhantomRecording(phantom(plainSite(), seed: 1), neckSettings(), seconds: 0.05)
        let other = PhantomRecording(phantom(plainSite(), seed: 2), neckSettings(), seconds: 0.05)
        #expect(one.samples != other.samples)
    }

    @Test("puts the mean shift where velocity, angle and direction say", arguments: VesselSite.Direction.allCases)
    func meanShiftAndSign(direction: VesselSite.Direction) throws {
        let source = phantom(plainSite(velocityCmPerS: 20, direction: direction))
        let recording = PhantomRecording(source, neckSettings(), seconds: 3)
        // 2 x 0.2 m/s x 7.5 MHz x cos(60) / 1540 m/s is 974 Hz; the axis of a profile with n = 8 is 1.25 as fast.
        let sign = direction == .towards ? 1.0 : -1.0
        let found = recording.meanShift().hertz
        #expect(abs(found - sign * 974.03 * 1.245) < 25)
        var begun = source
        begun.begin(neckSettings())
        let truth = try #require(begun.meanShiftHz(atSeconds: 1, gate: 0))
        #expect(abs(found - truth) < 25)
    }

    @Test("broadens the spectrum by the stated share of the shift")
    func broadening() {
        var site = plainSite(velocityCmPerS: 20)
        site.profileExponent = 20
        site.intrinsicBroadening = 0.15
        let wide = PhantomRecording(phantom(site), neckSettings(), seconds: 2).meanShift().coherence
        site.intrinsicBroadening = 0.02
        let narrow = PhantomRecording(phantom(site), neckSettings(), seconds: 2).meanShift().coherence
        // |R(1)| / R(0) = S / (S + N) x exp(-(2 pi sigma / PRF)^2 / 2); sigma is about 0.15 x 1070 Hz.
        #expect(abs(wide / narrow - 0.969) < 0.01)
    }

    @Test("gives complex normal blood: squared power twice the square of the mean power")
    func speckleIsNormal() {
        var squares = 0.0
        var fourths = 0.0
        for seed in 0..<200 {
            let recording = PhantomRecording(phantom(plainSite(), seed: seed), neckSettings(), seconds: 0.004)
            let value = recording.sample(15)
            let power = value.re * value.re + value.im * value.im
            squares += power / 200
            fourths += power * power / 200
        }
        #expect(abs(fourths / (squares * squares) - 2) < 0.6)
        #expect(abs(squares / (64 * 64 + 16) - 1) < 0.25)
    }

    @Test("gives a periodogram whose bins scatter as much as their mean, as chi-squared with two degrees")
    func periodogramIsChiSquared() {
        let recording = PhantomRecording(phantom(plainSite()), neckSettings(), seconds: 12)
        let powers = stride(from: 0, to: recording.pulses - 256, by: 512).map {
            recording.power(atHertz: -1210, firstPulse: $0, count: 256)
        }
        let mean = powers.reduce(0, +) / Double(powers.count)
        let variance = powers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(powers.count)
        #expect(variance.squareRoot() / mean > 0.7)
        #expect(variance.squareRoot() / mean < 1.6)
    }

    @Test("receives only white noise of the stated level when it does not transmit")
    func silenceIsNoise() {
        let recording = PhantomRecording(
            phantom(plainSite(clutterDb: 50)), neckSettings(), seconds: 1, transmitting: false)
        #expect(abs(recording.power() / 16 - 1) < 0.08)
        #expect(recording.meanShift().coherence < 0.06)
        var off = neckSettings()
        off.transmitLevelPerMille = 0
        #expect(PhantomRecording(phantom(plainSite()), off, seconds: 1).samples == recording.samples)
    }

    @Test("leaves only noise and walls where flow is absent")
    func absentFlow() {
        var site = plainSite()
        site.flowIsAbsent = true
        let recording = PhantomRecording(phantom(site), neckSettings(), seconds: 1)
        // Clutter 60 dB below the blood is a squared count of 0.004.
        #expect(abs(recording.power() / 16 - 1) < 0.08)
        #expect(recording.meanShift().coherence < 0.06)
    }

    @Test("sets the clutter at the stated level over the blood", arguments: [40.0, 50.0])
    func clutterLevel(decibel: Double) {
        let recording = PhantomRecording(phantom(plainSite(clutterDb: decibel)), neckSettings(), seconds: 4)
        let expected = 64.0 * 64 * (decibel == 40 ? 1e4 : 1e5)
        #expect(recording.power() / expected > 0.5)
        #expect(recording.power() / expected < 2)
    }

    @Test("keeps the clutter below the shift of the fastest wall motion")
    func clutterIsSlow() {
        var site = plainSite(clutterDb: 50)
        site.flowIsAbsent = true
        site.wallSpeedMmPerS = 4
        let recording = PhantomRecording(phantom(site), neckSettings(), seconds: 4)
        // 4 mm/s is 39 Hz at 7.5 MHz: the strongest moving echo lies there, 200 Hz hold noise alone.
        let noise = 16 * 1.5 / 512
        var slow = 0.0
        var fast = 0.0
        for first in stride(from: 0, to: recording.pulses - 512, by: 256) {
            slow = max(slow, recording.power(atHertz: 25, firstPulse: first, count: 512))
            fast = max(fast, recording.power(atHertz: 200, firstPulse: first, count: 512))
        }
        #expect(slow > 10_000 * noise)
        #expect(fast < 20 * noise)
    }

    @Test("shows blood only in the gates that lie in the lumen")
    func gatesOutsideTheLumen() throws {
        let settings = DeviceSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 4_000_000, firstGateDepthUm: 5000, gateSpacingUm: 5000,
            gateLengthUm: 1000, gates: 5)
        var source = phantom(plainSite())
        let recording = PhantomRecording(source, settings, seconds: 1)
        source.begin(settings)
        // The lumen reaches from 10 to 20 mm; the gates at 10 and 20 mm see half.
        let blood = (0..<5).map { recording.power(gate: $0) > 100 }
        #expect(blood == [false, true, true, true, false])
        #expect(source.meanShiftHz(atSeconds: 0, gate: 4) == nil)
        let axis = try #require(source.meanShiftHz(atSeconds: 0, gate: 2))
        let edge = try #require(source.meanShiftHz(atSeconds: 0, gate: 3))
        #expect(abs(edge) < abs(axis) * 0.7)
        #expect(abs(recording.meanShift(gate: 3).hertz - edge) < 40)
    }

    @Test("amplifies by the receive gain and clips at the ends of 16 bits")
    func gainAndClipping() {
        let quiet = PhantomRecording(phantom(plainSite()), neckSettings(), seconds: 0.5).power()
        let loud = PhantomRecording(phantom(plainSite()), neckSettings(gainDb: 20), seconds: 0.5).power()
        #expect(abs(loud / quiet - 100) < 1)
        let clipped = PhantomRecording(phantom(plainSite()), neckSettings(gainDb: 90), seconds: 0.1).samples
        #expect(clipped.contains(.max))
        #expect(clipped.contains(.min))
    }

    @Test("takes any settings without a trap")
    func hostileSettings() {
        for settings in [
            DeviceSettings(
                centreFrequencyHz: 0, prfMilliHz: 0, firstGateDepthUm: 0, gateLengthUm: 0, gates: 1,
                transmitLevelPerMille: .max, receiveGainCentiDb: .max),
            DeviceSettings(
                centreFrequencyHz: .max, prfMilliHz: .max, firstGateDepthUm: .max, gateSpacingUm: .max,
                gateLengthUm: .max, gates: 3, receiveGainCentiDb: .min),
        ] {
            let recording = PhantomRecording(phantom(plainSite()), settings, seconds: 40 / settings.prfHz.clamped)
            #expect(recording.samples.count <= 2 * 3 * 40)
        }
        var source = phantom(plainSite())
        var samples: [Int16] = []
        source.appendIQ(firstPulse: 0, count: 10, transmitting: true, to: &samples)
        source.begin(neckSettings())
        source.appendIQ(firstPulse: 0, count: -1, transmitting: true, to: &samples)
        #expect(samples.isEmpty)
    }
}

extension Double {
    fileprivate var clamped: Double { Swift.max(self, 1) }
}
