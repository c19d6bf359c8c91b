internal import ProbeLink

/// Writes a capture as bytes of a pcapng file, little-endian, with time stamps in nanoseconds.
///
/// A pure encoder: it holds no file and keeps nothing but the count of records.
public struct PcapngWriter: Sendable {
    /// Packets written so far.
    public private(set) var records: UInt64 = 0

    /// A writer of a new file.
    public init() {}

    /// Appends what stands at the beginning of a file: one section with one interface of link type 220.
    ///
    /// - Parameters:
    ///   - device: whose traffic it is; its label becomes the interface's description.
    ///   - software: the program and its version.
    ///   - comment: what a reader should know of the session; `nil` = nothing.
    public func begin(device: CapturedDevice, software: String, comment: String? = nil, to bytes: inout [UInt8]) {
        var section: [UInt8] = []
        section.append(little: PcapngFormat.byteOrderMagic)
        section.append(little: UInt16(1))
        section.append(little: UInt16(0))
        // The section's length is not known while it grows: -1.
        section.append(little: UInt64.max)
        if let comment { section.append(option: PcapngFormat.Option.comment, Array(comment.utf8)) }
        section.append(option: PcapngFormat.Option.sectionApplication, Array(software.utf8))
        section.append(option: PcapngFormat.Option.end, [])
        bytes.append(block: PcapngFormat.Block.sectionHeader, section)
        var interface: [UInt8] = []
        interface.append(little: PcapngFormat.usbLinuxMmapped)
        interface.append(little: UInt16(0))
        // No limit to a packet's length.
        interface.append(little: UInt32(0))
        interface.append(option: PcapngFormat.Option.interfaceName, Array("usbmon\(device.bus)".utf8))
        interface.append(option: PcapngFormat.Option.interfaceDescription, Array(device.label.utf8))
        interface.append(option: PcapngFormat.Option.interfaceResolution, [PcapngFormat.nanosecondResolution])
        interface.append(option: PcapngFormat.Option.end, [])
        bytes.append(block: PcapngFormat.Block.interface, interface)
    }

    /// Appends one record with its packets and data.
    ///
    /// - Parameters:
    ///   - packets: the packets of an isochronous transfer; empty for all others.
    ///   - data: what was carried.
    ///   - droppedBefore: records that were dropped since the one before.
    public mutating func append(
        _ record: UsbmonRecord, packets: [IsochronousPacket] = [], data: RawSpan, droppedBefore: UInt64 = 0,
        to bytes: inout [UInt8]
    ) {
        records &+= 1
        let carried = packets.count * IsochronousPacket.descriptorBytes + data.byteCount
        let captured = UsbmonRecord.headerBytes + carried
        let optionBytes = droppedBefore > 0 ? Self.dropOptionBytes : 0
        let length =
            PcapngFormat.blockFrameBytes + PcapngFormat.packetHeadBytes + PcapngFormat.padded(captured) + optionBytes
        bytes.append(little: PcapngFormat.Block.enhancedPacket)
        bytes.append(little: UInt32(truncatingIfNeeded: length))
        bytes.append(little: UInt32(0))
        bytes.append(little: UInt32(truncatingIfNeeded: record.nanoseconds >> 32))
        bytes.append(little: UInt32(truncatingIfNeeded: record.nanoseconds))
        bytes.append(little: UInt32(truncatingIfNeeded: captured))
        bytes.append(little: UInt32(truncatingIfNeeded: captured))
        bytes.append(record, packets: packets, dataBytes: data.byteCount)
        data.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes.appendZeros(PcapngFormat.padded(captured) - captured)
        if droppedBefore > 0 {
            bytes.append(option: PcapngFormat.Option.packetDropCount, little: droppedBefore)
            bytes.append(option: PcapngFormat.Option.end, [])
        }
        bytes.append(little: UInt32(truncatingIfNeeded: length))
    }

    /// A drop count's option with the end of the options.
    private static let dropOptionBytes = 4 + 8 + 4

    /// The most bytes that a record takes in the file.
    static func size(packets: Int, dataBytes: Int) -> Int {
        PcapngFormat.blockFrameBytes + PcapngFormat.packetHeadBytes + dropOptionBytes
            + PcapngFormat.padded(
                UsbmonRecord.headerBytes + packets * IsochronousPacket.descriptorBytes + dataBytes)
    }

    /// Appends the end of a file: how many records it holds and how many were dropped.
    public func end(dropped: UInt64, nanoseconds: UInt64, to bytes: inout [UInt8]) {
        var statistics: [UInt8] = []
        statistics.append(little: UInt32(0))
        statistics.append(little: UInt32(truncatingIfNeeded: nanoseconds >> 32))
        statistics.append(little: UInt32(truncatingIfNeeded: nanoseconds))
        statistics.append(option: PcapngFormat.Option.statisticsReceived, little: records &+ dropped)
        statistics.append(option: PcapngFormat.Option.statisticsDropped, little: dropped)
        statistics.append(option: PcapngFormat.Option.end, [])
        bytes.append(block: PcapngFormat.Block.statistics, statistics)
    }
}

extension [UInt8] {
    mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    mutating func appendZeros(_ count: Int) { append(contentsOf: repeatElement(0, count: count)) }

    /// Appends an option: what does not fit its 16-bit length is cut.
    mutating func append(option code: UInt16, _ value: [UInt8]) {
        let kept = value.prefix(Int(UInt16.max))
        append(little: code)
        append(little: UInt16(kept.count))
        append(contentsOf: kept)
        appendZeros(PcapngFormat.padded(kept.count) - kept.count)
    }

    mutating func append(option code: UInt16, little value: UInt64) {
        append(little: code)
        append(little: UInt16(8))
        append(little: value)
    }

    mutating func append(block type: UInt32, _ body: [UInt8]) {
        let length = UInt32(PcapngFormat.blockFrameBytes + PcapngFormat.padded(body.count))
        append(little: type)
        append(little: length)
        append(contentsOf: body)
        appendZeros(PcapngFormat.padded(body.count) - body.count)
        append(little: length)
    }

    /// Appends the fixed part of a usbmon record and the descriptors of its packets.
    mutating func append(_ record: UsbmonRecord, packets: [IsochronousPacket], dataBytes: Int) {
        append(little: record.id)
        append(contentsOf: [record.event.rawValue, record.type.rawValue, record.endpoint, record.deviceAddress])
        append(little: record.bus)
        append(record.setup == nil ? UInt8(ascii: "-") : 0)
        append(flagOfData(of: record, dataBytes: dataBytes))
        append(little: record.nanoseconds / 1_000_000_000)
        append(little: UInt32(truncatingIfNeeded: record.nanoseconds % 1_000_000_000 / 1_000))
        append(little: record.status)
        append(little: record.urbBytes)
        let descriptors = packets.count * IsochronousPacket.descriptorBytes
        append(little: UInt32(truncatingIfNeeded: descriptors + dataBytes))
        if record.type == .isochronous {
            append(little: UInt32(packets.count { $0.status != 0 }))
            append(little: UInt32(packets.count))
        } else {
            let setup = record.setup?.prefix(8) ?? []
            append(contentsOf: setup)
            appendZeros(8 - setup.count)
        }
        append(little: record.intervalMicroframes)
        // Start frame and transfer flags are not known above libusb.
        appendZeros(8)
        append(little: UInt32(packets.count))
        for packet in packets {
            append(little: packet.status)
            append(little: packet.offset)
            append(little: packet.length)
            appendZeros(4)
        }
    }

    /// 0 where data stand, else usbmon's sign for why not: `<` nothing yet from the device, `>` nothing back from it.
    private func flagOfData(of record: UsbmonRecord, dataBytes: Int) -> UInt8 {
        if dataBytes > 0 { return 0 }
        let isIn = record.endpoint & 0x80 != 0
        if record.event == .submit { return isIn ? UInt8(ascii: "<") : 0 }
        return isIn ? 0 : UInt8(ascii: ">")
    }
}
