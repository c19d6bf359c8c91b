import CPangoCairo

/// Takes the bytes of a document as cairo writes them.
final class PDFByteSink {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []

    /// The function that cairo calls, with the sink as its closure.
    static let write: cairo_write_func_t = { closure, bytes, length in
        guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
        Unmanaged<PDFByteSink>.fromOpaque(closure).takeUnretainedValue().append(bytes, Int(length))
        return CAIRO_STATUS_SUCCESS
    }

    private func append(_ pointer: UnsafePointer<UInt8>, _ count: Int) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: pointer, count: count))
    }
}
