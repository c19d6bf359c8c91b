/// Takes bytes as they come from a connection and gives whole messages.
///
/// After an error it gives that error again and takes no more: there is no way back to a message's begin.
public struct IGTLMessageReader: Sendable {
    private let mostBodyBytes: Int
    private var bytes: [UInt8] = []
    /// Where the next message begins in `bytes`.
    private var begin = 0
    private var failure: IGTLError?

    /// A reader that refuses bodies beyond a limit.
    public init(mostBodyBytes: Int) { self.mostBodyBytes = mostBodyBytes }

    /// Whether a message was begun and is not whole.
    public var isInsideMessage: Bool { begin < bytes.count }

    /// Adds bytes.
    public mutating func append(_ more: ArraySlice<UInt8>) {
        guard failure == nil else { return }
        bytes.removeSubrange(..<begin)
        begin = 0
        bytes.append(contentsOf: more)
    }

    /// Adds bytes.
    public mutating func append(_ more: [UInt8]) { append(more[...]) }

    /// The next whole message with its header's version; `nil` until more bytes came.
    public mutating func next() throws(IGTLError) -> (message: IGTLMessage, version: IGTLHeaderVersion)? {
        if let failure { throw failure }
        do throws(IGTLError) {
            return try read()
        } catch {
            failure = error
            bytes = []
            begin = 0
            throw error
        }
    }

    private mutating func read() throws(IGTLError) -> (message: IGTLMessage, version: IGTLHeaderVersion)? {
        guard let version = try version() else { return nil }
        let bodyBegin = begin + MessageLayout.headerBytes
        guard bytes.count >= bodyBegin else { return nil }
        var reader = ByteReader(bytes[begin + 2..<bodyBegin], type: "header")
        let type = try reader.paddedText(MessageLayout.typeBytes, "the type")
        let deviceName = try reader.paddedText(MessageLayout.deviceNameBytes, "the device name")
        let time = IGTLTime(rawValue: try reader.integer(UInt64.self, "the time"))
        let size = try reader.integer(UInt64.self, "the body's size")
        let stated = try reader.integer(UInt64.self, "the checksum")
        guard let bodyBytes = Int(exactly: size), bodyBytes <= mostBodyBytes else {
            throw .bodyTooLarge(bytes: size, limitBytes: mostBodyBytes)
        }
        guard bytes.count - bodyBegin >= bodyBytes else { return nil }
        let body = bytes[bodyBegin..<bodyBegin + bodyBytes]
        let computed = CRC64.checksum(body)
        guard stated == computed else { throw .wrongChecksum(stated: stated, computed: computed) }
        var message = IGTLMessage(deviceName, at: time, .other(type: type, bytes: bodyBytes))
        switch version {
        case .one: message.content = try IGTLMessage.content(ofType: type, body)
        case .two: try message.readExtended(body, type: type)
        }
        begin = body.endIndex
        return (message, version)
    }

    /// The version is looked at as soon as it is there: what is no OpenIGTLink shows at once.
    private func version() throws(IGTLError) -> IGTLHeaderVersion? {
        guard bytes.count - begin >= 2 else { return nil }
        let number = UInt16(bytes[begin]) << 8 | UInt16(bytes[begin + 1])
        guard let version = IGTLHeaderVersion(rawValue: number) else { throw .unknownVersion(number) }
        return version
    }
}

extension IGTLMessage {
    /// Reads a body of header version 2.
    fileprivate mutating func readExtended(_ body: ArraySlice<UInt8>, type: String) throws(IGTLError) {
        var reader = ByteReader(body, type: type)
        let headerBytes = Int(try reader.integer(UInt16.self, "the extended header's size"))
        let indexBytes = Int(try reader.integer(UInt16.self, "the metadata index's size"))
        let textBytes = Int(try reader.integer(UInt32.self, "the metadata's size"))
        messageID = try reader.integer(UInt32.self, "the message's id")
        let contentBytes = body.count - headerBytes - indexBytes - textBytes
        guard headerBytes >= MessageLayout.extendedHeaderBytes, contentBytes >= 0 else {
            throw .malformed(type: type, reason: "the sizes in its extended header do not fit its body")
        }
        // A later version of the protocol may write more here.
        _ = try reader.take(headerBytes - MessageLayout.extendedHeaderBytes, "the extended header")
        content = try Self.content(ofType: type, try reader.take(contentBytes, "the content"))
        metadata = try Self.metadata(
            index: try reader.take(indexBytes, "the metadata's index"),
            texts: try reader.take(textBytes, "the metadata"),
            type: type)
    }

    private static func metadata(
        index: ArraySlice<UInt8>, texts: ArraySlice<UInt8>, type: String
    ) throws(IGTLError) -> [IGTLMetadata] {
        guard !index.isEmpty else { return [] }
        var entries = ByteReader(index, type: type)
        var texts = ByteReader(texts, type: type)
        let count = Int(try entries.integer(UInt16.self, "the count of metadata"))
        var pairs: [IGTLMetadata] = []
        for _ in 0..<count {
            let keyBytes = Int(try entries.integer(UInt16.self, "a key's size"))
            try TextEncoding.check(try entries.integer(UInt16.self, "a value's character set"), type: type)
            let valueBytes = Int(try entries.integer(UInt32.self, "a value's size"))
            let key = try texts.text(keyBytes, "a key")
            pairs.append(IGTLMetadata(key, try texts.text(valueBytes, "a value")))
        }
        try entries.finish()
        try texts.finish()
        return pairs
    }
}
