internal import Foundation
internal import Glibc

/// A capture that was read back: every record of link type 220, and how far the file is whole.
///
/// The bytes may come from anywhere: lengths that contradict each other are refused with their offset, a file that was
/// cut off is read up to its last whole block, and everything kept is bounded by the file's own length.
public struct PcapngReader: Sendable {
    /// The file's name without its folder.
    public let fileName: String
    /// The description of the interface, with control characters replaced; `nil` where there is none.
    public private(set) var deviceLabel: String?
    /// The records in the order of the file.
    public private(set) var records: [CapturedRecord] = []
    /// Records that the capture says it had to drop.
    public private(set) var droppedRecords: UInt64 = 0
    /// Packets of other link types, which are left out.
    public private(set) var otherPackets: UInt64 = 0
    /// Bytes at the end of the file that are not in a whole block.
    public private(set) var unreadableBytes = 0

    let bytes: [UInt8]
    private var isBigEndian = false
    private var interfaces: [Interface] = []
    private var notedDrops: UInt64 = 0

    /// One interface of a section.
    private struct Interface {
        var linkType: UInt16
        var resolution = PcapngFormat.usualResolution
    }

    /// The longest file that is read, bytes (project choice, as for recordings).
    private static let maximumBytes = 4 << 30
    /// The longest label that is kept, characters (project choice).
    private static let longestLabel = 200

    /// Reads a file.
    ///
    /// - Throws: `.notReadable`, `.notACapture` without an interface of link type 220, or `.damaged`.
    public init(path: String) throws(CaptureError) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw .notReadable(file: name, reason: String(cString: strerror(errno)))
        }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notReadable(file: name, reason: "it is not a file") }
        guard facts.st_size <= Self.maximumBytes else {
            throw .notReadable(file: name, reason: "it is longer than 4 GiB")
        }
        let contents: [UInt8]
        do {
            contents = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .notReadable(file: name, reason: error.localizedDescription)
        }
        try self.init(bytes: contents, fileName: name)
    }

    /// Reads the bytes of a file.
    ///
    /// - Throws: `.notACapture` without an interface of link type 220, or `.damaged`.
    public init(bytes: [UInt8], fileName: String) throws(CaptureError) {
        self.bytes = bytes
        self.fileName = fileName
        guard bytes.count >= PcapngFormat.blockFrameBytes, number32(0) == PcapngFormat.Block.sectionHeader else {
            throw .notACapture(file: fileName, reason: "it does not begin with a pcapng section")
        }
        var offset = 0
        while let length = try blockLength(at: offset) {
            try readBlock(offset..<offset + length)
            offset += length
        }
        unreadableBytes = bytes.count - offset
        droppedRecords = max(droppedRecords, notedDrops)
        if records.isEmpty, !interfaces.contains(where: { $0.linkType == PcapngFormat.usbLinuxMmapped }) {
            throw .notACapture(file: fileName, reason: "it has no interface of link type 220")
        }
    }

    /// Whether the file ends with a whole block and nothing was dropped.
    public var isWhole: Bool { unreadableBytes == 0 && droppedRecords == 0 }

    /// The data of a record of this capture.
    public func data(of record: CapturedRecord) -> ArraySlice<UInt8> { bytes[record.data] }

    // MARK: - Blocks

    /// The length of the block at an offset; `nil` where no whole one follows.
    private mutating func blockLength(at offset: Int) throws(CaptureError) -> Int? {
        guard bytes.count - offset >= PcapngFormat.blockFrameBytes else { return nil }
        if number32(offset) == PcapngFormat.Block.sectionHeader {
            guard bytes.count - offset >= PcapngFormat.blockFrameBytes + 4 else { return nil }
            isBigEndian = false
            isBigEndian = number32(offset + 8) != PcapngFormat.byteOrderMagic
            guard number32(offset + 8) == PcapngFormat.byteOrderMagic else {
                throw damaged(offset, "the section's byte order is none that there is")
            }
        }
        let length = Int(number32(offset + 4))
        guard length >= PcapngFormat.blockFrameBytes, length.isMultiple(of: 4) else {
            throw damaged(offset, "a block cannot have \(length) bytes")
        }
        guard length <= bytes.count - offset else { return nil }
        guard Int(number32(offset + length - 4)) == length else {
            throw damaged(offset, "the block's two lengths differ")
        }
        return length
    }

    private mutating func readBlock(_ block: Range<Int>) throws(CaptureError) {
        let body = block.lowerBound + 8..<block.upperBound - 4
        switch number32(block.lowerBound) {
        case PcapngFormat.Block.sectionHeader: try readSection(body)
        case PcapngFormat.Block.interface: try readInterface(body)
        case PcapngFormat.Block.enhancedPacket: try readPacket(body)
        case PcapngFormat.Block.statistics: try readStatistics(body)
        default: break
        }
    }

    private mutating func readSection(_ body: Range<Int>) throws(CaptureError) {
        guard body.count >= 16 else { throw damaged(body.lowerBound, "the section's header is too short") }
        let major = number16(body.lowerBound + 4)
        guard major == 1 else { throw damaged(body.lowerBound, "its pcapng version is \(major) and not 1") }
        interfaces = []
    }

    private mutating func readInterface(_ body: Range<Int>) throws(CaptureError) {
        guard body.count >= 8 else { throw damaged(body.lowerBound, "the interface's description is too short") }
        var interface = Interface(linkType: number16(body.lowerBound))
        for (code, value) in try options(in: body.lowerBound + 8..<body.upperBound) {
            if code == PcapngFormat.Option.interfaceResolution, let first = value.first {
                interface.resolution = bytes[first]
            }
            if code == PcapngFormat.Option.interfaceDescription, deviceLabel == nil,
                interface.linkType == PcapngFormat.usbLinuxMmapped
            {
                deviceLabel = Self.printable(bytes[value])
            }
        }
        interfaces.append(interface)
    }

    private mutating func readStatistics(_ body: Range<Int>) throws(CaptureError) {
        guard body.count >= 12 else { throw damaged(body.lowerBound, "the statistics are too short") }
        for (code, value) in try options(in: body.lowerBound + 12..<body.upperBound)
        where code == PcapngFormat.Option.statisticsDropped && value.count == 8 {
            notedDrops = Self.sum(notedDrops, number64(value.lowerBound))
        }
    }

    private mutating func readPacket(_ body: Range<Int>) throws(CaptureError) {
        guard body.count >= PcapngFormat.packetHeadBytes else {
            throw damaged(body.lowerBound, "the packet is too short")
        }
        let index = Int(number32(body.lowerBound))
        guard interfaces.indices.contains(index) else {
            throw damaged(body.lowerBound, "there is no interface \(index)")
        }
        let start = body.lowerBound + PcapngFormat.packetHeadBytes
        let captured = Int(number32(body.lowerBound + 12))
        guard captured <= body.upperBound - start else {
            throw damaged(body.lowerBound, "a packet of \(captured) bytes does not fit its block")
        }
        var dropped: UInt64 = 0
        for (code, value) in try options(in: start + PcapngFormat.padded(captured)..<body.upperBound)
        where code == PcapngFormat.Option.packetDropCount && value.count == 8 {
            dropped = number64(value.lowerBound)
        }
        droppedRecords = Self.sum(droppedRecords, dropped)
        guard interfaces[index].linkType == PcapngFormat.usbLinuxMmapped else {
            otherPackets += 1
            return
        }
        let ticks = UInt64(number32(body.lowerBound + 4)) << 32 | UInt64(number32(body.lowerBound + 8))
        let time = Self.nanoseconds(ticks, resolution: interfaces[index].resolution)
        var record = try readRecord(start..<start + captured, nanoseconds: time)
        record.droppedBefore = dropped
        records.append(record)
    }

    /// The options that stand in a range, each with the place of its value.
    private func options(in range: Range<Int>) throws(CaptureError) -> [(code: UInt16, value: Range<Int>)] {
        var found: [(code: UInt16, value: Range<Int>)] = []
        var offset = range.lowerBound
        while range.upperBound - offset >= 4 {
            let code = number16(offset)
            let length = Int(number16(offset + 2))
            guard code != PcapngFormat.Option.end else { break }
            guard length <= range.upperBound - offset - 4 else {
                throw damaged(offset, "an option of \(length) bytes does not fit its block")
            }
            found.append((code, offset + 4..<offset + 4 + length))
            offset += 4 + PcapngFormat.padded(length)
        }
        return found
    }

    private func damaged(_ offset: Int, _ reason: String) -> CaptureError {
        .damaged(file: fileName, offset: offset, reason: reason)
    }
}

extension PcapngReader {
    /// Reads the 64 bytes of usbmon, the packets' descriptors and the place of the data.
    private func readRecord(_ range: Range<Int>, nanoseconds: UInt64) throws(CaptureError) -> CapturedRecord {
        let start = range.lowerBound
        guard range.count >= UsbmonRecord.headerBytes else {
            throw damaged(start, "a usbmon record has \(UsbmonRecord.headerBytes) bytes or more, not \(range.count)")
        }
        guard let event = UsbmonRecord.Event(rawValue: bytes[start + 8]),
            let type = UsbmonRecord.TransferType(rawValue: bytes[start + 9])
        else {
            throw damaged(start, "event \(bytes[start + 8]) of transfer type \(bytes[start + 9]) is none that there is")
        }
        var record = UsbmonRecord(
            id: number64(start), event: event, type: type, endpoint: bytes[start + 10],
            deviceAddress: bytes[start + 11], bus: number16(start + 12),
            status: Int32(bitPattern: number32(start + 28)), urbBytes: number32(start + 32),
            intervalMicroframes: number32(start + 48), nanoseconds: nanoseconds)
        if bytes[start + 14] == 0, type != .isochronous { record.setup = Array(bytes[start + 40..<start + 48]) }
        let descriptors = type == .isochronous ? Int(number32(start + 60)) : 0
        let dataStart = start + UsbmonRecord.headerBytes
        guard descriptors <= (range.upperBound - dataStart) / IsochronousPacket.descriptorBytes else {
            throw damaged(start, "\(descriptors) packets do not fit the record")
        }
        let packets = (0..<descriptors).map { index in
            let place = dataStart + index * IsochronousPacket.descriptorBytes
            return IsochronousPacket(
                status: Int32(bitPattern: number32(place)), offset: number32(place + 4), length: number32(place + 8))
        }
        let data = dataStart + descriptors * IsochronousPacket.descriptorBytes..<range.upperBound
        return CapturedRecord(record: record, packets: packets, data: data, droppedBefore: 0)
    }

    private func number16(_ offset: Int) -> UInt16 {
        let value = UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
        return isBigEndian ? value.byteSwapped : value
    }

    private func number32(_ offset: Int) -> UInt32 {
        let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
        return isBigEndian ? value.byteSwapped : value
    }

    private func number64(_ offset: Int) -> UInt64 {
        let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
        return isBigEndian ? value.byteSwapped : value
    }

    private static func sum(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let (sum, overflows) = first.addingReportingOverflow(second)
        return overflows ? .max : sum
    }

    /// Ticks of a resolution as nanoseconds: a power of ten, or of two with the highest bit set.
    private static func nanoseconds(_ ticks: UInt64, resolution: UInt8) -> UInt64 {
        let nanosecondsPerSecond: UInt128 = 1_000_000_000
        let exponent = Int(resolution & 0x7F)
        if resolution & 0x80 != 0 { return UInt64(clamping: (UInt128(ticks) * nanosecondsPerSecond) >> exponent) }
        var value = UInt128(ticks)
        let nano = Int(PcapngFormat.nanosecondResolution)
        for _ in exponent..<max(exponent, nano) { value *= 10 }
        for _ in nano..<max(exponent, nano) where value > 0 { value /= 10 }
        return UInt64(clamping: value)
    }

    private static func printable(_ text: ArraySlice<UInt8>) -> String {
        let shown = String(decoding: text, as: UTF8.self).unicodeScalars.prefix(longestLabel)
            .map { $0.properties.generalCategory == .control ? "?" : Character($0) }
        return String(shown)
    }
}
