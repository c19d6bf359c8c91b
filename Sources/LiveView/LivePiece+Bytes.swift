internal import ProbeLink

/// Puts the bytes of a piece together, little-endian, fields one behind the other without padding.
struct PieceBytes {
    private(set) var bytes: [UInt8] = []

    /// A piece of a kind, with room for so many bytes.
    init(_ kind: LivePiece.Kind, capacity: Int) {
        bytes.reserveCapacity(capacity)
        bytes.append(kind.rawValue)
        bytes.append(LivePiece.version)
    }

    mutating func append(_ value: UInt8) { bytes.append(value) }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: Float) { append(value.bitPattern) }

    mutating func append(_ value: Double) { append(value.bitPattern) }

    mutating func append(contentsOf more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// Writes a number over one that was written before.
    mutating func set(_ value: UInt16, at offset: Int) {
        bytes[offset] = UInt8(truncatingIfNeeded: value)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value >> 8)
    }
}

extension LivePiece {
    /// The layout of every kind.
    static let version: UInt8 = 1

    /// One B-mode picture.
    init(_ picture: BModePicture) {
        let bytesOfStretch = 4
        var piece = PieceBytes(
            .picture, capacity: 24 + picture.samples.count + bytesOfStretch * picture.missingLines.count)
        piece.append(UInt16(clamping: picture.lines))
        piece.append(UInt16(clamping: picture.samplesPerLine))
        piece.append(UInt16(clamping: picture.missingLines.count))
        piece.append(picture.pulseIndex)
        piece.append(Float(picture.depthMm))
        piece.append(Float(picture.linePitchMm))
        piece.append(contentsOf: picture.samples)
        for stretch in picture.missingLines {
            piece.append(UInt16(clamping: stretch.lowerBound))
            piece.append(UInt16(clamping: stretch.count))
        }
        self.init(bytes: piece.bytes)
    }

    /// ECG and breathing as a probe sent them; `nil` for a frame that does not hold them as it says.
    init?(physiology frame: FrameHeader, _ payload: RawSpan) {
        let headBytes = 8
        let channels = 2
        guard frame.format == .odpPhysiology, Int(frame.items) == channels,
            payload.byteCount == headBytes + 2 * channels * Int(frame.records)
        else { return nil }
        let rateMilliHz = UInt32(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self))
        guard rateMilliHz > 0 else { return nil }
        var piece = PieceBytes(.physiology, capacity: 16 + payload.byteCount)
        piece.append(frame.records)
        piece.append(rateMilliHz)
        piece.append(frame.pulseIndex)
        payload.extracting(droppingFirst: headBytes).withUnsafeBytes { piece.append(contentsOf: $0) }
        self.init(bytes: piece.bytes)
    }
}
