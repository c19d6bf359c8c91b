/// An area with what is known of its error.
public struct AreaMeasurement: Sendable, Hashable, Codable {
    /// How it was measured.
    public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        /// From two diameters that the operator set.
        case ellipse
        /// Within an outline that the operator traced.
        case traced
        /// Within a contour that was found from a seed point.
        case automatic
    }

    /// How it was measured.
    public var method: Method
    /// Area, mm2.
    public var areaMm2: Double
    /// Standard uncertainty of the area, mm2: of the reading alone, not of what the operator takes for the wall.
    public var uncertaintyMm2: Double

    /// A measurement from its parts.
    public init(method: Method, areaMm2: Double, uncertaintyMm2: Double) {
        self.method = method
        self.areaMm2 = areaMm2
        self.uncertaintyMm2 = uncertaintyMm2
    }
}
