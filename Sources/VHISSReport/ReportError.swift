/// Why a report could not be made.
public enum ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The time of creation is no ISO 8601 time with offset; carries what was given, shortened.
    case creationTimeUnreadable(String)
    /// The drawing library refused; carries its status in words.
    case drawingFailed(String)
    /// The archival pass refused; carries what it was doing and the library's words.
    case archivalPassFailed(step: String, reason: String)

    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .creationTimeUnreadable(let text):
            "The report's creation time '\(text)' is not ISO 8601 with seconds and offset. "
                + "Give it as 2026-01-31T10:15:00+01:00 or 2026-01-31T09:15:00Z."
        case .drawingFailed(let status):
            "The report's pages could not be drawn (cairo: \(status)). "
                + "Check free memory and that the package fonts-dejavu-core is installed."
        case .archivalPassFailed(let step, let reason):
            "The report could not be made PDF/A while \(step) (qpdf: \(reason)). "
                + "Check that libqpdf 11 or later and libcairo 1.16 or later are installed."
        }
    }
}
