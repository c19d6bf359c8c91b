/// The class requests of the sound interface: sampling frequency, mute and volume (USB Audio 1.0, section 5.2).
struct AudioControls: Sendable {
    /// `bmRequestType` of class requests.
    private enum Recipient {
        static let setInterface: UInt8 = 0x21
        static let getInterface: UInt8 = 0xA1
        static let setEndpoint: UInt8 = 0x22
        static let getEndpoint: UInt8 = 0xA2
    }

    /// `bRequest` (USB Audio 1.0, table A-9).
    private enum Code {
        static let setCurrent: UInt8 = 0x01
        static let getCurrent: UInt8 = 0x81
        static let getLeast: UInt8 = 0x82
        static let getMost: UInt8 = 0x83
        static let getStep: UInt8 = 0x84
    }

    /// Control selectors in the high byte of `wValue` (USB Audio 1.0, tables ).
    private enum Selector {
        static let samplingFrequency: UInt16 = 0x0100
        static let mute: UInt16 = 0x0100
        static let leftVolume: UInt16 = 0x0201
        static let rightVolume: UInt16 = 0x0202
    }

    /// Volume, 1/256 dB: least, most and step (project choice).
    private static let volumeRange: (least: Int16, most: Int16, step: Int16) = (-12_288, 3072, 256)
    /// Bytes of a sampling frequency.
    private static let frequencyBytes = 3

    /// Sampling frequency, Hz.
    private(set) var sampleRateHz: UInt32 = 48_000
    /// Whether both channels are silent.
    private(set) var isMuted = false
    /// Volume of left and right, 1/256 dB.
    private(set) var volumes: [Int16] = [0, 0]

    /// Answers a class request; the endpoint's are refused while it is not there in the selected setting.
    mutating func answer(_ setup: USBSetup, out: [UInt8], hasEndpoint: Bool) -> ControlAnswer {
        let unit = UInt16(AudioDescriptors.featureUnit) << 8 | UInt16(AudioDescriptors.controlInterface)
        let endpoint = UInt16(AudioDescriptors.streamEndpoint)
        let bytes: [UInt8]?
        switch (setup.requestType, setup.index) {
        case (Recipient.setEndpoint, endpoint) where hasEndpoint && Int(setup.length) == out.count:
            return setFrequency(setup, out) ? .acknowledge : .stall
        case (Recipient.getEndpoint, endpoint) where hasEndpoint: bytes = frequency(setup)
        case (Recipient.setInterface, unit) where Int(setup.length) == out.count:
            return setUnit(setup, out) ? .acknowledge : .stall
        case (Recipient.getInterface, unit): bytes = unitValue(setup)
        default: bytes = nil
        }
        return bytes.map { .bytes(Array($0.prefix(Int(setup.length)))) } ?? .stall
    }

    private mutating func setFrequency(_ setup: USBSetup, _ out: [UInt8]) -> Bool {
        guard setup.request == Code.setCurrent, setup.value == Selector.samplingFrequency,
            out.count == Self.frequencyBytes
        else { return false }
        let wanted: UInt32 = (out + [0]).littleEndian(at: 0)
        guard AudioDescriptors.sampleRatesHz.contains(wanted) else { return false }
        sampleRateHz = wanted
        return true
    }

    private func frequency(_ setup: USBSetup) -> [UInt8]? {
        guard setup.value == Selector.samplingFrequency else { return nil }
        let rates = AudioDescriptors.sampleRatesHz
        let value: UInt32?
        switch setup.request {
        case Code.getCurrent: value = sampleRateHz
        case Code.getLeast: value = rates.min()
        case Code.getMost: value = rates.max()
        default: value = nil
        }
        guard let value else { return nil }
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(value)
        return Array(bytes.prefix(Self.frequencyBytes))
    }

    private mutating func setUnit(_ setup: USBSetup, _ out: [UInt8]) -> Bool {
        guard setup.request == Code.setCurrent else { return false }
        switch (setup.value, out.count) {
        case (Selector.mute, 1): isMuted = out[0] != 0
        case (Selector.leftVolume, 2): volumes[0] = Self.volume(out)
        case (Selector.rightVolume, 2): volumes[1] = Self.volume(out)
        default: return false
        }
        return true
    }

    private static func volume(_ bytes: [UInt8]) -> Int16 {
        min(max(Int16(bitPattern: bytes.littleEndian(at: 0)), volumeRange.least), volumeRange.most)
    }

    private func unitValue(_ setup: USBSetup) -> [UInt8]? {
        if setup.value == Selector.mute { return setup.request == Code.getCurrent ? [isMuted ? 1 : 0] : nil }
        guard setup.value == Selector.leftVolume || setup.value == Selector.rightVolume else { return nil }
        let value: Int16?
        switch setup.request {
        case Code.getCurrent: value = volumes[setup.value == Selector.leftVolume ? 0 : 1]
        case Code.getLeast: value = Self.volumeRange.least
        case Code.getMost: value = Self.volumeRange.most
        case Code.getStep: value = Self.volumeRange.step
        default: value = nil
        }
        guard let value else { return nil }
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(value)
        return bytes
    }
}
