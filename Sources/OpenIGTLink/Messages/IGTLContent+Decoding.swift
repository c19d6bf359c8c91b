extension IGTLMessage {
    /// Reads a content.
    ///
    /// - Returns: `.other` for a type that is not read here.
    /// - Throws: `.malformed`.
    static func content(ofType type: String, _ bytes: ArraySlice<UInt8>) throws(IGTLError) -> IGTLContent {
        var reader = ByteReader(bytes, type: type)
        let other = IGTLContent.other(type: type, bytes: bytes.count)
        switch type {
        case "IMAGE": return try image(&reader).map { .image($0) } ?? other
        case "STRING": return .string(try string(&reader))
        case "STATUS": return .status(try status(&reader))
        case "SENSOR": return .sensor(try sensor(&reader))
        case "NDARRAY": return try array(&reader).map { .array($0) } ?? other
        case "COMMAND": return .command(try command(&reader))
        case "RTS_COMMAND": return .commandReply(try command(&reader))
        case "CAPABILITY":
            var types: [String] = []
            while reader.left > 0 { types.append(try reader.paddedText(MessageLayout.typeBytes, "a type")) }
            return .capability(types)
        case _ where type.hasPrefix(MessageLayout.getPrefix) && type.count > MessageLayout.getPrefix.count:
            // Some askers put a list of coordinate systems into the body; what is asked for stands in the type.
            return .get(String(type.dropFirst(MessageLayout.getPrefix.count)))
        default: return other
        }
    }

    private static func string(_ reader: inout ByteReader) throws(IGTLError) -> String {
        try TextEncoding.check(try reader.integer(UInt16.self, "the character set"), type: reader.type)
        let count = Int(try reader.integer(UInt16.self, "the length"))
        let text = try reader.text(count, "the text")
        try reader.finish()
        return text
    }

    private static func status(_ reader: inout ByteReader) throws(IGTLError) -> IGTLStatus {
        let code = IGTLStatus.Code(rawValue: try reader.integer(UInt16.self, "the code"))
        let subcode = try reader.integer(Int64.self, "the subcode")
        let name = try reader.paddedText(MessageLayout.statusNameBytes, "the name")
        // A zero ends the words; libopenigtlink sends it, others leave it out.
        let words = try reader.take(reader.left, "the words").prefix { $0 != 0 }
        guard let text = String(validating: words, as: UTF8.self) else {
            throw .malformed(type: reader.type, reason: "the words are not UTF-8")
        }
        return IGTLStatus(code, subcode: subcode, name: name, text)
    }

    private static func sensor(_ reader: inout ByteReader) throws(IGTLError) -> IGTLSensor {
        let count = Int(try reader.integer(UInt8.self, "the count"))
        _ = try reader.integer(UInt8.self, "the reserved status")
        let unit = IGTLUnit(rawValue: try reader.integer(UInt64.self, "the unit"))
        var values: [Double] = []
        for _ in 0..<count { values.append(try reader.double("a value")) }
        try reader.finish()
        return IGTLSensor(values, unit: unit)
    }

    private static func command(_ reader: inout ByteReader) throws(IGTLError) -> IGTLCommandText {
        let id = try reader.integer(UInt32.self, "the id")
        let nameField = try reader.take(MessageLayout.commandNameBytes, "the name").prefix { $0 != 0 }
        guard let name = String(validating: nameField, as: UTF8.self) else {
            throw .malformed(type: reader.type, reason: "the name is not UTF-8")
        }
        try TextEncoding.check(try reader.integer(UInt16.self, "the character set"), type: reader.type)
        let count = Int(try reader.integer(UInt32.self, "the length"))
        let text = try reader.text(count, "the text")
        try reader.finish()
        return IGTLCommandText(id: id, name: name, text: text)
    }

    /// Reads an NDARRAY; `nil` for one with numbers that this module does not read.
    private static func array(_ reader: inout ByteReader) throws(IGTLError) -> IGTLArray? {
        let kind = try reader.integer(UInt8.self, "the kind of values")
        let dimensions = Int(try reader.integer(UInt8.self, "the count of dimensions"))
        var shape: [Int] = []
        for _ in 0..<dimensions { shape.append(Int(try reader.integer(UInt16.self, "a size"))) }
        let bytesOfValue = kind == ScalarType.int16 ? 2 : 4
        guard kind == ScalarType.int16 || kind == ScalarType.int32 || kind == ScalarType.float32 else { return nil }
        // Compared before anything is read: a shape may claim more than memory holds.
        guard !shape.isEmpty, !shape.contains(0), let count = product(shape), reader.left % bytesOfValue == 0,
            count == reader.left / bytesOfValue
        else {
            throw .malformed(
                type: reader.type, reason: "the shape \(shape) does not fit \(reader.left) bytes of values")
        }
        return IGTLArray(shape: shape, try values(&reader, kind, count))
    }

    private static func values(
        _ reader: inout ByteReader, _ kind: UInt8, _ count: Int
    ) throws(IGTLError) -> IGTLArray.Values {
        switch kind {
        case ScalarType.int16:
            var values: [Int16] = []
            for _ in 0..<count { values.append(try reader.integer(Int16.self, "a value")) }
            return .int16(values)
        case ScalarType.int32:
            var values: [Int32] = []
            for _ in 0..<count { values.append(try reader.integer(Int32.self, "a value")) }
            return .int32(values)
        default:
            var values: [Float] = []
            for _ in 0..<count { values.append(try reader.float("a value")) }
            return .float32(values)
        }
    }
}
