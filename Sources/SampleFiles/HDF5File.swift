internal import Acquisition
internal import CHDF5
internal import ProbeLink

/// An HDF5 file of named data sets, with everything refused that leads out of it: links, external and virtual storage,
/// filters that would be loaded.
final class HDF5File: ArrayFile {
    let name: String
    fileprivate let file: HDF5Handle
    /// The most bytes of a chunk, which the library holds in memory (project choice; h5py takes a megabyte at most).
    private static let mostBytesOfChunk = 64 << 20
    private static let mostAxes: Int32 = 8
    private static let filters = [H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32].map { Int32($0) }

    /// Opens a file.
    init(path: String) throws(SourceError) {
        name = Self.name(of: path)
        try Self.check(path, name: name)
        dopplerbridge_hdf5_quiet()
        do throws(HDF5Refusal) {
            guard dopplerbridge_hdf5_without_plugins() >= 0 else {
                throw HDF5Refusal(what: "the library does not promise to load no filters")
            }
            file = try HDF5Handle(
                H5Fopen(path, dopplerbridge_hdf5_read_only(), dopplerbridge_hdf5_default()), closedBy: H5Fclose,
                "is no HDF5 file, is damaged, or may not be read")
        } catch {
            throw .data(file: name, problem: "\(error.what): save it again, or check the permissions")
        }
    }

    func form(of array: String) throws(SourceError) -> ArrayForm? {
        try DataSet(array, of: self)?.form
    }

    func cursor(of array: String, _ form: ArrayForm) throws(SourceError) -> any SampleArrayCursor {
        guard let set = try DataSet(array, of: self), set.form == form else {
            throw refusal(array, "became another one while it was read: take the file again")
        }
        return try HDF5Cursor(set, of: self, array: array)
    }

    func text(of array: String, _ form: ArrayForm, mostBytes: Int) throws(SourceError) -> String {
        guard case .text(let count) = form.kind, form.shape.isEmpty || form.shape == [1] else {
            throw refusal(array, "is \(form.words): a single text stands there")
        }
        guard count <= mostBytes else {
            throw refusal(array, "is longer than \(mostBytes) bytes: this is no such text")
        }
        guard let set = try DataSet(array, of: self) else { throw refusal(array, "is not there any more") }
        let bytes: [UInt8]
        do throws(HDF5Refusal) {
            bytes = try count > 0 ? set.fixedText(count) : set.freeText(mostBytes: mostBytes)
        } catch {
            throw refusal(array, error.what)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw refusal(array, "is no text of UTF-8") }
        return text
    }

    func digest(of array: String) throws(SourceError) -> String? {
        guard let set = try DataSet(array, of: self) else { return nil }
        do throws(HDF5Refusal) { return try set.textAttribute(SampleArrayName.digest) } catch {
            throw refusal(array, error.what)
        }
    }

    /// An open data set of a kind that is read.
    struct DataSet: ~Copyable {
        let set: HDF5Handle
        let form: ArrayForm

        /// - Returns: `nil` where there is none of this name.
        init?(_ array: String, of owner: HDF5File) throws(SourceError) {
            do throws(HDF5Refusal) {
                switch dopplerbridge_hdf5_link(owner.file.id, array) {
                case 0: return nil
                case 1: break
                default: throw HDF5Refusal(what: "is a soft or external link, or damaged: links are not followed")
                }
                let set = try HDF5Handle(
                    H5Dopen2(owner.file.id, array, dopplerbridge_hdf5_default()), closedBy: H5Dclose,
                    "is no data set, or is damaged, or in a newer form than this library reads (h5py: libver='v110')")
                let shape = try Self.shape(of: set)
                let kind = try Self.kind(of: set)
                try Self.checkStorage(of: set, shape: shape)
                form = ArrayForm(kind: kind, shape: shape)
                self.set = set
            } catch {
                throw owner.refusal(array, error.what)
            }
        }

        private static func shape(of set: borrowing HDF5Handle) throws(HDF5Refusal) -> [Int] {
            let space = try HDF5Handle(H5Dget_space(set.id), closedBy: H5Sclose, "has no shape")
            let kind = H5Sget_simple_extent_type(space.id)
            if kind == H5S_SCALAR { return [] }
            guard kind == H5S_SIMPLE else { throw HDF5Refusal(what: "has no shape: it is empty") }
            let axes = H5Sget_simple_extent_ndims(space.id)
            guard (1...mostAxes).contains(axes) else { throw HDF5Refusal(what: "has \(axes) axes: 1 to 8 are read") }
            var lengths = [hsize_t](repeating: 0, count: Int(axes))
            guard H5Sget_simple_extent_dims(space.id, &lengths, nil) == axes else {
                throw HDF5Refusal(what: "has no shape")
            }
            var shape: [Int] = []
            for length in lengths {
                guard let length = Int(exactly: length) else { throw HDF5Refusal(what: "has an impossible shape") }
                shape.append(length)
            }
            guard ArrayForm(kind: .bool, shape: shape).byteCount != nil else {
                throw HDF5Refusal(what: "has an impossible shape")
            }
            return shape
        }

        private static func kind(of set: borrowing HDF5Handle) throws(HDF5Refusal) -> ArrayForm.Kind {
            let type = try HDF5Handle(H5Dget_type(set.id), closedBy: H5Tclose, "has no type")
            let kind = H5Tget_class(type.id)
            if kind == H5T_STRING {
                guard H5Tis_variable_str(type.id) == 0 else { return .text(bytes: 0) }
                return .text(bytes: max(1, H5Tget_size(type.id)))
            }
            if kind == H5T_ENUM {
                // As h5py stores numpy.bool_.
                let base = try HDF5Handle(H5Tget_super(type.id), closedBy: H5Tclose, "has no type")
                guard H5Tget_size(base.id) == 1, H5Tget_nmembers(type.id) == 2 else {
                    throw HDF5Refusal(what: "is an enumeration, which is not read")
                }
                return .bool
            }
            if kind == H5T_COMPOUND { return .complex(bytes: try complexPart(type)) }
            return try number(type)
        }

        private static func number(_ type: borrowing HDF5Handle) throws(HDF5Refusal) -> ArrayForm.Kind {
            let size = H5Tget_size(type.id)
            // Numbers that fill only some of their bits have another meaning than their size tells.
            let isPlain = H5Tget_precision(type.id) == 8 * size
            switch (H5Tget_class(type.id), size) {
            case (H5T_INTEGER, 1), (H5T_INTEGER, 2), (H5T_INTEGER, 4), (H5T_INTEGER, 8):
                guard isPlain else { break }
                return .integer(bytes: size, isSigned: H5Tget_sign(type.id) == H5T_SGN_2)
            case (H5T_FLOAT, 4), (H5T_FLOAT, 8):
                guard isPlain else { break }
                return .float(bytes: size)
            default: break
            }
            throw HDF5Refusal(
                what: "is of a type that is not read: whole numbers, float32, float64, complex and text are")
        }

        /// Bytes of each part of a compound with the members `r` and `i`.
        private static func complexPart(_ type: borrowing HDF5Handle) throws(HDF5Refusal) -> Int {
            let refusal = HDF5Refusal(what: "is a compound that is no complex number of members `r` and `i`")
            guard H5Tget_nmembers(type.id) == 2 else { throw refusal }
            let real = H5Tget_member_index(type.id, "r"), imaginary = H5Tget_member_index(type.id, "i")
            guard real >= 0, imaginary >= 0 else { throw refusal }
            var kinds: [ArrayForm.Kind] = []
            for member in [real, imaginary] {
                let part = try HDF5Handle(
                    H5Tget_member_type(type.id, UInt32(member)), closedBy: H5Tclose, "has no type")
                kinds.append(try number(part))
            }
            guard case .float(let bytes) = kinds[0], kinds[0] == kinds[1] else { throw refusal }
            return bytes
        }

        /// Refuses what does not stand in this file, or not all of it, or needs code from elsewhere.
        private static func checkStorage(of set: borrowing HDF5Handle, shape: [Int]) throws(HDF5Refusal) {
            let list = try HDF5Handle(H5Dget_create_plist(set.id), closedBy: H5Pclose, "cannot be read")
            guard H5Pget_external_count(list.id) == 0 else {
                throw HDF5Refusal(what: "stands in another file: external storage is not read")
            }
            let layout = H5Pget_layout(list.id)
            guard layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED else {
                throw HDF5Refusal(what: "is put together of other data sets: virtual ones are not read")
            }
            let filters = H5Pget_nfilters(list.id)
            guard filters >= 0 else { throw HDF5Refusal(what: "cannot be read") }
            for index in 0..<UInt32(filters) {
                let filter = dopplerbridge_hdf5_filter(list.id, index)
                guard HDF5File.filters.contains(filter) else {
                    throw HDF5Refusal(
                        what: "is stored with filter \(filter): gzip, shuffle and fletcher32 are read; save it so")
                }
            }
            if layout == H5D_CHUNKED { return try checkChunks(list, set, shape: shape) }
            var status = H5D_SPACE_STATUS_ERROR
            guard H5Dget_space_status(set.id, &status) >= 0, shape.contains(0) || status == H5D_SPACE_STATUS_ALLOCATED
            else {
                throw HDF5Refusal(what: "was never written, or not all of it")
            }
        }

        private static func checkChunks(
            _ list: borrowing HDF5Handle, _ set: borrowing HDF5Handle, shape: [Int]
        ) throws(HDF5Refusal) {
            var lengths = [hsize_t](repeating: 0, count: Int(HDF5File.mostAxes))
            let axes = H5Pget_chunk(list.id, HDF5File.mostAxes, &lengths)
            let type = try HDF5Handle(H5Dget_type(set.id), closedBy: H5Tclose, "has no type")
            let chunk = lengths.prefix(Int(max(0, min(axes, HDF5File.mostAxes)))).map { Int(clamping: $0) }
            let bytes = ArrayForm(kind: .text(bytes: H5Tget_size(type.id)), shape: chunk).byteCount
            guard chunk.count == shape.count, let bytes, (1...HDF5File.mostBytesOfChunk).contains(bytes) else {
                throw HDF5Refusal(
                    what: "has chunks of more than \(HDF5File.mostBytesOfChunk) bytes: save it with smaller ones")
            }
            // The library's own status does not know chunks that a filter made smaller.
            var written: hsize_t = 0
            let space = try HDF5Handle(H5Dget_space(set.id), closedBy: H5Sclose, "has no shape")
            let wanted = zip(shape, chunk).reduce(1) { $0 * ($1.0 / $1.1 + ($1.0 % $1.1 == 0 ? 0 : 1)) }
            guard H5Dget_num_chunks(set.id, space.id, &written) >= 0, written == wanted else {
                throw HDF5Refusal(what: "was never written, or not all of it")
            }
        }
    }
}

extension HDF5File.DataSet {
    /// A single text of a fixed length, without what fills it up.
    borrowing func fixedText(_ count: Int) throws(HDF5Refusal) -> [UInt8] {
        let type = try HDF5Handle(H5Dget_type(set.id), closedBy: H5Tclose, "has no type")
        guard H5Tget_size(type.id) == count else { throw HDF5Refusal(what: "became another one while it was read") }
        var bytes = [UInt8](repeating: 0, count: count)
        let all = dopplerbridge_hdf5_all()
        guard H5Dread(set.id, type.id, all, all, dopplerbridge_hdf5_default(), &bytes) >= 0 else {
            throw HDF5Refusal(what: "is damaged: it cannot be read")
        }
        while let last = bytes.last, last == 0 { bytes.removeLast() }
        return bytes
    }

    /// A single text of any length.
    borrowing func freeText(mostBytes: Int) throws(HDF5Refusal) -> [UInt8] {
        let type = try HDF5Handle(H5Dget_type(set.id), closedBy: H5Tclose, "has no type")
        let space = try HDF5Handle(H5Dget_space(set.id), closedBy: H5Sclose, "has no shape")
        let all = dopplerbridge_hdf5_all(), usual = dopplerbridge_hdf5_default()
        var text: UnsafeMutablePointer<CChar>?
        guard H5Dread(set.id, type.id, all, all, usual, &text) >= 0 else {
            throw HDF5Refusal(what: "is damaged: it cannot be read")
        }
        defer { H5Dvlen_reclaim(type.id, space.id, usual, &text) }
        guard let text else { return [] }
        var bytes: [UInt8] = []
        while bytes.count <= mostBytes, text[bytes.count] != 0 { bytes.append(UInt8(bitPattern: text[bytes.count])) }
        guard bytes.count <= mostBytes else { throw HDF5Refusal(what: "is longer than \(mostBytes) bytes") }
        return bytes
    }

    /// A short text that is attached to the data set; `nil` where none is.
    borrowing func textAttribute(_ name: String) throws(HDF5Refusal) -> String? {
        let mostBytes = 1024
        let exists = H5Aexists(set.id, name)
        guard exists != 0 else { return nil }
        let refusal = HDF5Refusal(what: "has an attribute `\(name)` that is no short text, or is damaged")
        guard exists > 0 else { throw refusal }
        let attribute = try HDF5Handle(
            H5Aopen(set.id, name, dopplerbridge_hdf5_default()), closedBy: H5Aclose, refusal.what)
        let type = try HDF5Handle(H5Aget_type(attribute.id), closedBy: H5Tclose, refusal.what)
        let space = try HDF5Handle(H5Aget_space(attribute.id), closedBy: H5Sclose, refusal.what)
        let size = H5Tget_size(type.id)
        guard H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) == 0, (1...mostBytes).contains(size),
            H5Sget_simple_extent_npoints(space.id) == 1
        else { throw refusal }
        var bytes = [UInt8](repeating: 0, count: size)
        guard H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw refusal }
        while bytes.last == 0 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The rows of one data set in turn.
final class HDF5Cursor: SampleArrayCursor {
    /// Keeps the file open.
    private let file: HDF5File
    private let array: String
    private let set: HDF5File.DataSet
    private let type: HDF5Handle
    private let bytesPerRow: Int
    private var row = 0

    init(_ set: consuming HDF5File.DataSet, of file: HDF5File, array: String) throws(SourceError) {
        let form = set.form
        let wanted =
            switch form.kind {
            case .bool: dopplerbridge_hdf5_integer(1, 1)
            case .integer(let bytes, let isSigned): dopplerbridge_hdf5_integer(Int32(bytes), isSigned ? 1 : 0)
            case .float(let bytes): dopplerbridge_hdf5_float(Int32(bytes))
            case .complex(let bytes): dopplerbridge_hdf5_complex(Int32(bytes))
            case .text: hid_t(-1)
            }
        do throws(HDF5Refusal) {
            type = try HDF5Handle(wanted, closedBy: H5Tclose, "is \(form.words): numbers stand there")
        } catch {
            throw file.refusal(array, error.what)
        }
        guard let bytes = form.bytesPerRow else { throw file.refusal(array, "has an impossible shape") }
        bytesPerRow = bytes
        self.set = set
        self.file = file
        self.array = array
    }

    func next(_ count: Int) throws(SourceError) -> [UInt8] {
        let shape = set.form.shape
        guard count > 0 else { return [] }
        guard bytesPerRow > 0, count % bytesPerRow == 0, count / bytesPerRow <= (shape.first ?? 1) - row else {
            throw file.refusal(array, "ends before all of it was read")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        do throws(HDF5Refusal) { try read(rows: count / bytesPerRow, into: &bytes) } catch {
            throw file.refusal(array, error.what)
        }
        row += count / bytesPerRow
        return bytes
    }

    private func read(rows: Int, into bytes: inout [UInt8]) throws(HDF5Refusal) {
        let damaged = HDF5Refusal(what: "is damaged: its numbers cannot be read; take another copy")
        let shape = set.form.shape
        let usual = dopplerbridge_hdf5_default()
        guard !shape.isEmpty else {
            let all = dopplerbridge_hdf5_all()
            guard H5Dread(set.set.id, type.id, all, all, usual, &bytes) >= 0 else { throw damaged }
            return
        }
        let space = try HDF5Handle(H5Dget_space(set.set.id), closedBy: H5Sclose, damaged.what)
        let begin = [hsize_t(row)] + shape.dropFirst().map { _ in 0 }
        let counts = [hsize_t(rows)] + shape.dropFirst().map { hsize_t($0) }
        let memory = try HDF5Handle(
            H5Screate_simple(Int32(counts.count), counts, nil), closedBy: H5Sclose, damaged.what)
        guard H5Sselect_hyperslab(space.id, H5S_SELECT_SET, begin, nil, counts, nil) >= 0,
            H5Dread(set.set.id, type.id, memory.id, space.id, usual, &bytes) >= 0
        else { throw damaged }
    }
}
