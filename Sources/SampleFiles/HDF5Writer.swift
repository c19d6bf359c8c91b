internal import Acquisition
internal import CHDF5
internal import Glibc

/// Writes an HDF5 file: a data set for each array, with what it means as an attribute, and the document as text.
struct HDF5Writer {
    let export: SampleExport

    func write(to path: String) throws(SampleFileError) -> [String] {
        guard access(path, F_OK) != 0 else { throw .notWritable(file: path, reason: "it exists") }
        let document = try export.document.encoded(for: path)
        dopplerbridge_hdf5_quiet()
        do throws(HDF5Refusal) { try write(document, to: path) } catch {
            unlink(path)
            throw .notWritable(file: path, reason: "HDF5: \(error.what)")
        }
        return [path]
    }

    private func write(_ document: [UInt8], to path: String) throws(HDF5Refusal) {
        let access = try HDF5Handle(dopplerbridge_hdf5_access(), closedBy: H5Pclose, "no access list")
        let file = try HDF5Handle(
            H5Fcreate(path, dopplerbridge_hdf5_exclusive(), dopplerbridge_hdf5_default(), access.id),
            closedBy: H5Fclose, "the file cannot be made")
        try attach("nature", Array(export.document.nature.utf8), to: file.id)
        try attach("software", Array(export.software.utf8), to: file.id)
        for array in export.arrays { try write(array, into: file.id) }
        let type = try text(count: document.count)
        let space = try HDF5Handle(dopplerbridge_hdf5_scalar(), closedBy: H5Sclose, "no space for text")
        let set = try HDF5Handle(
            H5Dcreate2(
                file.id, SampleArrayName.metadata, type.id, space.id, dopplerbridge_hdf5_default(),
                dopplerbridge_hdf5_default(),
                dopplerbridge_hdf5_default()), closedBy: H5Dclose, "the metadata cannot be made")
        try attachDigest(of: document, to: set.id)
        guard
            H5Dwrite(
                set.id, type.id, dopplerbridge_hdf5_all(), dopplerbridge_hdf5_all(), dopplerbridge_hdf5_default(),
                document)
                >= 0, H5Fflush(file.id, H5F_SCOPE_GLOBAL) >= 0
        else { throw HDF5Refusal(what: "the metadata cannot be written; is the disk full?") }
    }

    private func write(_ array: NumberArray, into file: hid_t) throws(HDF5Refusal) {
        let type: hid_t =
            switch array.kind {
            case .bool: dopplerbridge_hdf5_int8()
            case .int16: dopplerbridge_hdf5_int16()
            case .int32: dopplerbridge_hdf5_int32()
            case .int64: dopplerbridge_hdf5_int64()
            case .double: dopplerbridge_hdf5_double()
            }
        let lengths = array.shape.map { hsize_t($0) }
        let space = try HDF5Handle(
            lengths.isEmpty ? dopplerbridge_hdf5_scalar() : H5Screate_simple(Int32(lengths.count), lengths, nil),
            closedBy: H5Sclose, "no space for \(array.name)")
        let set = try HDF5Handle(
            H5Dcreate2(
                file, array.name, type, space.id, dopplerbridge_hdf5_default(), dopplerbridge_hdf5_default(),
                dopplerbridge_hdf5_default()), closedBy: H5Dclose, "\(array.name) cannot be made")
        try attach("meaning", Array(array.meaning.utf8), to: set.id)
        if array.name == SampleArrayName.samples { try attachDigest(of: array.bytes, to: set.id) }
        guard !array.bytes.isEmpty else { return }
        let written = H5Dwrite(
            set.id, type, dopplerbridge_hdf5_all(), dopplerbridge_hdf5_all(), dopplerbridge_hdf5_default(), array.bytes)
        guard written >= 0 else { throw HDF5Refusal(what: "\(array.name) cannot be written; is the disk full?") }
    }

    /// A type of text of so many bytes of UTF-8.
    private func text(count: Int) throws(HDF5Refusal) -> HDF5Handle {
        let type = try HDF5Handle(H5Tcopy(dopplerbridge_hdf5_text()), closedBy: H5Tclose, "no type of text")
        guard H5Tset_size(type.id, max(1, count)) >= 0, H5Tset_cset(type.id, H5T_CSET_UTF8) >= 0,
            H5Tset_strpad(type.id, H5T_STR_NULLPAD) >= 0
        else { throw HDF5Refusal(what: "no type of text") }
        return type
    }

    /// Attaches the SHA-512 of what a data set holds: HDF5 itself has no checksum of it.
    private func attachDigest(of bytes: [UInt8], to set: hid_t) throws(HDF5Refusal) {
        guard let digest = RecordingFingerprint.sha512(of: bytes) else { return }
        try attach(SampleArrayName.digest, Array(digest.utf8), to: set)
    }

    /// Attaches a short text.
    private func attach(_ name: String, _ bytes: [UInt8], to object: hid_t) throws(HDF5Refusal) {
        let type = try text(count: bytes.count)
        let space = try HDF5Handle(dopplerbridge_hdf5_scalar(), closedBy: H5Sclose, "no space for text")
        let attribute = try HDF5Handle(
            H5Acreate2(object, name, type.id, space.id, dopplerbridge_hdf5_default(), dopplerbridge_hdf5_default()),
            closedBy: H5Aclose, "the attribute \(name) cannot be made")
        guard H5Awrite(attribute.id, type.id, bytes) >= 0 else {
            throw HDF5Refusal(what: "the attribute \(name) cannot be written")
        }
    }
}
