/// Where a transverse picture of the neck is taken.
public enum NeckLevel: String, Sendable, Hashable, Codable, CaseIterable {
    /// Low, at the confluence: valves, no thyroid.
    case j1
    /// At the thyroid.
    case j2
    /// High, at the bifurcation of the carotid.
    case j3
}

extension PictureScene {
    /// The transverse neck: jugular vein on the Doppler line, carotid and thyroid towards the middle, muscle above.
    ///
    /// In the picture the patient's right is on the left.
    ///
    /// - Parameters:
    ///   - isLeftSide: whether it is the patient's left vein.
    ///   - depthMm: depth of the vein's centre.
    ///   - restingAreaMm2: area that the surroundings are laid out for.
    ///   - lumenAreaMm2: area at a time since the start, seconds.
    public static func neck(
        _ level: NeckLevel, isLeftSide: Bool, depthMm: Double, restingAreaMm2: Double,
        physiology: PatientPhysiology, lumenAreaMm2: @escaping @Sendable (_ seconds: Double) -> Double
    ) -> PictureScene {
        let tilt = isLeftSide ? -Anatomy.tiltDegrees : Anatomy.tiltDegrees
        var scene = PictureScene(physiology: physiology) { seconds in
            LumenShape(areaMm2: lumenAreaMm2(seconds), centreDepthMm: depthMm, tiltDegrees: tilt)
        }
        let resting = LumenShape(areaMm2: restingAreaMm2, centreDepthMm: depthMm)
        // Towards the middle: the left vein has its carotid on the picture's left.
        let inwards = isLeftSide ? -1.0 : 1.0
        let carotidMm =
            resting.semiAxisAcrossMm * Anatomy.distension + Anatomy.gapMm + Anatomy.carotidRadiusMm
        let carotidDepthMm = depthMm + Anatomy.carotidBelowVeinMm
        switch level {
        case .j1, .j2:
            scene.arteries = [
                RoundVessel(
                    centreAcrossMm: inwards * carotidMm, centreDepthMm: carotidDepthMm,
                    radiusMm: Anatomy.carotidRadiusMm)
            ]
        case .j3:
            scene.arteries = [
                RoundVessel(
                    centreAcrossMm: inwards * carotidMm, centreDepthMm: carotidDepthMm,
                    radiusMm: Anatomy.internalCarotidRadiusMm),
                RoundVessel(
                    centreAcrossMm: inwards * (carotidMm + Anatomy.branchDistanceMm),
                    centreDepthMm: carotidDepthMm - Anatomy.gapMm, radiusMm: Anatomy.externalCarotidRadiusMm),
            ]
        }
        if level == .j2 {
            scene.organs = [
                Organ(
                    outline: LumenShape(
                        centreAcrossMm: inwards * (carotidMm + Anatomy.carotidRadiusMm + Anatomy.thyroidAcrossMm),
                        centreDepthMm: depthMm, semiAxisAcrossMm: Anatomy.thyroidAcrossMm,
                        semiAxisDeepMm: Anatomy.thyroidDeepMm), levelDb: Anatomy.thyroidDb)
            ]
        }
        scene.layers = layers(aboveMm: depthMm - resting.semiAxisDeepMm * Anatomy.distension)
        return scene
    }

    /// Skin, fascia, muscle with its fibres, and the fascia under it; the muscle ends above the vein.
    private static func layers(aboveMm veinMm: Double) -> [Layer] {
        var layers = [
            Layer(depthMm: 0...Anatomy.skinMm, levelDb: Anatomy.skinDb),
            Layer(depthMm: Anatomy.skinMm...Anatomy.skinMm + Anatomy.fasciaMm, levelDb: Anatomy.fasciaDb),
        ]
        let muscleMm = Anatomy.skinMm + Anatomy.fasciaMm
        let endMm = veinMm - Anatomy.underMuscleMm
        guard endMm > muscleMm else { return layers }
        layers.append(Layer(depthMm: muscleMm...endMm, levelDb: Anatomy.muscleDb))
        for fibre in 1...Anatomy.mostFibres {
            let depthMm = muscleMm + Double(fibre) * Anatomy.fibreDistanceMm
            guard depthMm + Anatomy.fibreMm < endMm else { break }
            layers.append(Layer(depthMm: depthMm...depthMm + Anatomy.fibreMm, levelDb: Anatomy.fibreDb))
        }
        layers.append(Layer(depthMm: endMm - Anatomy.fasciaMm...endMm, levelDb: Anatomy.fasciaDb))
        return layers
    }

    /// Proportions of an ordinary neck, mm, and echoes of its tissues, dB (project choices after textbook pictures).
    private enum Anatomy {
        static let tiltDegrees = 12.0
        static let distension = 1.15
        static let gapMm = 1.4
        static let carotidRadiusMm = 3.2
        static let internalCarotidRadiusMm = 2.6
        static let externalCarotidRadiusMm = 1.9
        static let branchDistanceMm = 6.5
        static let carotidBelowVeinMm = 2.5
        static let thyroidAcrossMm = 6.0
        static let thyroidDeepMm = 7.0
        static let thyroidDb = -16.0
        static let skinMm = 2.4
        static let skinDb = -18.0
        static let fasciaMm = 0.4
        static let fasciaDb = -12.0
        static let muscleDb = -31.0
        static let fibreDb = -24.0
        static let fibreMm = 0.2
        static let fibreDistanceMm = 1.3
        static let mostFibres = 40
        static let underMuscleMm = 1.5
    }
}
