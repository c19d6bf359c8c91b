internal import ProbeLink

/// A format that an alternate setting of an AudioStreaming interface says it has.
///
/// Type I of USB Audio 1.0 alone: plain samples of a fixed size.
struct AudioStreamingFormat: Hashable, Sendable {
    /// Sampling frequencies, Hz.
    enum Rates: Hashable, Sendable {
        /// These and no others.
        case discrete([Int])
        /// Everything from the lower to the upper one.
        case range(lower: Int, upper: Int)
    }

    let channels: Int
    /// Bytes in which a sample is stored.
    let subframeBytes: Int
    /// Bits of a sample that count.
    let sampleBits: Int
    let rates: Rates

    // USB Audio 1.0, tables, 4-19 and Audio Data Formats 1.0, tables 2-1 and A-1.
    private static let interfaceDescriptor: UInt8 = 0x24
    private static let generalSubtype: UInt8 = 1
    private static let formatSubtype: UInt8 = 2
    private static let pcm: UInt16 = 1
    private static let typeI: UInt8 = 1
    /// Bytes before the frequencies, and of one frequency.
    private static let headBytes = 8
    private static let rateBytes = 3

    /// Reads the class descriptors of a setting, whatever they hold.
    ///
    /// - Returns: `nil` when they state no format of Type I in plain samples (PCM).
    init?(classDescriptors: [UInt8]) {
        let all = DescriptorWalk(classDescriptors).filter { $0[1] == Self.interfaceDescriptor && $0.count > 2 }
        guard
            let general = all.first(where: { $0[2] == Self.generalSubtype && $0.count >= 7 }),
            UInt16(general[5]) | UInt16(general[6]) << 8 == Self.pcm,
            let format = all.first(where: { $0[2] == Self.formatSubtype && $0.count >= Self.headBytes }),
            format[3] == Self.typeI, let rates = Self.rates(format)
        else { return nil }
        channels = Int(format[4])
        subframeBytes = Int(format[5])
        sampleBits = Int(format[6])
        self.rates = rates
    }

    /// The frequencies that are really there, whatever their number says.
    private static func rates(_ format: [UInt8]) -> Rates? {
        let values: [Int] = stride(from: headBytes, through: format.count - rateBytes, by: rateBytes).map { start in
            let digits = format[start..<start + rateBytes]
            return digits.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        // bSamFreqType: 0 = a range, else how many.
        let count = Int(format[7])
        if count == 0 { return values.count >= 2 ? .range(lower: values[0], upper: values[1]) : nil }
        return values.count >= count ? .discrete(Array(values.prefix(count))) : nil
    }

    /// Whether it is what is needed, each sample in just as many bytes as its bits need.
    func satisfies(_ need: USBAudioNeed) -> Bool {
        channels == need.channels && sampleBits == need.sampleBits && subframeBytes * 8 == need.sampleBits
            && has(rateHz: need.sampleRateHz)
    }

    private func has(rateHz: Int) -> Bool {
        switch rates {
        case .discrete(let values): values.contains(rateHz)
        case .range(let lower, let upper): lower <= rateHz && rateHz <= upper
        }
    }

    /// The format in words: `2 channels of 16 bits in 2 bytes at 44100 or 48000 Hz`.
    var words: String {
        let frequencies =
            switch rates {
            case .discrete(let values): values.map(String.init).joined(separator: " or ")
            case .range(let lower, let upper): "\(lower) to \(upper)"
            }
        return "\(channels) channels of \(sampleBits) bits in \(subframeBytes) bytes at \(frequencies) Hz"
    }
}
