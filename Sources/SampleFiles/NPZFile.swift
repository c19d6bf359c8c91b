internal import Acquisition
internal import CZip
internal import Glibc
internal import ProbeLink

/// An archive of arrays as `numpy.savez` and `numpy.savez_compressed` write it: stored or deflated, not encrypted.
final class NPZFile: ArrayFile {
    let name: String
    private let archive: OpaquePointer
    private let indices: [String: UInt64]
    /// The most members (project choice: nine courses of 512 gates and more).
    private static let mostMembers = 1 << 16
    private static let ending = ".npy"

    /// Opens a file.
    init(path: String) throws(SourceError) {
        let name = Self.name(of: path)
        try Self.check(path, name: name)
        var code: Int32 = 0
        guard let archive = zip_open(path, Int32(ZIP_RDONLY | ZIP_CHECKCONS), &code) else {
            let reason = Self.reason(code)
            guard code != Int32(ZIP_ER_OPEN), code != Int32(ZIP_ER_READ), code != Int32(ZIP_ER_MEMORY) else {
                throw .storage(file: name, problem: "cannot be read (\(reason)): check the name and the permissions")
            }
            throw .data(file: name, problem: "is no archive of NumPy, or is damaged (\(reason)): save it again")
        }
        self.name = name
        self.archive = archive
        do throws(SourceError) { indices = try Self.indices(of: archive, file: name) } catch {
            zip_discard(archive)
            throw error
        }
    }

    /// Opens bytes, which are copied.
    init(bytes: [UInt8], name: String) throws(SourceError) {
        guard !bytes.isEmpty else { throw .data(file: name, problem: "is empty: save it again") }
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        // The library frees the copy with the source.
        let copy = malloc(bytes.count)
        bytes.withUnsafeBytes { place in
            if let start = place.baseAddress { copy?.copyMemory(from: start, byteCount: place.count) }
        }
        guard let copy, let source = zip_source_buffer_create(copy, UInt64(bytes.count), 1, &error) else {
            free(copy)
            throw .data(file: name, problem: "cannot be read: \(String(cString: zip_error_strerror(&error)))")
        }
        guard let archive = zip_open_from_source(source, Int32(ZIP_RDONLY | ZIP_CHECKCONS), &error) else {
            zip_source_free(source)
            throw .data(
                file: name,
                problem: "is no archive of NumPy, or is damaged (\(String(cString: zip_error_strerror(&error)))): "
                    + "save it again")
        }
        self.name = name
        self.archive = archive
        do throws(SourceError) { indices = try Self.indices(of: archive, file: name) } catch {
            zip_discard(archive)
            throw error
        }
    }

    deinit { zip_discard(archive) }

    /// The members by the names of their arrays.
    private static func indices(of archive: OpaquePointer, file: String) throws(SourceError) -> [String: UInt64] {
        let count = zip_get_num_entries(archive, 0)
        guard (0...Int64(mostMembers)).contains(count) else {
            throw .data(file: file, problem: "has \(count) members, more than \(mostMembers): this is no such file")
        }
        var indices: [String: UInt64] = [:]
        for index in 0..<UInt64(count) {
            guard let text = zip_get_name(archive, index, UInt32(ZIP_FL_ENC_RAW)),
                let member = String(validatingCString: text)
            else { throw .data(file: file, problem: "has a member whose name is no text: save it again") }
            let array = member.hasSuffix(ending) ? String(member.dropLast(ending.count)) : member
            guard indices.updateValue(index, forKey: array) == nil else {
                throw .data(file: file, problem: "has two members `\(array)`: save it again")
            }
        }
        return indices
    }

    func form(of array: String) throws(SourceError) -> ArrayForm? {
        guard let index = indices[array] else { return nil }
        return try member(array, index).header.form
    }

    func cursor(of array: String, _ form: ArrayForm) throws(SourceError) -> any SampleArrayCursor {
        guard let index = indices[array] else { throw refusal(array, "is not there any more: take the file again") }
        let member = try member(array, index)
        guard member.header.form == form else { throw refusal(array, "became another one while it was read") }
        return member
    }

    func text(of array: String, _ form: ArrayForm, mostBytes: Int) throws(SourceError) -> String {
        guard case .text = form.kind, form.shape.isEmpty || form.shape == [1] else {
            throw refusal(array, "is \(form.words): a single text stands there")
        }
        let bytes = try bytes(of: array, form, mostBytes: mostBytes)
        var text = String.UnicodeScalarView()
        for begin in stride(from: 0, to: bytes.count, by: 4) {
            let value = UInt32(ArrayNumbers.bits(bytes[begin..<begin + 4]))
            guard let scalar = Unicode.Scalar(value) else { throw refusal(array, "holds what is no character") }
            text.append(scalar)
        }
        // NumPy fills up with 0.
        while text.last == "\0" { text.removeLast() }
        return String(text)
    }

    /// Every member has a checksum of its own.
    func digest(of array: String) throws(SourceError) -> String? { nil }

    private func member(_ array: String, _ index: UInt64) throws(SourceError) -> NPZMember {
        var facts = zip_stat_t()
        let needed = UInt64(ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD)
        guard zip_stat_index(archive, index, 0, &facts) == 0, facts.valid & needed == needed,
            let byteCount = Int(exactly: facts.size)
        else { throw refusal(array, "cannot be read: \(String(cString: zip_error_strerror(zip_get_error(archive))))") }
        guard facts.encryption_method == UInt16(ZIP_EM_NONE) else {
            throw refusal(array, "is encrypted: save it without a password")
        }
        guard [Int32(ZIP_CM_STORE), Int32(ZIP_CM_DEFLATE)].contains(Int32(facts.comp_method)) else {
            throw refusal(
                array,
                "is compressed by method \(facts.comp_method): stored and deflated ones are read, as "
                    + "numpy.savez and numpy.savez_compressed write them")
        }
        guard let handle = zip_fopen_index(archive, index, 0) else {
            throw refusal(array, "cannot be read: \(String(cString: zip_error_strerror(zip_get_error(archive))))")
        }
        return try NPZMember(handle, byteCount: byteCount, of: self, array: array)
    }

    private static func reason(_ code: Int32) -> String {
        var error = zip_error_t()
        zip_error_init_with_code(&error, code)
        defer { zip_error_fini(&error) }
        return String(cString: zip_error_strerror(&error))
    }
}

/// One member of an archive, behind its head.
final class NPZMember: SampleArrayCursor {
    let header: NPYHeader
    private let handle: OpaquePointer
    /// Keeps the archive open.
    private let file: NPZFile
    private let array: String
    private var bytesLeft: Int

    /// Reads the head of a member that was opened, and owns it from here on.
    init(_ handle: OpaquePointer, byteCount: Int, of file: NPZFile, array: String) throws(SourceError) {
        do throws(SourceError) {
            var bytes = try Self.bytes(12, of: handle, file, array)
            do throws(NPYProblem) {
                let head = try NPYHeader.byteCount(bytes)
                if head > bytes.count { bytes += try Self.more(head - bytes.count, of: handle) }
                header = try NPYHeader(bytes)
            } catch {
                throw file.refusal(array, error.what)
            }
            guard let own = header.form.byteCount, own == byteCount - header.byteCount else {
                throw file.refusal(
                    array,
                    "has \(byteCount - header.byteCount) bytes, which are not those of \(header.form.words): it was "
                        + "cut off or put together wrongly")
            }
            bytesLeft = own
        } catch {
            zip_fclose(handle)
            throw error
        }
        self.handle = handle
        self.file = file
        self.array = array
    }

    deinit { zip_fclose(handle) }

    func next(_ count: Int) throws(SourceError) -> [UInt8] {
        guard count >= 0, count <= bytesLeft else { throw file.refusal(array, "ends before all of it was read") }
        let bytes = try Self.bytes(count, of: handle, file, array)
        bytesLeft -= count
        // The checksum is compared where the member ends.
        if bytesLeft == 0, try !Self.bytes(1, of: handle, file, array, mayEnd: true).isEmpty {
            throw file.refusal(array, "goes on behind its end: it was put together wrongly")
        }
        return header.isBigEndian ? ArrayNumbers.turned(bytes, width: width) : bytes
    }

    /// Bytes of what is turned at once.
    private var width: Int {
        switch header.form.kind {
        case .bool: 1
        case .integer(let bytes, _), .float(let bytes), .complex(let bytes): bytes
        case .text: 4
        }
    }

    private static func more(_ count: Int, of handle: OpaquePointer) throws(NPYProblem) -> [UInt8] {
        guard let bytes = read(count, of: handle), bytes.count == count else {
            throw NPYProblem("ends within its head")
        }
        return bytes
    }

    private static func bytes(
        _ count: Int, of handle: OpaquePointer, _ file: NPZFile, _ array: String, mayEnd: Bool = false
    ) throws(SourceError) -> [UInt8] {
        guard let bytes = read(count, of: handle) else {
            let reason = String(cString: zip_error_strerror(zip_file_get_error(handle)))
            throw file.refusal(array, "is damaged (\(reason)): take another copy")
        }
        guard mayEnd || bytes.count == count else { throw file.refusal(array, "ends before all of it was read") }
        return bytes
    }

    /// So many bytes, fewer only at the end; `nil` when they cannot be read.
    private static func read(_ count: Int, of handle: OpaquePointer) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { place in
                zip_fread(handle, place.baseAddress.map { $0 + filled }, UInt64(count - filled))
            }
            guard got >= 0 else { return nil }
            if got == 0 { break }
            filled += Int(got)
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
