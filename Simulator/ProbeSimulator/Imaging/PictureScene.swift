/// What lies in the plane of a transverse picture, over time.
public struct PictureScene: Sendable {
    /// A band of tissue with its own echo.
    public struct Layer: Sendable, Hashable, Codable {
        /// Depth of its upper and lower edge, mm.
        public var depthMm: ClosedRange<Double>
        /// Mean echo, dB below full scale.
        public var levelDb: Double

        /// A band from its depths and echo.
        public init(depthMm: ClosedRange<Double>, levelDb: Double) {
            self.depthMm = depthMm
            self.levelDb = levelDb
        }
    }

    /// A piece of an organ with its own echo.
    public struct Organ: Sendable, Hashable, Codable {
        /// Its outline.
        public var outline: LumenShape
        /// Mean echo, dB below full scale.
        public var levelDb: Double

        /// An organ from its outline and echo.
        public init(outline: LumenShape, levelDb: Double) {
            self.outline = outline
            self.levelDb = levelDb
        }
    }

    /// Heart and breathing.
    public var physiology: PatientPhysiology
    /// The vein's lumen at a time since the start, seconds; `nil` = no vein lies in the plane.
    public var lumen: @Sendable (_ seconds: Double) -> LumenShape?
    /// Arteries.
    public var arteries: [RoundVessel] = []
    /// Bands of tissue; a later one lies over an earlier one, and all over the organs.
    public var layers: [Layer] = []
    /// Organs; a later one lies over an earlier one.
    public var organs: [Organ] = []
    /// Mean echo of the tissue around everything, dB below full scale.
    public var tissueDb = PictureScene.usualTissueDb
    /// Mean echo within the lumens, dB below full scale.
    public var bloodDb = PictureScene.usualBloodDb
    /// How much brighter a vein's wall is than the tissue around it, dB.
    public var wallOverTissueDb = PictureScene.usualWallOverTissueDb
    /// Where a septum stands, share of the first semi-axis to the right of the centre; `nil` = there is none.
    public var septumShare: Double?
    /// Leaflets of a valve in the plane; `nil` = none.
    public var leaflets: ValveLeaflets?

    /// Tissue, dB (project choice: bright speckle just below full scale, as a usual gain shows it).
    public static let usualTissueDb = -22.0
    /// Blood, dB (project choice: nearly black in a dynamic range of 60 dB).
    public static let usualBloodDb = -52.0
    /// Wall of a vein over its surroundings, dB (project choice: thin and slightly brighter).
    public static let usualWallOverTissueDb = 3.0

    /// A scene from its lumen.
    public init(physiology: PatientPhysiology, lumen: @escaping @Sendable (_ seconds: Double) -> LumenShape?) {
        self.physiology = physiology
        self.lumen = lumen
    }

    /// A lumen that does not move, in even tissue: for measuring.
    public static func still(_ shape: LumenShape?) -> PictureScene {
        PictureScene(
            physiology: PatientPhysiology(heartRatePerMinute: 60, breathsPerMinute: 15, inspirationShare: 0.4)
        ) { _ in shape }
    }
}
