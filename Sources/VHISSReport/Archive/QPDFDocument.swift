import CQPDF

/// A PDF in memory that qpdf reads, changes and writes.
final class QPDFDocument {
    private var handle: qpdf_data?
    private let input: UnsafeMutableBufferPointer<CChar>

    /// The handle, for the archival pass.
    private var data: qpdf_data {
        get throws(ReportError) {
            guard let handle else { throw .archivalPassFailed(step: "opening the library", reason: "no memory") }
            return handle
        }
    }

    /// Reads a document from its bytes.
    init(_ bytes: [UInt8]) throws(ReportError) {
        // qpdf reads from this buffer for as long as the document lives.
        input = .allocate(capacity: max(bytes.count, 1))
        for (index, byte) in bytes.enumerated() { input[index] = CChar(bitPattern: byte) }
        handle = qpdf_init()
        let data = try data
        qpdf_set_suppress_warnings(data, QPDF_TRUE)
        qpdf_silence_errors(data)
        _ = qpdf_read_memory(data, "report", input.baseAddress, UInt64(bytes.count), nil)
        try check("reading the drawn pages")
    }

    deinit {
        qpdf_cleanup(&handle)
        input.deallocate()
    }

    /// Throws if the library has met an error or a warning since the last check.
    func check(_ step: String) throws(ReportError) {
        let data = try data
        if qpdf_has_error(data) != 0 {
            throw .archivalPassFailed(step: step, reason: words(qpdf_get_error(data)))
        }
        if qpdf_more_warnings(data) != 0 {
            throw .archivalPassFailed(step: step, reason: words(qpdf_next_warning(data)))
        }
    }

    private func words(_ error: qpdf_error?) -> String {
        guard let handle, let error, let text = qpdf_get_error_full_text(handle, error) else { return "no words" }
        return PrintableText.clean(String(cString: text))
    }

    // MARK: Objects

    /// The document catalogue.
    func root() throws(ReportError) -> PDFObject { PDFObject(qpdf_get_root(try data)) }

    /// The trailer.
    func trailer() throws(ReportError) -> PDFObject { PDFObject(qpdf_get_trailer(try data)) }

    /// The pages in their order.
    func pages() throws(ReportError) -> [PDFObject] {
        let data = try data
        return (0..<max(qpdf_get_num_pages(data), 0)).map { PDFObject(qpdf_get_page_n(data, Int($0))) }
    }

    /// An object from its PDF syntax, which the caller wrote itself.
    func parse(_ syntax: String) throws(ReportError) -> PDFObject { PDFObject(qpdf_oh_parse(try data, syntax)) }

    /// A text string.
    func text(_ text: String) throws(ReportError) -> PDFObject {
        PDFObject(qpdf_oh_new_unicode_string(try data, text))
    }

    /// An array of objects.
    func array(_ items: [PDFObject]) throws(ReportError) -> PDFObject {
        let data = try data
        let array = qpdf_oh_new_array(data)
        for item in items { qpdf_oh_append_item(data, array, item.handle) }
        return PDFObject(array)
    }

    /// An object that others refer to.
    func indirect(_ object: PDFObject) throws(ReportError) -> PDFObject {
        PDFObject(qpdf_make_indirect_object(try data, object.handle))
    }

    /// A stream of bytes with entries in its dictionary.
    func stream(_ bytes: [UInt8], _ entries: [(key: String, syntax: String)] = []) throws(ReportError) -> PDFObject {
        let data = try data
        let stream = qpdf_oh_new_stream(data)
        let null = qpdf_oh_new_null(data)
        bytes.withUnsafeBufferPointer { buffer in
            qpdf_oh_replace_stream_data(data, stream, buffer.baseAddress, buffer.count, null, null)
        }
        let dictionary = PDFObject(qpdf_oh_get_dict(data, stream))
        for entry in entries { try set(entry.key, try parse(entry.syntax), in: dictionary) }
        return PDFObject(stream)
    }

    /// Sets an entry of a dictionary.
    func set(_ key: String, _ value: PDFObject, in dictionary: PDFObject) throws(ReportError) {
        qpdf_oh_replace_key(try data, dictionary.handle, key, value.handle)
    }

    /// Removes an entry of a dictionary.
    func remove(_ key: String, from dictionary: PDFObject) throws(ReportError) {
        qpdf_oh_remove_key(try data, dictionary.handle, key)
    }

    /// An entry of a dictionary; `nil` when it has none or is none.
    func entry(_ key: String, of object: PDFObject) throws(ReportError) -> PDFObject? {
        let data = try data
        guard qpdf_oh_is_dictionary(data, object.handle) != 0, qpdf_oh_has_key(data, object.handle, key) != 0
        else { return nil }
        return PDFObject(qpdf_oh_get_key(data, object.handle, key))
    }

    /// The items of an array; the object itself when it is none.
    func items(of object: PDFObject) throws(ReportError) -> [PDFObject] {
        let data = try data
        guard qpdf_oh_is_array(data, object.handle) != 0 else { return [object] }
        return (0..<max(qpdf_oh_get_array_n_items(data, object.handle), 0)).map {
            PDFObject(qpdf_oh_get_array_item(data, object.handle, $0))
        }
    }

    /// The values of a dictionary; none when it is none.
    func values(of object: PDFObject) throws(ReportError) -> [PDFObject] {
        let data = try data
        guard qpdf_oh_is_dictionary(data, object.handle) != 0 else { return [] }
        var keys: [String] = []
        qpdf_oh_begin_dict_key_iter(data, object.handle)
        while qpdf_oh_dict_more_keys(data) != 0 {
            if let key = qpdf_oh_dict_next_key(data) { keys.append(String(cString: key)) }
        }
        return keys.map { PDFObject(qpdf_oh_get_key(data, object.handle, $0)) }
    }

    /// Whether an entry of a dictionary is a certain name: `/Figure`.
    func isName(_ name: String, at key: String, of object: PDFObject) throws(ReportError) -> Bool {
        guard let value = try entry(key, of: object) else { return false }
        return qpdf_oh_is_name_and_equals(try data, value.handle, name) != 0
    }

    // MARK: Writing

    /// The document's bytes, the same for the same document.
    func bytes() throws(ReportError) -> [UInt8] {
        let data = try data
        _ = qpdf_init_write_memory(data)
        try check("preparing to write")
        qpdf_set_deterministic_ID(data, QPDF_TRUE)
        qpdf_set_object_stream_mode(data, qpdf_o_disable)
        qpdf_set_compress_streams(data, QPDF_TRUE)
        qpdf_set_newline_before_endstream(data, QPDF_TRUE)
        qpdf_force_pdf_version(data, "1.4")
        _ = qpdf_write(data)
        try check("writing")
        let count = Int(qpdf_get_buffer_length(data))
        guard let buffer = qpdf_get_buffer(data), count > 0 else {
            throw .archivalPassFailed(step: "writing", reason: "nothing was written")
        }
        return Array(UnsafeBufferPointer(start: buffer, count: count))
    }
}

/// A handle to an object of a document; the document frees it.
struct PDFObject {
    /// The library's handle.
    let handle: qpdf_oh

    /// An object from its handle.
    init(_ handle: qpdf_oh) { self.handle = handle }
}
