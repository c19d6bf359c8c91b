/// One file of the page, held in memory: the server opens no file.
public struct WebAsset: Sendable, Hashable {
    /// The media type, such as `text/javascript; charset=utf-8`.
    public let contentType: String
    /// What is sent.
    public let bytes: [UInt8]
    /// The entity tag in its quotes: it changes with the bytes.
    let tag: String

    /// An asset from its parts.
    public init(contentType: String, bytes: [UInt8]) {
        self.contentType = contentType
        self.bytes = bytes
        // FNV-1a, 64 bits (draft-eastlake-fnv): no secret depends on it, it only tells one version from the next.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        tag = "\"\(String(hash, radix: 16))-\(bytes.count)\""
    }
}
