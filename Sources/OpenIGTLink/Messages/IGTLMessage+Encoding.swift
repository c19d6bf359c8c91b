extension IGTLMessage {
    /// The message's bytes.
    ///
    /// - Throws: when a part does not fit the wire.
    public func encoded(_ version: IGTLHeaderVersion = .one) throws(IGTLError) -> [UInt8] {
        let content = try encodedContent()
        return try framed(content[...], version, metadata: metadata)
    }

    /// The header, the content and what belongs around it.
    ///
    /// - Parameter metadata: in place of the message's own.
    func framed(
        _ content: ArraySlice<UInt8>, _ version: IGTLHeaderVersion, metadata: [IGTLMetadata]
    ) throws(IGTLError) -> [UInt8] {
        var body = ByteWriter()
        switch version {
        case .one: body.append(content)
        case .two: try appendExtended(content, metadata, to: &body)
        }
        var whole = ByteWriter()
        whole.append(version.rawValue)
        try whole.append(self.content.typeName, field: "type", bytes: MessageLayout.typeBytes)
        try whole.append(deviceName, field: "device name", bytes: MessageLayout.deviceNameBytes)
        whole.append(time.rawValue)
        whole.append(UInt64(body.bytes.count))
        whole.append(CRC64.checksum(body.bytes[...]))
        whole.append(body.bytes)
        return whole.bytes
    }

    private func appendExtended(
        _ content: ArraySlice<UInt8>, _ metadata: [IGTLMetadata], to body: inout ByteWriter
    ) throws(IGTLError) {
        var index = ByteWriter()
        var texts: [UInt8] = []
        try Self.check(metadata.count, "pairs of metadata", MessageLayout.most8)
        index.append(UInt16(metadata.count))
        for pair in metadata {
            let key = Array(pair.key.utf8)
            let value = Array(pair.value.utf8)
            try Self.check(key.count, "bytes of a metadata key", MessageLayout.most16)
            try Self.check(value.count, "bytes of a metadata value", MessageLayout.most16)
            index.append(UInt16(key.count))
            index.append(TextEncoding.number(for: value))
            index.append(UInt32(value.count))
            texts += key
            texts += value
        }
        body.append(UInt16(MessageLayout.extendedHeaderBytes))
        body.append(UInt16(index.bytes.count))
        body.append(UInt32(texts.count))
        body.append(messageID)
        body.append(content)
        body.append(index.bytes)
        body.append(texts)
    }

    static func check(_ count: Int, _ what: String, _ limit: Int) throws(IGTLError) {
        guard count <= limit else { throw .tooLarge(what: what, count: count, limit: limit) }
    }
}
