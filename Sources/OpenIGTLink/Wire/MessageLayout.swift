/// Sizes of the wire, bytes, from the protocol's pages.
enum MessageLayout {
    /// `header.md`: version, type, device name, time, body size, checksum.
    static let headerBytes = 58
    static let typeBytes = 12
    static let deviceNameBytes = 20
    /// `v3_proposal.md`: its own size, the metadata's two sizes, the message's id.
    static let extendedHeaderBytes = 12
    /// Key size, encoding, value size.
    static let metadataEntryBytes = 8
    /// `image.md`.
    static let imageHeaderBytes = 72
    /// `status.md`: the name of the error.
    static let statusNameBytes = 20
    /// `command.md`, `igtl_command.h`.
    static let commandNameBytes = 128
    /// The longest size of a dimension and of a STRING: they stand in 16 bits.
    static let most16 = 65_535
    /// The most dimensions of an NDARRAY and values of a SENSOR: they stand in 8 bits.
    static let most8 = 255

    static let getPrefix = "GET_"
}

/// The protocol's numbers for kinds of values, of IMAGE and NDARRAY.
enum ScalarType {
    static let uint8: UInt8 = 3
    static let int16: UInt8 = 4
    static let int32: UInt8 = 6
    static let float32: UInt8 = 10
}
