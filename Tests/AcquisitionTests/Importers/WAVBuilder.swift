/// Builds WAV files by hand.
struct WAVBuilder {
    var tag: UInt16 = 1
    var channels: UInt16 = 2
    var rateHz: UInt32 = 5000
    var bits: UInt16 = 16
    var align: UInt16?
    var extensible = false
    var subformat: [UInt8] = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    var samples: [UInt8] = []
    var declaredBytes: UInt32?
    var before: [(String, [UInt8])] = []
    var after: [(String, [UInt8])] = []
    var dataFirst = false

    /// Pulses of 16 bits from pairs.
    static func pairs(_ pairs: [(Int16, Int16)]) -> [UInt8] {
        pairs.flatMap { ImportFiles.littleEndian($0.0) + ImportFiles.littleEndian($0.1) }
    }

    private func chunk(_ name: String, _ body: [UInt8], size: UInt32? = nil) -> [UInt8] {
        Array(name.utf8) + ImportFiles.littleEndian(size ?? UInt32(body.count)) + body
            + (body.count % 2 == 1 ? [0] : [])
    }

    var bytes: [UInt8] {
        let align = align ?? UInt16(Int(channels) * Int(bits) / 8)
        var format = ImportFiles.littleEndian(extensible ? 0xFFFE : tag) + ImportFiles.littleEndian(channels)
        format += ImportFiles.littleEndian(rateHz) + ImportFiles.littleEndian(rateHz &* UInt32(align))
        format += ImportFiles.littleEndian(align) + ImportFiles.littleEndian(bits)
        if extensible {
            format += ImportFiles.littleEndian(UInt16(22)) + ImportFiles.littleEndian(bits)
            format += ImportFiles.littleEndian(UInt32(3)) + subformat
        }
        let formatChunk = chunk("fmt ", format)
        let dataChunk = chunk("data", samples, size: declaredBytes)
        let body =
            before.flatMap { chunk($0.0, $0.1) } + (dataFirst ? dataChunk + formatChunk : formatChunk + dataChunk)
            + after.flatMap { chunk($0.0, $0.1) }
        return Array("RIFF".utf8) + ImportFiles.littleEndian(UInt32(body.count + 4)) + Array("WAVE".utf8) + body
    }
}
