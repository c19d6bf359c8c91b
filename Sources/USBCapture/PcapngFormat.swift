/// Numbers of the pcapng format (draft-ietf-opsawg-pcapng) and of the link types of libpcap.
enum PcapngFormat {
    /// Block types.
    enum Block {
        static let sectionHeader: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let statistics: UInt32 = 5
        static let enhancedPacket: UInt32 = 6
    }

    /// Option codes; those from 2 on mean something else in each block.
    enum Option {
        static let end: UInt16 = 0
        static let comment: UInt16 = 1
        static let sectionApplication: UInt16 = 4
        static let interfaceName: UInt16 = 2
        static let interfaceDescription: UInt16 = 3
        static let interfaceResolution: UInt16 = 9
        static let packetDropCount: UInt16 = 4
        static let statisticsReceived: UInt16 = 4
        static let statisticsDropped: UInt16 = 5
    }

    /// The byte-order magic of a section.
    static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
    /// LINKTYPE_USB_LINUX_MMAPPED.
    static let usbLinuxMmapped: UInt16 = 220
    /// Bytes of a block beside its body: type, and the length twice.
    static let blockFrameBytes = 12
    /// Bytes of an enhanced packet's body before its data.
    static let packetHeadBytes = 20
    /// The exponent of nanoseconds in `if_tsresol`.
    static let nanosecondResolution: UInt8 = 9
    /// The exponent that holds where `if_tsresol` is not given: microseconds.
    static let usualResolution: UInt8 = 6

    /// A length rounded up to whole 32-bit words.
    static func padded(_ count: Int) -> Int { (count + 3) & ~3 }
}
