/// Why no simulated device could be made.
public enum SimulatedDeviceError: Error, Sendable, Hashable {
    /// No simulated device belongs to this profile.
    case unknownProfile(id: String, known: [String])
}

extension SimulatedDeviceError: CustomStringConvertible {
    /// What happened and what to do next.
    public var description: String {
        switch self {
        case .unknownProfile(let id, let known):
            "no simulated device for the profile \(id): give one of \(known.joined(separator: ", "))"
        }
    }
}
