/// What one interval of an isochronous IN endpoint brought.
public enum IsochronousInterval: Sendable, Hashable {
    /// A packet that came intact; may be empty.
    case packet([UInt8])
    /// A packet that did not come, or came damaged: the host controller gives a status instead of data.
    case missed
    /// The next interval lies ahead, or the endpoint is not there in the selected setting.
    case nothingYet
}
