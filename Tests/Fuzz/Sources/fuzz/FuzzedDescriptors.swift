internal import ProbeLink
@testable internal import USBProbeLink

/// The readers of descriptors that the USB library leaves to its caller.
enum FuzzedDescriptors {
    /// Class descriptors of an audio interface's alternate setting.
    static func audioStreaming(_ bytes: [UInt8]) {
        var walked = 0
        for descriptor in DescriptorWalk(bytes) {
            promise(descriptor.count >= 2 && Int(descriptor[0]) == descriptor.count, "a descriptor has its length")
            walked += descriptor.count
        }
        promise(walked <= bytes.count, "no byte is read twice")
        guard let format = AudioStreamingFormat(classDescriptors: bytes) else { return }
        promise(!format.words.isEmpty, "a format can be told")
        for rate in [8000, 44_100, 48_000] {
            _ = format.satisfies(USBAudioNeed(channels: 2, sampleBits: 16, sampleRateHz: rate))
        }
    }
}

extension Seeds {
    /// A general descriptor and a format of Type I: two channels, 16 bits, 44.1 and 48 kHz; and one with a range.
    static func descriptors() -> [[UInt8]] {
        let general: [UInt8] = [7, 0x24, 1, 1, 1, 1, 0]
        let discrete: [UInt8] = [14, 0x24, 2, 1, 2, 2, 16, 2, 0x44, 0xAC, 0x00, 0x80, 0xBB, 0x00]
        let range: [UInt8] = [14, 0x24, 2, 1, 2, 3, 24, 0, 0x40, 0x1F, 0x00, 0x80, 0xBB, 0x00]
        return [general + discrete, general + range, discrete + general]
    }
}
