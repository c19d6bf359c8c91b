internal import CHDF5
internal import Glibc

/// Writes an HDF5 file: a data set for each array, with what it means as an attribute, and the document as text.
struct HDF5Writer {
    let export: SampleExport

    /// What the library refused to do.
    private struct Refusal: Error { var what: String }

    /// An open thing of the library; it closes itself.
    private struct Handle: ~Copyable {
        let id: hid_t
        private let close: @convention(c) (hid_t) -> herr_t

        init(
            _ id: hid_t, closedBy close: @escaping @convention(c) (hid_t) -> herr_t, _ what: String
        ) throws(Refusal) {
            guard id >= 0 else { throw Refusal(what: what) }
            self.id = id
            self.close = close
        }

        deinit { _ = close(id) }
    }

    func write(to path: String) throws(SampleFileError) -> [String] {
        guard access(path, F_OK) != 0 else { throw .notWritable(file: path, reason: "it exists") }
        let document = try export.document.encoded(for: path)
        dopplerbridge_hdf5_quiet()
        do throws(Refusal) { try write(document, to: path) } catch {
            unlink(path)
            throw .notWritable(file: path, reason: "HDF5: \(error.what)")
        }
        return [path]
    }

    private func write(_ document: [UInt8], to path: String) throws(Refusal) {
        let access = try Handle(dopplerbridge_hdf5_access(), closedBy: H5Pclose, "no access list")
        let file = try Handle(
            H5Fcreate(path, dopplerbridge_hdf5_exclusive(), dopplerbridge_hdf5_default(), access.id),
            closedBy: H5Fclose, "the file cannot be made")
        try attach("nature", Array(export.document.nature.utf8), to: file.id)
        try attach("software", Array(export.software.utf8), to: file.id)
        for array in export.arrays { try write(array, into: file.id) }
        let type = try text(count: document.count)
        let space = try Handle(dopplerbridge_hdf5_scalar(), closedBy: H5Sclose, "no space for text")
        let set = try Handle(
            H5Dcreate2(
                file.id, "metadata", type.id, space.id, dopplerbridge_hdf5_default(), dopplerbridge_hdf5_default(),
                dopplerbridge_hdf5_default()), closedBy: H5Dclose, "the metadata cannot be made")
        guard
            H5Dwrite(
                set.id, type.id, dopplerbridge_hdf5_all(), dopplerbridge_hdf5_all(), dopplerbridge_hdf5_default(),
                document)
                >= 0, H5Fflush(file.id, H5F_SCOPE_GLOBAL) >= 0
        else { throw Refusal(what: "the metadata cannot be written; is the disk full?") }
    }

    private func write(_ array: NumberArray, into file: hid_t) throws(Refusal) {
        let type: hid_t =
            switch array.kind {
            case .bool: dopplerbridge_hdf5_int8()
            case .int16: dopplerbridge_hdf5_int16()
            case .int32: dopplerbridge_hdf5_int32()
            case .int64: dopplerbridge_hdf5_int64()
            case .double: dopplerbridge_hdf5_double()
            }
        let lengths = array.shape.map { hsize_t($0) }
        let space = try Handle(
            lengths.isEmpty ? dopplerbridge_hdf5_scalar() : H5Screate_simple(Int32(lengths.count), lengths, nil),
            closedBy: H5Sclose, "no space for \(array.name)")
        let set = try Handle(
            H5Dcreate2(
                file, array.name, type, space.id, dopplerbridge_hdf5_default(), dopplerbridge_hdf5_default(),
                dopplerbridge_hdf5_default()), closedBy: H5Dclose, "\(array.name) cannot be made")
        try attach("meaning", Array(array.meaning.utf8), to: set.id)
        guard !array.bytes.isEmpty else { return }
        let written = H5Dwrite(
            set.id, type, dopplerbridge_hdf5_all(), dopplerbridge_hdf5_all(), dopplerbridge_hdf5_default(), array.bytes)
        guard written >= 0 else { throw Refusal(what: "\(array.name) cannot be written; is the disk full?") }
    }

    /// A type of text of so many bytes of UTF-8.
    private func text(count: Int) throws(Refusal) -> Handle {
        let type = try Handle(H5Tcopy(dopplerbridge_hdf5_text()), closedBy: H5Tclose, "no type of text")
        guard H5Tset_size(type.id, max(1, count)) >= 0, H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0,
            H5Tset_strpad(type.id, H5T_STR_NULLPAD) >= 0
        else { throw Refusal(what: "no type of text") }
        return type
    }

    /// Attaches a short text.
    private func attach(_ name: String, _ bytes: [UInt8], to object: hid_t) throws(Refusal) {
        let type = try text(count: bytes.count)
        let space = try Handle(dopplerbridge_hdf5_scalar(), closedBy: H5Sclose, "no space for text")
        let attribute = try Handle(
            H5Acreate2(object, name, type.id, space.id, dopplerbridge_hdf5_default(), dopplerbridge_hdf5_default()),
            closedBy: H5Aclose, "the attribute \(name) cannot be made")
        guard H5Awrite(attribute.id, type.id, bytes) >= 0 else {
            throw Refusal(what: "the attribute \(name) cannot be written")
        }
    }
}
