/// The echo of every place of a picture: mean amplitude of what rests and of what moves.
struct TissueMap {
    let scene: PictureScene
    let grid: PictureGrid

    /// The echo of the receiver's own noise, dB below full scale (project choice: just below the range of a picture).
    static let noiseDb = -58.0
    /// Thickness of a vein's wall, a leaflet and a septum, mm (project choices).
    private static let wallMm = 0.3
    private static let leafletMm = 0.4
    private static let septumMm = 0.5
    private static let leafletDb = -24.0
    private static let arteryWallDb = -16.0
    /// Reverberation below the upper wall: over the blood's echo, and how it falls with depth (project choices).
    private static let reverberationDb = 8.0
    private static let reverberationFallDbPerMm = 6.0

    /// Mean amplitude of the tissue without vessels.
    func restingAmplitude(acrossMm: Double, depthMm: Double) -> Float {
        var level = scene.tissueDb
        for organ in scene.organs {
            let place = LumenPlacing(organ.outline).place(acrossMm: acrossMm, depthMm: depthMm)
            if place.distanceMm < 0 { level = organ.levelDb }
        }
        for layer in scene.layers where layer.depthMm.contains(depthMm) { level = layer.levelDb }
        return Float(PortableMath.amplitude(ofDb: level))
    }

    /// The vessels at one moment.
    struct Moment {
        var shape: LumenShape?
        var lumen: LumenPlacing?
        var arteries: [(outline: LumenPlacing, shape: LumenShape)]
        var opening: Double
    }

    /// The vessels at a time, seconds.
    func moment(atSeconds seconds: Double) -> Moment {
        let phase = scene.physiology.heartPhase(atSeconds: seconds)
        let shape = scene.lumen(seconds)
        let arteries = scene.arteries.map { artery in
            let radius = artery.radiusMm(atHeartPhase: phase)
            let outline = LumenShape(
                centreAcrossMm: artery.centreAcrossMm, centreDepthMm: artery.centreDepthMm, semiAxisAcrossMm: radius,
                semiAxisDeepMm: radius)
            return (outline: LumenPlacing(outline), shape: outline)
        }
        return Moment(
            shape: shape, lumen: shape.map { LumenPlacing($0) }, arteries: arteries,
            opening: scene.leaflets?.opening(atHeartPhase: phase) ?? 0)
    }

    /// The rectangle in which anything can differ from the resting tissue at this moment; `nil` = nowhere.
    func reach(_ moment: Moment, marginMm: Double) -> (lines: Range<Int>, samples: Range<Int>)? {
        let shapes = moment.arteries.map(\.shape) + (moment.shape.map { [$0] } ?? [])
        guard !shapes.isEmpty else { return nil }
        let margin = marginMm + RoundVessel.wallMm
        func bounds(_ centre: (LumenShape) -> Double, _ reach: (LumenShape) -> Double) -> ClosedRange<Double> {
            let lows = shapes.map { centre($0) - reach($0) - margin }
            let highs = shapes.map { centre($0) + reach($0) + margin }
            return lows.reduce(.infinity, min)...highs.reduce(-.infinity, max)
        }
        return grid.cells(
            across: bounds(\.centreAcrossMm) { $0.reachMm.across }, depth: bounds(\.centreDepthMm) { $0.reachMm.deep })
    }

    /// What a place shows at a moment: a factor for the resting echo, and amplitudes of tissue and blood to add.
    struct Echo {
        /// Of the resting tissue's scatterers.
        var tissue: Float
        /// Of scatterers that are new in each frame.
        var blood: Float
    }

    /// The echo of a place.
    func echo(_ moment: Moment, acrossMm: Double, depthMm: Double, resting: Float) -> Echo {
        var tissue = resting * resting
        var blood: Float = 0
        for artery in moment.arteries {
            let place = artery.outline.place(acrossMm: acrossMm, depthMm: depthMm)
            guard place.distanceMm < RoundVessel.wallMm + grid.linePitchMm else { continue }
            let inWall = coverage(place, of: RoundVessel.wallMm)
            tissue += inWall * (Self.power(Self.arteryWallDb) - tissue)
            let inside = coverage(place, of: 0)
            tissue *= 1 - inside
            blood = inside * Self.power(scene.bloodDb)
        }
        guard let lumen = moment.lumen, let shape = moment.shape else {
            return Echo(tissue: tissue.squareRoot(), blood: blood.squareRoot())
        }
        let place = lumen.place(acrossMm: acrossMm, depthMm: depthMm)
        let inside = coverage(place, of: 0)
        let inWall = coverage(place, of: Self.wallMm)
        tissue += inWall * tissue * (Self.power(scene.wallOverTissueDb) - 1)
        tissue *= 1 - inside
        guard inside > 0 else { return Echo(tissue: tissue.squareRoot(), blood: blood.squareRoot()) }
        blood = (1 - inside) * blood + inside * Self.power(bloodDb(place))
        let inlet = inlets(place, shape, moment)
        tissue += inside * inlet * Self.power(Self.leafletDb)
        return Echo(tissue: tissue.squareRoot(), blood: blood.squareRoot())
    }

    /// Blood, with what reverberates below the upper wall.
    private func bloodDb(_ place: LumenPlacing.Place) -> Double {
        let isBelowUpperWall = place.normal.deep < -0.5
        guard isBelowUpperWall else { return scene.bloodDb }
        let fall = -place.distanceMm * Self.reverberationFallDbPerMm
        return scene.bloodDb + max(0, Self.reverberationDb - fall)
    }

    /// How much of a place a leaflet or a septum fills, 0 to 1.
    private func inlets(_ place: LumenPlacing.Place, _ shape: LumenShape, _ moment: Moment) -> Float {
        var filled = 0.0
        if let septum = scene.septumShare {
            let distance = abs(place.along - septum * shape.semiAxisAcrossMm) - Self.septumMm / 2
            filled = max(filled, share(beyond: distance, over: grid.linePitchMm))
        }
        if let leaflets = scene.leaflets {
            let along = place.along / max(shape.semiAxisAcrossMm, 1e-3)
            let standing = leaflets.standing(atShareAlong: along, opening: moment.opening) * shape.semiAxisDeepMm
            let distance = abs(abs(place.aside) - standing) - Self.leafletMm / 2
            filled = max(filled, share(beyond: distance, over: grid.samplePitchMm))
        }
        return Float(filled)
    }

    /// How much of the cell around a place lies within an outline that is grown by a margin, 0 to 1.
    private func coverage(_ place: LumenPlacing.Place, of marginMm: Double) -> Float {
        let width = abs(place.normal.across) * grid.linePitchMm + abs(place.normal.deep) * grid.samplePitchMm
        return Float(share(beyond: place.distanceMm - marginMm, over: width))
    }

    private func share(beyond distance: Double, over width: Double) -> Double {
        max(0, min(0.5 - distance / max(width, 1e-6), 1))
    }

    private static func power(_ levelDb: Double) -> Float {
        let amplitude = Float(PortableMath.amplitude(ofDb: levelDb))
        return amplitude * amplitude
    }
}
