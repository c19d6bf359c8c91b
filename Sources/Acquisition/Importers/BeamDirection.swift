/// A direction of flow along the beam.
public enum BeamDirection: String, Sendable, Hashable, Codable, CaseIterable {
    /// Towards the transducer: positive Doppler shift.
    case towards
    /// Away from the transducer: negative Doppler shift.
    case away
}
