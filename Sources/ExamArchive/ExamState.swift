/// How far an exam is.
public enum ExamState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Begun; no recording yet.
    case draft
    /// There are recordings, and no result yet.
    case acquired
    /// There is an `exam.json`.
    case analysed
    /// Signed: never changed from here on.
    case signed
    /// Signed, and a later signed version stands in its place.
    case amended

    /// Whether the exam may not be changed any more.
    public var isSigned: Bool { self == .signed || self == .amended }

    /// Whether an exam may go from this state to another one; an unsigned exam may also stay where it is.
    public func allows(_ next: ExamState) -> Bool {
        switch (self, next) {
        case (.draft, .draft), (.draft, .acquired), (.draft, .analysed), (.acquired, .acquired),
            (.acquired, .analysed), (.analysed, .analysed), (.analysed, .signed), (.signed, .amended):
            true
        default: false
        }
    }
}
