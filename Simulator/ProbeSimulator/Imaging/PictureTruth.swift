/// What is true of the B-mode frames of one recording.
public struct PictureTruth: Sendable, Hashable, Codable {
    /// One frame.
    public struct Frame: Sendable, Hashable, Codable {
        /// When it is taken, since the start, seconds.
        public var timeSeconds: Double
        /// The lumen: centre, semi-axes and tilt; left out where no vein lies in the plane.
        public var lumen: LumenShape?
        /// Its exact area, mm2.
        public var areaMm2: Double?
        /// How far a valve's leaflets are open, 0 to 1; left out where there are none.
        public var leafletOpening: Double?
    }

    /// The format's name and version.
    public static let schemaID = "dopplerbridge-picture-truth-1"

    /// `dopplerbridge-picture-truth-1`.
    public var schema: String
    /// The scenario's name.
    public var scenario: String
    /// The exam's site id.
    public var site: String
    /// Counted from 1 when a site is recorded again.
    public var take: Int
    /// Always true: nothing here comes from a person.
    public var isSimulated: Bool
    /// Frames a second.
    public var framesPerSecond: Double
    /// Where a septum stands, share of the lumen's first semi-axis to the right; left out where there is none.
    public var septumShare: Double?
    /// The frames, in the order of time.
    public var frames: [Frame]
}

extension SimulatedPatient {
    /// The truth of the frames of a recording at a site.
    ///
    /// - Parameters:
    ///   - id: the exam's site id, such as `ijv.left.j1.supine`.
    ///   - seconds: length of the recording, 0 or above.
    ///   - framesPerSecond: above 0.
    /// - Throws: when no exam has such a site.
    public func pictureTruth(
        atSite id: String, take: Int = 1, breathing: Breathing = .quiet, seconds: Double, framesPerSecond: Double
    ) throws(ScenarioError) -> PictureTruth {
        let phantom = try picture(atSite: id, take: take, breathing: breathing)
        let frames = (0..<max(0, Int(seconds * framesPerSecond))).map { index -> PictureTruth.Frame in
            let time = Double(index) / framesPerSecond
            let lumen = phantom.truth(atSeconds: time)
            let phase = scenario.physiology.heartPhase(atSeconds: time)
            return PictureTruth.Frame(
                timeSeconds: time, lumen: lumen, areaMm2: lumen?.areaMm2,
                leafletOpening: phantom.scene.leaflets?.opening(atHeartPhase: phase))
        }
        return PictureTruth(
            schema: PictureTruth.schemaID, scenario: scenario.name, site: id, take: take, isSimulated: true,
            framesPerSecond: framesPerSecond, septumShare: phantom.scene.septumShare, frames: frames)
    }
}
