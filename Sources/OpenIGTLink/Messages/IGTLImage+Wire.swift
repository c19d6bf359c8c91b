extension IGTLMessage {
    /// The protocol's number of the right-anterior-superior coordinate system, its default.
    private static let rightAnteriorSuperior: UInt8 = 1
    private static let littleEndian: UInt8 = 2

    static func append(_ image: IGTLImage, to writer: inout ByteWriter) throws(IGTLError) {
        let sizes = 1...MessageLayout.most16
        guard sizes.contains(image.columns), sizes.contains(image.rows) else {
            throw .badShape(
                what: "an IMAGE", reason: "\(image.columns) columns and \(image.rows) rows; 1 to 65535 of each fit")
        }
        guard image.pixels.count == image.columns * image.rows else {
            throw .badShape(
                what: "an IMAGE",
                reason: "\(image.pixels.count) values do not fill \(image.rows) rows of \(image.columns)")
        }
        let spacings = [image.columnSpacing, image.rowSpacing]
        guard spacings.allSatisfy({ $0.isFinite && $0 > 0 }), image.firstColumn.isFinite, image.firstRow.isFinite else {
            throw .badShape(what: "an IMAGE", reason: "its spacings must be finite and above 0, its begin finite")
        }
        writer.append(UInt16(1))
        writer.append(UInt8(1))
        switch image.pixels {
        case .uint8: writer.append(ScalarType.uint8)
        case .float32: writer.append(ScalarType.float32)
        }
        writer.append(littleEndian)
        writer.append(rightAnteriorSuperior)
        for size in [image.columns, image.rows, 1] { writer.append(UInt16(size)) }
        // Columns of the matrix: one step along each axis, then where the middle of the whole picture lies.
        let middle = [
            image.firstColumn + image.columnSpacing * Float(image.columns - 1) / 2,
            image.firstRow + image.rowSpacing * Float(image.rows - 1) / 2, 0,
        ]
        let steps = [image.columnSpacing, 0, 0, 0, image.rowSpacing, 0, 0, 0, 1]
        writer.append(steps + middle)
        for size in [0, 0, 0, image.columns, image.rows, 1] { writer.append(UInt16(size)) }
        switch image.pixels {
        case .uint8(let values): writer.append(values)
        case .float32(let values): writer.append(pixels: values)
        }
    }

    /// Reads an IMAGE; `nil` for one that the protocol has and this module does not: other values, more than two
    /// dimensions, turned or cut out.
    static func image(_ reader: inout ByteReader) throws(IGTLError) -> IGTLImage? {
        let version = try reader.integer(UInt16.self, "the version")
        let components = try reader.integer(UInt8.self, "the count of components")
        let kind = try reader.integer(UInt8.self, "the kind of values")
        let order = try reader.integer(UInt8.self, "the byte order")
        _ = try reader.integer(UInt8.self, "the coordinate system")
        var sizes: [Int] = []
        for _ in 0..<3 { sizes.append(Int(try reader.integer(UInt16.self, "the size"))) }
        var matrix: [Float] = []
        for _ in 0..<12 { matrix.append(try reader.float("the matrix")) }
        var part: [Int] = []
        for _ in 0..<6 { part.append(Int(try reader.integer(UInt16.self, "the part"))) }
        let turned = [1, 2, 3, 5, 6, 7].contains { matrix[$0] != 0 }
        guard version == 1, components == 1, !turned, sizes[2] == 1, part == [0, 0, 0] + sizes, sizes[0] > 0,
            sizes[1] > 0, order == 1 || order == littleEndian, matrix.allSatisfy(\.isFinite), matrix[0] > 0,
            matrix[4] > 0
        else { return nil }
        let count = sizes[0] * sizes[1]
        guard let pixels = try pixels(&reader, kind, count, isLittleEndian: order == littleEndian) else { return nil }
        try reader.finish()
        return IGTLImage(
            columns: sizes[0], rows: sizes[1], pixels: pixels, columnSpacing: matrix[0], rowSpacing: matrix[4],
            firstColumn: matrix[9] - matrix[0] * Float(sizes[0] - 1) / 2,
            firstRow: matrix[10] - matrix[4] * Float(sizes[1] - 1) / 2)
    }

    private static func pixels(
        _ reader: inout ByteReader, _ kind: UInt8, _ count: Int, isLittleEndian: Bool
    ) throws(IGTLError) -> IGTLImage.Pixels? {
        switch kind {
        case ScalarType.uint8: .uint8(Array(try reader.take(count, "the values")))
        case ScalarType.float32:
            .float32(try floats(try reader.take(4 * count, "the values"), isLittleEndian: isLittleEndian))
        default: nil
        }
    }

    private static func floats(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) throws(IGTLError) -> [Float] {
        var reader = ByteReader(bytes, type: "IMAGE")
        var values: [Float] = []
        values.reserveCapacity(bytes.count / 4)
        for _ in 0..<bytes.count / 4 {
            let bits = try reader.integer(UInt32.self, "a value")
            values.append(Float(bitPattern: isLittleEndian ? bits.byteSwapped : bits))
        }
        return values
    }
}
