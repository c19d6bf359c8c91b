import CDICOM

/// A DICOM data set in the making, in memory.
struct DICOMObject: ~Copyable {
    private let handle: OpaquePointer
    /// What it becomes; `nil` = the sound of a recording, which is no document of an exam.
    private let kind: RecordDocumentKind?
    /// Room for a reason of DCMTK's (project choice).
    private static let reasonLength = 512

    /// An empty data set in UTF-8.
    ///
    /// - Throws: `RecordDocumentError.dictionaryMissing` where DCMTK does not find its data dictionary.
    init(_ kind: RecordDocumentKind?) throws(RecordDocumentError) {
        guard cdicom_is_dictionary_loaded() == 1 else { throw .dictionaryMissing }
        guard let handle = cdicom_object_new() else { throw Self.refusal(kind, "not enough memory") }
        self.handle = handle
        self.kind = kind
    }

    deinit { cdicom_object_free(handle) }

    /// Puts a text as it is; an empty one makes an attribute without a value.
    borrowing func put(_ tag: DICOMTag, _ text: String) throws(RecordDocumentError) {
        try check { cdicom_object_put_text(handle, tag.number, text, $0, $1) }
    }

    /// Puts a whole number.
    borrowing func put(_ tag: DICOMTag, integer: Int) throws(RecordDocumentError) {
        try check { cdicom_object_put_integer(handle, tag.number, Int64(integer), $0, $1) }
    }

    /// Puts a double.
    borrowing func put(_ tag: DICOMTag, double: Double) throws(RecordDocumentError) {
        try check { cdicom_object_put_double(handle, tag.number, double, $0, $1) }
    }

    /// Puts bytes, padded to an even number.
    borrowing func put(_ tag: DICOMTag, bytes: [UInt8]) throws(RecordDocumentError) {
        try check { why, size in
            bytes.withUnsafeBufferPointer {
                cdicom_object_put_bytes(handle, tag.number, $0.baseAddress, $0.count, why, size)
            }
        }
    }

    /// Puts a code as the only item of a sequence.
    borrowing func put(_ tag: DICOMTag, code: RecordCode) throws(RecordDocumentError) {
        try begin(tag)
        try put(.codeValue, code.code)
        try put(.codingSchemeDesignator, code.system)
        try put(.codeMeaning, code.meaning)
        try end()
    }

    /// Puts several whole numbers.
    borrowing func put(_ tag: DICOMTag, integers: [Int]) throws(RecordDocumentError) {
        try put(tag, integers.map(String.init).joined(separator: "\\"))
    }

    /// Puts words of 16 bits.
    borrowing func put(_ tag: DICOMTag, words: [UInt16]) throws(RecordDocumentError) {
        try check { why, size in
            words.withUnsafeBufferPointer {
                cdicom_object_put_words(handle, tag.number, $0.baseAddress, $0.count, why, size)
            }
        }
    }

    /// Begins one more item of a sequence; what is put from here on goes into it.
    borrowing func begin(_ sequence: DICOMTag) throws(RecordDocumentError) {
        try check { cdicom_object_begin_item(handle, sequence.number, $0, $1) }
    }

    /// Ends the item that was begun last.
    borrowing func end() throws(RecordDocumentError) { try check { cdicom_object_end_item(handle, $0, $1) } }

    /// Puts the modules of a structured report; what is put afterwards replaces what DCMTK made up.
    borrowing func put(
        report: cdicom_report, _ items: [cdicom_report_item]
    ) throws(RecordDocumentError) {
        try check { why, size in
            withUnsafePointer(to: report) { report in
                items.withUnsafeBufferPointer {
                    cdicom_object_put_report(handle, report, $0.baseAddress, $0.count, why, size)
                }
            }
        }
    }

    /// The data set as a file (PS3.10), explicit little endian.
    borrowing func bytes() throws(RecordDocumentError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        try check { cdicom_object_write(handle, &bytes, &count, $0, $1) }
        defer { cdicom_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    private borrowing func check(
        _ call: (UnsafeMutablePointer<CChar>?, Int) -> Int32
    ) throws(RecordDocumentError) {
        var why = [CChar](repeating: 0, count: Self.reasonLength)
        let status = why.withUnsafeMutableBufferPointer { call($0.baseAddress, $0.count) }
        guard status != 0 else { return }
        let reason = why.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        throw Self.refusal(kind, String(decoding: reason, as: UTF8.self))
    }

    private static func refusal(_ kind: RecordDocumentKind?, _ what: String) -> RecordDocumentError {
        kind.map { .refused(document: $0, what: what) } ?? .sound(what: what + ": please report this recording's shape")
    }
}
