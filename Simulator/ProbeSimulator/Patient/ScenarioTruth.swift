internal import Foundation

/// What is true of a simulated patient: the yardstick for what an exam finds.
public struct ScenarioTruth: Sendable, Hashable, Codable {
    /// The format's name and version.
    public static let schemaID = "dopplerbridge-scenario-truth-1"

    /// What can be heard at a site.
    public enum Flow: String, Sendable, Hashable, Codable, CaseIterable {
        /// Blood stands out of the noise.
        case present
        /// The vein carries no flow.
        case absent
        /// There is flow, but its echo lies below the receiver's noise.
        case belowNoise
    }

    /// What is true at one site.
    public struct Site: Sendable, Hashable, Codable {
        /// The exam's site id.
        public var id: String
        /// What can be heard.
        public var flow: Flow
        /// Direction of the normal flow with regard to the transducer.
        public var normalDirection: VesselSite.Direction
        /// Angle between beam and flow, degrees.
        public var insonationAngleDegrees: Double
        /// Depth of the vessel's axis, mm.
        public var depthMm: Double
        /// Radius of the lumen, mm.
        public var radiusMm: Double
        /// Velocity in the normal direction outside reversals, mean over the lumen and over time, cm/s.
        public var lumenVelocityCmPerS: Double
        /// The same in a gate of `gateLengthMm` on the vessel's axis: what a measurement there should give.
        public var gateVelocityCmPerS: Double
        /// Length of that gate, mm.
        public var gateLengthMm: Double
        /// Stretches of reverse flow, in the order of time, complete within the recording.
        public var reversals: [FlowWaveform.Reversal]
    }

    /// The area of one jugular lumen; places that are not measured are left out.
    public struct Area: Sendable, Hashable, Codable {
        /// `left` or `right`.
        public var side: String
        /// `j1`, `j2` or `j3`.
        public var level: String
        /// `supine` or `sitting`.
        public var posture: String
        /// Area, mm2.
        public var areaMm2: Double
    }

    /// `dopplerbridge-scenario-truth-1`.
    public var schema: String
    /// The scenario's name.
    public var scenario: String
    /// The seed.
    public var seed: UInt64
    /// Always true: nothing here comes from a person.
    public var isSimulated: Bool
    /// The take that the reversals belong to.
    public var take: Int
    /// Length of the recordings that the reversals are listed for, seconds.
    public var recordingSeconds: Double
    /// What an exam should come to.
    public var expected: ExpectedOutcome
    /// Every site.
    public var sites: [Site]
    /// Every area that is measured.
    public var areas: [Area]

    /// The truth as JSON with sorted keys: the same bytes for the same truth.
    ///
    /// - Throws: what the encoder refuses; no truth of a loaded scenario does.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

extension SimulatedPatient {
    /// The truth for recordings of a given length, seconds.
    public func truth(recordingSeconds: Double, take: Int = 1) -> ScenarioTruth {
        let sites = SiteIdentity.all.compactMap { identity in
            scenario.site(identity.id).map { site in
                truth(of: site, id: identity.id, recordingSeconds: recordingSeconds, take: take)
            }
        }
        let areas = JugularPlace.all.compactMap { place in
            lumenAreaMm2(side: place.side, level: place.level, posture: place.posture).map {
                ScenarioTruth.Area(side: place.side, level: place.level, posture: place.posture, areaMm2: $0)
            }
        }
        return ScenarioTruth(
            schema: ScenarioTruth.schemaID, scenario: scenario.name, seed: seed, isSimulated: true, take: take,
            recordingSeconds: recordingSeconds, expected: scenario.expected, sites: sites, areas: areas)
    }

    private func truth(
        of site: VesselSite, id: String, recordingSeconds: Double, take: Int
    ) -> ScenarioTruth.Site {
        let gate = GateGeometry(site: site, depthMm: site.depthMm, lengthMm: site.referenceGateLengthMm)
        let flow = FlowWaveform(site: site, physiology: scenario.physiology, key: key(ofSite: id, take: take))
        let velocity = site.flowIsAbsent ? 0 : site.velocityCmPerS
        return ScenarioTruth.Site(
            id: id, flow: site.audibleFlow, normalDirection: site.normalDirection,
            insonationAngleDegrees: site.insonationAngleDegrees, depthMm: site.depthMm, radiusMm: site.radiusMm,
            lumenVelocityCmPerS: velocity, gateVelocityCmPerS: velocity * gate.relativeVelocity,
            gateLengthMm: site.referenceGateLengthMm,
            reversals: flow.reversals(withinSeconds: recordingSeconds))
    }
}

extension VesselSite {
    /// What can be heard at full transmit level: with its echo below the noise of the whole band, flow is lost.
    var audibleFlow: ScenarioTruth.Flow {
        if flowIsAbsent { return .absent }
        let blood = VesselPhantom.bloodCounts * PortableMath.amplitude(ofDb: -attenuationDb)
        return blood < VesselPhantom.noiseCounts ? .belowNoise : .present
    }
}
