import ProbeSimulator
import Testing

@Suite("Many gates across a lumen")
struct LumenGatesTests {
    private static let shapes: [VelocityProfile.Shape?] = [
        nil, .plug, .parabolic, .blunted(exponent: 5), .skewed(skewness: 0.7), .jet(coreShare: 0.25),
    ]

    private func source(_ shape: VelocityProfile.Shape?) -> VesselPhantom {
        var site = plainSite(velocityCmPerS: 10)
        site.profile = shape
        site.beamWidthMm = 0.2
        return phantom(site)
    }

    /// Gates side by side over 12.8 mm around the axis at 15 mm.
    private func settings(gates: Int) -> DeviceSettings {
        let lengthUm = UInt32(12_800 / gates)
        return DeviceSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 4_000_000, firstGateDepthUm: 8600 + lengthUm / 2,
            gateSpacingUm: lengthUm, gateLengthUm: lengthUm, gates: UInt16(gates))
    }

    @Test("the gates' true velocities add up over the circle to the flow", arguments: 0..<6)
    func flow(index: Int) throws {
        var source = source(Self.shapes[index])
        // As many as any probe has, once; a quarter of them for the other profiles.
        let settings = settings(gates: index == 2 ? 512 : 128)
        source.begin(settings)
        var flow = 0.0
        for gate in 0..<Int(settings.gates) {
            guard let velocity = source.gateVelocityCmPerS(atSeconds: 1, gate: gate) else { continue }
            let radius = abs(settings.gateDepthMm(gate) - 15)
            // Each half of a ring belongs to the gate on its side.
            flow += velocity * Double.pi * radius * Double(settings.gateLengthUm) / 1000 * 0.6
        }
        #expect(abs(flow / source.flowMlPerMin(atSeconds: 1) - 1) < 0.02)
    }

    @Test("a skewed profile is fastest below the axis, and a jet runs backwards beside its core")
    func shapes() throws {
        var skewed = source(.skewed(skewness: 0.7))
        skewed.begin(settings(gates: 64))
        let above = try #require(skewed.gateVelocityCmPerS(atSeconds: 1, gate: 22))
        let below = try #require(skewed.gateVelocityCmPerS(atSeconds: 1, gate: 42))
        #expect(below > 1.5 * above)
        var jet = source(.jet(coreShare: 0.1))
        jet.begin(settings(gates: 64))
        #expect(try #require(jet.gateVelocityCmPerS(atSeconds: 1, gate: 32)) > 40)
        #expect(try #require(jet.gateVelocityCmPerS(atSeconds: 1, gate: 32 + 18)) < 0)
        #expect(jet.gateVelocityCmPerS(atSeconds: 1, gate: 0) == nil)
    }

    @Test("the samples of a gate have the shift of its own velocity")
    func samplesFollow() throws {
        let few = DeviceSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 4_000_000, firstGateDepthUm: 11_000, gateSpacingUm: 2000,
            gateLengthUm: 500, gates: 5)
        var source = source(.parabolic)
        let recording = PhantomRecording(source, few, seconds: 1)
        source.begin(few)
        for gate in 0..<5 {
            let truth = try #require(source.meanShiftHz(atSeconds: 0.5, gate: gate))
            #expect(abs(recording.meanShift(gate: gate).hertz - truth) < 40)
        }
    }
}
