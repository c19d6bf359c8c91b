/// Why an exam cannot become a document: what, where and what to do next; never the subject's data.
public enum RecordDocumentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A line of the code table breaks its rules.
    case codeTable(line: Int, what: String)
    /// An identifier is none.
    case identifier(field: String, what: String)
    /// A text holds what the document cannot carry.
    case text(field: String, what: String)
    /// A text is longer than its place; characters are Unicode scalars.
    case tooLong(field: String, characters: Int, atMost: Int)
    /// A time is not ISO 8601 with offset, or a date is none.
    case time(field: String)
    /// A figure is no finite number.
    case number(field: String)
    /// The report that was given is no PDF.
    case notAPDF
    /// A spectrogram cannot be drawn.
    case spectrogram(recordingID: String, what: String)
    /// More pictures than there are identifiers for.
    case tooManyPictures(count: Int, atMost: Int)
    /// The sound of a recording fits no DICOM object; what to do next is part of it.
    case sound(what: String)
    /// DCMTK's data dictionary was not found.
    case dictionaryMissing
    /// DCMTK refuses; the reason holds no value of the object.
    case refused(document: RecordDocumentKind, what: String)

    /// What, where and what to do next, in one line.
    public var description: String {
        switch self {
        case .codeTable(let line, let what): "codes.csv, line \(line): \(what): correct the table"
        case .identifier(let field, let what):
            "identifier \(field): \(what): give the ones that were stored with the exam"
        case .text(let field, let what): "\(field): \(what): correct the text"
        case .tooLong(let field, let characters, let atMost):
            "\(field): \(characters) characters, at most \(atMost) have room: shorten the text"
        case .time(let field): "\(field): not a time: write ISO 8601 with offset, 2026-01-31T10:15:00+01:00"
        case .number(let field): "\(field): not a finite number: correct the exam"
        case .notAPDF: "the report is no PDF: give the bytes that the report was written as"
        case .spectrogram(let recordingID, let what):
            "spectrogram of \(recordingID): \(what): analyse the recording again"
        case .tooManyPictures(let count, let atMost): "\(count) pictures, at most \(atMost) can be sent: give fewer"
        case .sound(let what): "sound: \(what)"
        case .dictionaryMissing: "the DICOM data dictionary is missing: install the Debian package libdcmtk17"
        case .refused(let document, let what): "\(document.rawValue): \(what): please report this exam's shape"
        }
    }
}
