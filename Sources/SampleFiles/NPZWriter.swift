internal import CZip

/// Writes an archive of arrays that `numpy.load` reads: stored, not compressed.
struct NPZWriter {
    let export: SampleExport
    /// The first moment that a ZIP archive can tell, 1 January 1980: the same recording gives the same bytes.
    private static let date: UInt16 = 0x21

    /// One file of the archive.
    private struct Entry {
        var name: String
        var bytes: [UInt8]
    }

    func write(to path: String) throws(SampleFileError) -> [String] {
        var entries = export.arrays.map { Entry(name: $0.name, bytes: Self.npy($0)) }
        let text = String(decoding: try export.document.encoded(for: path), as: UTF8.self)
        entries.append(Entry(name: SampleArrayName.metadata, bytes: Self.npy(text: text)))
        var code: Int32 = 0
        guard let archive = zip_open(path, dopplerbridge_zip_exclusive(), &code) else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw .notWritable(file: path, reason: String(cString: zip_error_strerror(&error)))
        }
        // The archive reads the bytes when it is closed: they must stand still until then.
        if let reason = Self.add(entries[...], to: archive) { throw .notWritable(file: path, reason: reason) }
        return [path]
    }

    /// Adds what is left, one after the other, and closes the archive while all of it is lent.
    ///
    /// - Returns: why it could not be written; `nil` when it was.
    private static func add(_ entries: ArraySlice<Entry>, to archive: OpaquePointer) -> String? {
        guard let entry = entries.first else {
            if zip_close(archive) == 0 { return nil }
            return discarding(archive)
        }
        return entry.bytes.withUnsafeBytes { bytes in
            guard let source = zip_source_buffer(archive, bytes.baseAddress, UInt64(bytes.count), 0) else {
                return discarding(archive)
            }
            let index = zip_file_add(archive, entry.name + ".npy", source, UInt32(ZIP_FL_ENC_UTF_8))
            guard index >= 0 else {
                zip_source_free(source)
                return discarding(archive)
            }
            guard zip_set_file_compression(archive, UInt64(index), Int32(ZIP_CM_STORE), 0) == 0,
                zip_file_set_dostime(archive, UInt64(index), 0, date, 0) == 0
            else { return discarding(archive) }
            return add(entries.dropFirst(), to: archive)
        }
    }

    /// Gives up an archive.
    ///
    /// - Returns: why.
    private static func discarding(_ archive: OpaquePointer) -> String {
        let reason = String(cString: zip_error_strerror(zip_get_error(archive)))
        zip_discard(archive)
        return reason
    }

    /// An array in NumPy's own format, version 1.0 (NumPy Enhancement Proposal 1).
    static func npy(_ array: NumberArray) -> [UInt8] {
        let shape = array.shape.map { "\($0), " }.joined()
        return head(type: array.kind.rawValue, shape: "(\(shape))") + array.bytes
    }

    /// A text as NumPy has it: characters of 32 bits.
    static func npy(text: String) -> [UInt8] {
        let characters = Array(text.unicodeScalars)
        var bytes = head(type: "<U\(max(1, characters.count))", shape: "()")
        if characters.isEmpty { bytes.append(littleEndian: UInt32(0)) }
        for character in characters { bytes.append(littleEndian: character.value) }
        return bytes
    }

    private static func head(type: String, shape: String) -> [UInt8] {
        let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        let dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
        // The head with its length and the line feed fills up a multiple of 64.
        let blanks = (64 - (magic.count + 2 + dictionary.utf8.count + 1) % 64) % 64
        let text = dictionary + String(repeating: " ", count: blanks) + "\n"
        var bytes = magic
        bytes.append(littleEndian: UInt16(text.utf8.count))
        return bytes + Array(text.utf8)
    }
}
