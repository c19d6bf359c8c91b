/// What a stream has counted.
public struct StreamCounters: Sendable, Hashable, Codable {
    /// Runs begun.
    public var runs = 0
    /// Pulses handed to the outlets.
    public var pulses: UInt64 = 0
    /// Columns handed to the outlets.
    public var columns: UInt64 = 0
    /// Markers handed to the outlets.
    public var markers: UInt64 = 0
    /// Pulses that the probe lost.
    public var lostInProbe: UInt64 = 0
    /// Pulses lost on the way from the probe.
    public var lostOnLink: UInt64 = 0
    /// Pulses that this stream alone missed, because it was slower than the probe; the acquisition lost none of them.
    public var missedHere: UInt64 = 0
    /// Frames that could not be used.
    public var unusableFrames: UInt64 = 0
    /// Markers of the operator that found no room.
    public var droppedMarkers: UInt64 = 0
    /// End of the newest frame that was handed on: its last pulse's index in this run and one.
    public var newestPulse: UInt64 = 0
    /// The probe's clock against the host's as it is followed, millionths; `nil` = the nominal rate holds.
    public var driftPpm: Double?

    /// Nothing counted.
    public init() {}
}
