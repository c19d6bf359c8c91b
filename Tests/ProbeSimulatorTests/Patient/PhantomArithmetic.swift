import Foundation
import ProbeSimulator

/// Angle of a complex number, radians.
func atan(_ im: Double, _ re: Double) -> Double { atan2(im, re) }

/// The complex number of unit length at an angle in turns.
func unit(_ turns: Double) -> (Double, Double) { (cos(2 * .pi * turns), sin(2 * .pi * turns)) }

/// FNV-1a of samples, for golden values.
func checksum(_ samples: [Int16]) -> UInt64 {
    samples.reduce(0xCBF2_9CE4_8422_2325) { sum, sample in
        let bits = UInt16(bitPattern: sample)
        let low = (sum ^ UInt64(bits & 0xFF)) &* 0x0000_0100_0000_01B3
        return (low ^ UInt64(bits >> 8)) &* 0x0000_0100_0000_01B3
    }
}

/// The settings of the neck: 7.5 MHz, one gate of 3 mm at 15 mm.
func neckSettings(prfHz: Int = 4000, depthMm: Int = 15, gates: Int = 1, gainDb: Int = 0) -> DeviceSettings {
    DeviceSettings(
        centreFrequencyHz: 7_500_000, prfMilliHz: UInt32(prfHz * 1000), firstGateDepthUm: UInt32(depthMm * 1000),
        gateSpacingUm: 1000, gateLengthUm: 3000, gates: UInt16(gates), receiveGainCentiDb: Int16(gainDb * 100))
}

/// Breathing 15 times a minute, a heart of 60 beats a minute.
let calmPhysiology = PatientPhysiology(heartRatePerMinute: 60, breathsPerMinute: 15, inspirationShare: 0.4)

/// A jugular vein at 15 mm with steady flow and no echoes of walls, unless told otherwise.
func plainSite(
    velocityCmPerS: Double = 20, direction: VesselSite.Direction = .away, clutterDb: Double = -60
) -> VesselSite {
    var site = VesselSite(
        depthMm: 15, radiusMm: 5, insonationAngleDegrees: 60, velocityCmPerS: velocityCmPerS,
        normalDirection: direction)
    site.clutterOverBloodDb = clutterDb
    return site
}

/// A phantom of a site under the key of a seed.
func phantom(_ site: VesselSite, seed: Int = 1) -> VesselPhantom {
    VesselPhantom(site: site, physiology: calmPhysiology, key: ["test", String(seed)])
}
