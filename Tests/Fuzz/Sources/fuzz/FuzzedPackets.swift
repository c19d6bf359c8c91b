@testable internal import ProbeLink

/// The decoders of streams whose missed packets are told, and the reader of firmware.
enum FuzzedPackets {
    /// The first byte picks the byte order and how the rest is cut; a second one of 255 puts a gap after every piece.
    static func digiDop(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return }
        let order = DigiDopByteOrder.allCases[Int(bytes[0]) % DigiDopByteOrder.allCases.count]
        let stream = Array(bytes.dropFirst(2))
        func decode(_ pieceBytes: Int) -> FrameTally {
            var decoder = DigiDopDecoder(byteOrder: order, prfHz: 5000, pulsesPerFrame: 16)
            var tally = FrameTally()
            for start in stride(from: 0, to: stream.count, by: pieceBytes) {
                let end = min(stream.count, start + pieceBytes)
                decoder.consume(stream.span.bytes.extracting(start..<end), into: &tally)
                guard bytes[1] == 255 else { continue }
                decoder.miss(packets: Int(stream[start]), packetNanoseconds: 1_000_000, into: &tally)
            }
            decoder.finish(into: &tally)
            tally.counters = decoder.counters
            return tally
        }
        let cut = decode(1 + Int(bytes[0] >> 2))
        judge(cut)
        if bytes[1] != 255 { promise(cut == decode(max(1, stream.count)), "the same frames however it is cut") }
    }

    /// The first byte picks the stream's fields, the second the bytes of a packet.
    static func audio(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return }
        let kinds = USBAudioStream.Channels.allCases
        let stream = USBAudioStream(
            sampleRateHz: bytes[0] & 1 == 0 ? 44_100 : 48_000, sampleBits: bytes[0] & 2 == 0 ? 16 : 24,
            channels: kinds[Int(bytes[0] >> 2) % kinds.count], invertsDirection: bytes[0] & 64 != 0, rightGain: 1.5,
            rightPhaseDegrees: 10)
        var decoder = USBAudioDecoder(stream: stream, wireChannels: bytes[0] & 128 == 0 ? 2 : 1, pulsesPerFrame: 32)
        var tally = FrameTally()
        let packetBytes = 1 + Int(bytes[1])
        for start in stride(from: 2, to: bytes.count, by: packetBytes) {
            let end = min(bytes.count, start + packetBytes)
            decoder.consume(bytes.span.bytes.extracting(start..<end), into: &tally)
            if bytes[start] == 0xA5 {
                decoder.miss(packets: Int(bytes[end - 1]), packetNanoseconds: 125_000, into: &tally)
            }
        }
        decoder.finish(into: &tally)
        tally.counters = decoder.counters
        judge(tally)
    }

    /// B-mode packets: the first bytes are lines and samples, then each packet is its length, items, records and payload.
    static func pictures(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return }
        var settings = AcquisitionSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 4_000_000, firstGateDepthUm: 15_000, gateLengthUm: 2000,
            burstCycles: 4, streams: [.iq, .bMode], transmitLevelPerMille: 1000)
        settings.bModeLines = UInt16(bytes[0])
        settings.bModeSamplesPerLine = UInt16(bytes[1])
        settings.bModeDepthUm = 30_000
        settings.bModeLinePitchNm = 200_000
        var assembler = BModeAssembler(settings)
        var pictures: [BModePicture] = []
        var place = 2
        while place + 3 <= bytes.count {
            let end = min(bytes.count, place + 3 + Int(bytes[place]))
            let header = FrameHeader(
                kind: .bMode, format: .odpBMode, flags: .transmitting, sequence: 0, pulseIndex: UInt64(place),
                items: UInt16(bytes[place + 1]), records: UInt16(bytes[place + 2]))
            pictures += assembler.take(header, bytes.span.bytes.extracting(place + 3..<end))
            place = end
        }
        if let last = assembler.finish() { pictures.append(last) }
        let counters = assembler.counters
        promise(UInt64(pictures.count) == counters.wholeFrames + counters.incompleteFrames, "every frame is counted")
        for picture in pictures {
            promise(picture.samples.count == Int(bytes[0]) * Int(bytes[1]), "a frame has the settings' samples")
            promise(
                picture.missingLines.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= picture.lines },
                "missing lines lie in the frame")
        }
    }

    /// Intel HEX, and the image of a memory.
    static func firmware(_ bytes: [UInt8]) {
        do throws(FX2FirmwareError) { _ = try FX2Firmware(intelHex: bytes) } catch { _ = error.description }
        do throws(FX2FirmwareError) { _ = try FX2Firmware(image: bytes) } catch { _ = error.description }
    }

    private static func judge(_ tally: FrameTally) {
        promise(tally.pulses == tally.counters.pulses, "the pulses delivered are the pulses counted")
        promise(tally.missing == tally.counters.missingPulses, "the pulses marked are the pulses counted")
    }
}
