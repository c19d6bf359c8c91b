/// What a fault makes of one USB packet.
struct CablePassage {
    /// What comes out of the cable.
    let items: [FaultyDevice.Item]
    /// What it does to the device's stream.
    let effect: CableLog.Effect
    /// Where the first byte concerned stands in the device's stream.
    let byteOffset: UInt64
    /// How many bytes are lost, doubled or changed.
    let bytes: Int

    /// Sends a packet through a faulty cable.
    ///
    /// - Parameters:
    ///   - statusBytes: bytes at its head that do not belong to the stream.
    ///   - start: where the first byte behind them stands in the stream.
    init(
        _ fault: CableFault, packet: ArraySlice<UInt8>, statusBytes: Int, start: UInt64, isIsochronous: Bool
    ) {
        let whole = Array(packet)
        let end = start + UInt64(max(0, whole.count - statusBytes))
        var effect = CableLog.Effect()
        var items: [FaultyDevice.Item] = [.packet(whole)]
        var (offset, bytes) = (start, 0)
        switch fault.kind {
        case .lost:
            items = isIsochronous ? [.missed] : []
            (effect.spoilt, bytes) = ([start..<end], Int(end - start))
        case .damaged where isIsochronous, .stall where isIsochronous:
            items = [.missed]
            (effect.spoilt, bytes) = ([start..<end], Int(end - start))
        case .zeroLength where isIsochronous:
            items = [.packet([])]
            (effect.spoilt, bytes) = ([start..<end], Int(end - start))
        case .doubled:
            items = [.packet(whole), .packet(whole)]
            (effect.repeated, bytes) = (start..<end, Int(end - start))
        case .damaged:
            let (damaged, places) = Self.damaged(whole, bits: fault.size, seed: fault.seed)
            items = [.packet(damaged)]
            let inStream = places.filter { $0 >= statusBytes }.map { start + UInt64($0 - statusBytes) }
            effect.spoilt = inStream.map { $0..<($0 + 1) }
            (offset, bytes) = (inStream.first ?? start, inStream.count)
        case .short:
            let kept = min(max(0, fault.size), max(0, whole.count - 1))
            items = [.packet(Array(whole.prefix(kept)))]
            offset = start + UInt64(min(max(0, kept - statusBytes), Int(end - start)))
            (effect.spoilt, bytes) = ([offset..<end], Int(end - offset))
        case .split:
            let first = min(max(1, fault.size), max(1, whole.count - 1))
            items = whole.count > 1 ? Self.halves(whole, first: first, statusBytes: statusBytes) : items
        case .zeroLength: items = [.packet([]), .packet(whole)]
        case .stall: items = [.stall, .packet(whole)]
        case .silence: break
        }
        (self.items, self.effect, byteOffset, self.bytes) = (items, effect, offset, bytes)
    }

    /// A packet in two; where it has status bytes, both halves have them.
    private static func halves(_ whole: [UInt8], first: Int, statusBytes: Int) -> [FaultyDevice.Item] {
        let cut = max(first, min(statusBytes, whole.count))
        let second = Array(whole.prefix(statusBytes)) + whole.dropFirst(cut)
        return [.packet(Array(whole.prefix(cut))), .packet(second)]
    }

    /// Turns distinct bits over.
    ///
    /// - Returns: the bytes, and the places of those that were changed, in rising order.
    private static func damaged(_ whole: [UInt8], bits: Int, seed: UInt64) -> ([UInt8], [Int]) {
        let all = whole.count * 8
        let wanted = min(max(1, bits), all)
        var chance = Chance(seed: seed)
        var chosen: Set<Int> = []
        var bit = 0
        while chosen.count < wanted {
            bit = Int(chance.below(UInt64(all)))
            // The next free one, so that this ends for any number of bits.
            while chosen.contains(bit) { bit = (bit + 1) % all }
            chosen.insert(bit)
        }
        var bytes = whole
        for bit in chosen { bytes[bit / 8] ^= 1 << UInt8(bit % 8) }
        return (bytes, Set(chosen.map { $0 / 8 }).sorted())
    }
}
