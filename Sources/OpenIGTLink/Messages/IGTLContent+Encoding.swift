extension IGTLMessage {
    /// The content's bytes, the same in both header versions.
    func encodedContent() throws(IGTLError) -> [UInt8] {
        var writer = ByteWriter()
        switch content {
        case .image(let image): try Self.append(image, to: &writer)
        case .string(let text): try Self.append(text, to: &writer)
        case .status(let status): try Self.append(status, to: &writer)
        case .sensor(let sensor): try Self.append(sensor, to: &writer)
        case .array(let array): try Self.append(array, to: &writer)
        case .command(let text), .commandReply(let text): try Self.append(text, to: &writer)
        case .capability(let types):
            for type in types { try writer.append(type, field: "type", bytes: MessageLayout.typeBytes) }
        case .get: break
        case .other(let type, _):
            throw .cannotEncode(type: type, reason: "its content was not kept when it was read")
        }
        return writer.bytes
    }

    private static func append(_ text: String, to writer: inout ByteWriter) throws(IGTLError) {
        let bytes = Array(text.utf8)
        try check(bytes.count, "bytes of a STRING", MessageLayout.most16)
        writer.append(TextEncoding.number(for: bytes))
        writer.append(UInt16(bytes.count))
        writer.append(bytes)
    }

    private static func append(_ status: IGTLStatus, to writer: inout ByteWriter) throws(IGTLError) {
        guard !status.words.utf8.contains(0) else {
            throw .badShape(what: "the words of a STATUS", reason: "a zero stands in them, and a zero ends them")
        }
        writer.append(status.code.rawValue)
        writer.append(status.subcode)
        try writer.append(status.name, field: "name of a STATUS", bytes: MessageLayout.statusNameBytes)
        writer.append(Array(status.words.utf8))
        writer.append(UInt8(0))
    }

    private static func append(_ sensor: IGTLSensor, to writer: inout ByteWriter) throws(IGTLError) {
        try check(sensor.values.count, "values of a SENSOR", MessageLayout.most8)
        writer.append(UInt8(sensor.values.count))
        // The sensor's status is reserved.
        writer.append(UInt8(0))
        writer.append(sensor.unit.rawValue)
        for value in sensor.values { writer.append(value) }
    }

    private static func append(_ text: IGTLCommandText, to writer: inout ByteWriter) throws(IGTLError) {
        let name = Array(text.name.utf8)
        // The last byte stays zero: libopenigtlink reads the field as a C string.
        try check(name.count, "bytes of a command's name", MessageLayout.commandNameBytes - 1)
        guard !name.contains(0) else {
            throw .badShape(what: "a command's name", reason: "a zero stands in it, and a zero ends it")
        }
        let bytes = Array(text.text.utf8)
        guard let count = UInt32(exactly: bytes.count) else {
            throw .tooLarge(what: "bytes of a command", count: bytes.count, limit: Int(UInt32.max))
        }
        writer.append(text.id)
        writer.append(name)
        writer.append(zeros: MessageLayout.commandNameBytes - name.count)
        writer.append(TextEncoding.number(for: bytes))
        writer.append(count)
        writer.append(bytes)
    }

    private static func append(_ array: IGTLArray, to writer: inout ByteWriter) throws(IGTLError) {
        try check(array.shape.count, "dimensions of an NDARRAY", MessageLayout.most8)
        guard !array.shape.isEmpty else { throw .badShape(what: "an NDARRAY", reason: "it has no dimension") }
        for size in array.shape where !(1...MessageLayout.most16).contains(size) {
            throw .badShape(what: "an NDARRAY", reason: "a dimension has the size \(size); 1 to 65535 fit")
        }
        guard product(array.shape) == array.values.count else {
            throw .badShape(
                what: "an NDARRAY", reason: "\(array.values.count) values do not fill the shape \(array.shape)")
        }
        let kind =
            switch array.values {
            case .int16: ScalarType.int16
            case .int32: ScalarType.int32
            case .float32: ScalarType.float32
            }
        writer.append(kind)
        writer.append(UInt8(array.shape.count))
        for size in array.shape { writer.append(UInt16(size)) }
        switch array.values {
        case .int16(let values): writer.append(values)
        case .int32(let values): writer.append(values)
        case .float32(let values): writer.append(values)
        }
    }

    /// How many values a shape has; `nil` beyond what an `Int` holds.
    static func product(_ shape: [Int]) -> Int? {
        var product = 1
        for size in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            product = next
        }
        return product
    }
}
