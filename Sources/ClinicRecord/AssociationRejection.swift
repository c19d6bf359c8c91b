/// Why a DICOM system let nobody in (PS3.8 table 9-21).
public struct AssociationRejection: Sendable, Hashable {
    /// Whether another attempt may succeed without anybody changing anything.
    public var isTransient: Bool
    /// The cause.
    public var cause: Cause

    /// The causes that a clinic meets.
    public enum Cause: Sendable, Hashable {
        /// It does not know our AE title.
        case callingTitleUnknown
        /// It has another AE title.
        case calledTitleUnknown
        /// It has no room at the moment.
        case busy
        /// Anything else, by its numbers.
        case other(source: Int, reason: Int)
    }

    /// A rejection from its fields.
    public init(isTransient: Bool, cause: Cause) {
        self.isTransient = isTransient
        self.cause = cause
    }

    private static let transientResult = 2
    private static let user = 1
    private static let presentation = 3
    private static let callingTitleReason = 3
    private static let calledTitleReason = 7
    /// Temporary congestion and local limit exceeded.
    private static let busyReasons = 1...2

    /// A rejection from the numbers of its PDU.
    ///
    /// DCMTK keeps the source in the higher byte of the reason, too.
    init(result: Int, source: Int, reason: Int) {
        isTransient = result == Self.transientResult
        switch (source, reason) {
        case (Self.user, Self.callingTitleReason): cause = .callingTitleUnknown
        case (Self.user, Self.calledTitleReason): cause = .calledTitleUnknown
        case (Self.presentation, Self.busyReasons): cause = .busy
        default: cause = .other(source: source, reason: reason)
        }
    }
}
