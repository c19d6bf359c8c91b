import ProbeLink

/// Builds and reads the samples of sound interfaces.
enum USBAudioWire {
    /// Samples of two channels, 16 or 24 bits, little-endian.
    static func bytes(_ samples: [(Int, Int)], bits: Int = 16) -> [UInt8] {
        samples.flatMap { left, right in
            [left, right].flatMap { number in (0..<(bits / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        }
    }

    /// One channel's samples.
    static func bytes(mono samples: [Int], bits: Int = 16) -> [UInt8] {
        samples.flatMap { number in (0..<(bits / 8)).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }

    /// A part of what the transport brings.
    enum Part {
        case packet([UInt8])
        case missed(packets: Int, nanoseconds: UInt64)
    }

    static func decode(
        _ parts: [Part], as stream: USBAudioStream, wireChannels: Int = 2, pulsesPerFrame: UInt16 = 100
    ) -> (sink: CollectingSink, counters: LinkCounters) {
        var decoder = USBAudioDecoder(stream: stream, wireChannels: wireChannels, pulsesPerFrame: pulsesPerFrame)
        var sink = CollectingSink()
        for part in parts {
            switch part {
            case .packet(let bytes): decoder.consume(bytes.span.bytes, into: &sink)
            case .missed(let packets, let nanoseconds):
                decoder.miss(packets: packets, packetNanoseconds: nanoseconds, into: &sink)
            }
        }
        decoder.finish(into: &sink)
        return (sink, decoder.counters)
    }

    /// I and Q of every delivered pulse by its index.
    static func pulses(_ sink: CollectingSink) -> [UInt64: [Int]] {
        var pulses: [UInt64: [Int]] = [:]
        for case .frame(let header, let payload) in sink.items {
            let size = header.format == .iqInt16 ? 2 : 4
            for record in 0..<Int(header.records) {
                pulses[header.pulseIndex + UInt64(record)] = (0..<2).map { number in
                    let start = (2 * record + number) * size
                    let bits = payload[start..<(start + size)].reversed().reduce(0) { $0 << 8 | Int($1) }
                    return bits >= 1 << (8 * size - 1) ? bits - 1 << (8 * size) : bits
                }
            }
        }
        return pulses
    }
}
