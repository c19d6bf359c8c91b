internal import CHDF5

/// What the HDF5 library refused to do.
struct HDF5Refusal: Error { var what: String }

/// An open thing of the HDF5 library; it closes itself.
struct HDF5Handle: ~Copyable {
    let id: hid_t
    private let close: @convention(c) (hid_t) -> herr_t

    init(
        _ id: hid_t, closedBy close: @escaping @convention(c) (hid_t) -> herr_t, _ what: String
    ) throws(HDF5Refusal) {
        guard id >= 0 else { throw HDF5Refusal(what: what) }
        self.id = id
        self.close = close
    }

    deinit { _ = close(id) }
}
