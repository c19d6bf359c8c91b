extension SimulatedPatient {
    /// Signal and picture at a site: the same for the same scenario, seed, site, take and settings.
    ///
    /// - Parameters:
    ///   - id: the exam's site id, such as `ijv.left.j1.supine`.
    ///   - take: counted from 1 when a step is repeated.
    /// - Throws: when no exam has such a site.
    public func imagedSource(
        atSite id: String, take: Int, breathing: Breathing = .quiet
    ) throws(ScenarioError) -> ImagedSource {
        ImagedSource(
            doppler: try signalSource(atSite: id, take: take, breathing: breathing),
            picture: try picture(atSite: id, take: take, breathing: breathing))
    }

    /// The picture at a site alone.
    ///
    /// - Throws: when no exam has such a site.
    public func picture(
        atSite id: String, take: Int, breathing: Breathing = .quiet
    ) throws(ScenarioError) -> NeckPhantom {
        guard let site = site(id, breathing: breathing), let identity = SiteIdentity(id) else {
            throw .unknownSite(id: id, scenario: scenario.name)
        }
        var physiology = scenario.physiology
        physiology.breathesDeeply = breathing == .deep
        let lumen = LumenCourse(site: site, physiology: physiology)
        let scene = Self.scene(
            identity, site, area: site.lumenAreaMm2, physiology: physiology, course: { lumen.areaMm2(atSeconds: $0) })
        return NeckPhantom(scene, key: key(ofSite: id, take: take) + ["picture"])
    }

    /// The jugular vein in its neck, a vertebral vein in plain tissue, and no vessel behind bone or ribs.
    private static func scene(
        _ identity: SiteIdentity, _ site: VesselSite, area: Double, physiology: PatientPhysiology,
        course: @escaping @Sendable (Double) -> Double
    ) -> PictureScene {
        if let place = identity.jugularPlace, let level = NeckLevel(rawValue: place.level) {
            var scene = PictureScene.neck(
                level, isLeftSide: place.side == "left", depthMm: site.depthMm, restingAreaMm2: area,
                physiology: physiology, lumenAreaMm2: course)
            // The valve of the jugular vein stands at its lower end; it is seen where it is heard.
            let closes = site.reversals.contains { $0.kind == .valveClosure }
            scene.leaflets = site.leaflets ?? (level == .j1 && closes ? ValveLeaflets() : nil)
            scene.septumShare = site.septumShare
            return scene
        }
        let depthMm = site.depthMm
        let isVertebral = identity.parts.first == "vv"
        return PictureScene(physiology: physiology) { seconds in
            isVertebral ? LumenShape(areaMm2: course(seconds), axisRatio: 1, centreDepthMm: depthMm) : nil
        }
    }
}
