/// What an IN endpoint gives when the host asks it once.
public enum StreamRead: Sendable, Hashable {
    /// USB packets, joined.
    ///
    /// With `endsTransfer` the last of them was short or of zero length, which completes the host's transfer.
    case bytes([UInt8], endsTransfer: Bool)
    /// The endpoint has no packet ready (NAK); ask again after the device's clock has moved.
    case nothingYet
    /// The endpoint is halted until CLEAR_FEATURE.
    case stalled
}
