/// A body with a Doppler signal and a B-mode picture.
public struct ImagedSource: SignalSource {
    private var doppler: any SignalSource
    private var picture: NeckPhantom
    private var samples = 0

    /// A body from its signal and its picture.
    public init(doppler: any SignalSource, picture: NeckPhantom) {
        self.doppler = doppler
        self.picture = picture
    }

    /// The lumen at a time: the truth.
    public func truth(atSeconds seconds: Double) -> LumenShape? { picture.truth(atSeconds: seconds) }

    /// Begins both at pulse 0.
    public mutating func begin(_ settings: DeviceSettings) {
        doppler.begin(settings)
        picture.begin(PictureGrid(settings))
        samples = Int(settings.bModeLines) * Int(settings.bModeSamplesPerLine)
    }

    /// Appends the signal's samples.
    public mutating func appendIQ(firstPulse: UInt64, count: Int, transmitting: Bool, to samples: inout [Int16]) {
        doppler.appendIQ(firstPulse: firstPulse, count: count, transmitting: transmitting, to: &samples)
    }

    /// The signal's ECG and respiration.
    public mutating func physiology(atSeconds seconds: Double) -> (ecgMicroV: Int16, respiration: Int16) {
        doppler.physiology(atSeconds: seconds)
    }

    /// The picture; black while nothing is transmitted.
    public mutating func bModeFrame(_ index: UInt32, atSeconds seconds: Double, transmitting: Bool) -> [UInt8]? {
        guard samples > 0, transmitting else { return nil }
        return picture.frame(index, atSeconds: seconds)
    }
}
