/// One message of the live picture or sound, as it goes to every screen: little-endian, its kind in the first byte.
public struct LivePiece: Sendable, Hashable {
    /// What a piece holds.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Spectral columns of the gate that is looked at.
        case columns = 1
        /// Mean velocity and power of all gates at one moment.
        case profile = 2
        /// One B-mode picture.
        case picture = 3
        /// Stereo sound.
        case sound = 4
        /// ECG and breathing.
        case physiology = 5
    }

    /// The message, its kind in the first byte.
    public var bytes: [UInt8]

    /// A piece from its bytes.
    public init(bytes: [UInt8]) { self.bytes = bytes }
}
