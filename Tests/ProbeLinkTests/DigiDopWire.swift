import ProbeLink
import TestSupport

/// Builds the DigiDop's stream from its description alone.
enum DigiDopWire {
    /// A pulse: I and Q of two gates.
    typealias Pulse = [Int32]

    /// The frame of a pulse.
    static func frame(_ pulse: Pulse, big: Bool = true) -> [UInt8] {
        [0xAA]
            + pulse.flatMap { number -> [UInt8] in
                let little = ODPWire.littleEndian(number)
                return big ? little.reversed() : little
            }
    }

    static func stream(_ pulses: [Pulse], big: Bool = true) -> [UInt8] { pulses.flatMap { frame($0, big: big) } }

    /// Pulses that tell their number and hold no byte 0xAA in either order.
    static func numbered(_ count: Int) -> [Pulse] {
        (0..<count).map { number in
            (0..<4).map { Int32($0) << 24 | Int32(number / 100) << 8 | Int32(number % 100) }
        }
    }

    /// A Doppler signal with noise in two gates; its bytes may be anything.
    static func doppler(_ count: Int, seed: UInt64, amplitude: Double = 4_000_000) -> [Pulse] {
        var generator = SeededGenerator(seed: seed)
        var (cosine, sine) = (1.0, 0.0)
        // Advances by 0.1 radians each pulse.
        let (stepCosine, stepSine) = (0.995_004_165, 0.099_833_417)
        return (0..<count).map { _ in
            (cosine, sine) = (cosine * stepCosine - sine * stepSine, sine * stepCosine + cosine * stepSine)
            return [cosine, sine, sine, -cosine].map {
                Int32(amplitude * ($0 + Double.random(in: -0.05...0.05, using: &generator)))
            }
        }
    }

    /// What a decoder makes of pieces of a stream.
    struct Decoded: Equatable {
        var items: [CollectingSink.Item] = []
        var counters = LinkCounters()
        var byteOrder: DigiDopByteOrder?

        var sink: CollectingSink { CollectingSink(items: items) }

        /// Every delivered pulse by its index.
        var pulses: [UInt64: Pulse] {
            var pulses: [UInt64: Pulse] = [:]
            for case .frame(let header, let payload) in items {
                for record in 0..<Int(header.records) {
                    pulses[header.pulseIndex + UInt64(record)] = (0..<4).map { number in
                        let start = (record * 4 + number) * 4
                        return payload[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | Int32($1) }
                    }
                }
            }
            return pulses
        }
    }

    /// A part of what the transport brings.
    enum Part {
        case bytes([UInt8])
        case missed(packets: Int, nanoseconds: UInt64)
    }

    static func decode(
        _ parts: [Part], byteOrder: DigiDopByteOrder = .big, prfHz: Double = 5000, pulsesPerFrame: UInt16 = 10,
        transfer: Int = .max, stopped: Bool = false
    ) -> Decoded {
        var decoder = DigiDopDecoder(byteOrder: byteOrder, prfHz: prfHz, pulsesPerFrame: pulsesPerFrame)
        var sink = CollectingSink()
        for part in parts {
            switch part {
            case .bytes(let bytes):
                var offset = 0
                while offset < bytes.count {
                    let end = offset + min(transfer, bytes.count - offset)
                    decoder.consume(bytes.span.bytes.extracting(offset..<end), into: &sink)
                    offset = end
                }
            case .missed(let packets, let nanoseconds):
                decoder.miss(packets: packets, packetNanoseconds: nanoseconds, into: &sink)
            }
        }
        decoder.finish(into: &sink, countingCutOff: !stopped)
        return Decoded(items: sink.items, counters: decoder.counters, byteOrder: decoder.byteOrder)
    }
}

extension CollectingSink {
    /// The first pulse that is neither in a frame nor in a loss; `nil` when one is out of its order.
    var endPulse: UInt64? {
        var next: UInt64 = 0
        for item in items {
            switch item {
            case .frame(let header, let payload):
                guard header.pulseIndex == next else { return nil }
                guard payload.count == Int(header.records) * Int(header.items) * (header.format.bytesPerIQPair ?? 0)
                else { return nil }
                next += UInt64(header.records)
            case .lost(let loss):
                guard loss.firstPulse == next else { return nil }
                next += loss.pulses
            case .event: return nil
            }
        }
        return next
    }
}
