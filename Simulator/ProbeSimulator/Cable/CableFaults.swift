/// Everything that a cable and a device on it do wrong, decided beforehand.
public struct CableFaults: Sendable, Hashable {
    /// What happens to the samples' endpoint.
    public var faults: [CableFault]
    /// What the descriptors say that is not so.
    public var lies: [DescriptorLie]

    /// Largest size of a drawn fault, by kind (project choice): a CRC-32C notices up to three bits in any ODP packet.
    private static let mostBits: UInt64 = 3
    private static let mostSilentMilliseconds: UInt64 = 5

    /// A plan from its parts; without any, a cable in order.
    public init(_ faults: [CableFault] = [], lies: [DescriptorLie] = []) {
        self.faults = faults
        self.lies = lies
    }

    /// Draws faults that are spread evenly over the first packets, at most one for each packet.
    ///
    /// - Parameters:
    ///   - seed: the same seed gives the same plan.
    ///   - count: how many; fewer where there is no room for so many.
    ///   - amongPackets: USB packets over which they are spread.
    ///   - apart: least distance of two faults, packets, 1 or more.
    ///   - packetBytes: bytes of a USB packet.
    ///   - kinds: what may happen.
    public static func drawn(
        seed: UInt64, count: Int, amongPackets packets: UInt64, apart: UInt64 = 1, packetBytes: Int = 512,
        kinds: [CableFault.Kind] = CableFault.Kind.allCases
    ) -> CableFaults {
        let distance = max(1, apart)
        let wanted = min(UInt64(max(0, count)), packets / distance)
        guard wanted > 0, !kinds.isEmpty else { return CableFaults() }
        var chance = Chance(seed: seed)
        let width = packets / wanted
        return CableFaults(
            (0..<wanted).map { index in
                let kind = kinds[Int(chance.below(UInt64(kinds.count)))]
                let packet = index * width + chance.below(width - distance + 1)
                return CableFault(
                    kind, at: .packet(packet), size: size(of: kind, packetBytes: packetBytes, &chance),
                    seed: chance.next())
            })
    }

    private static func size(of kind: CableFault.Kind, packetBytes: Int, _ chance: inout Chance) -> Int {
        let inside = UInt64(max(1, packetBytes - 1))
        return switch kind {
        case .damaged: Int(1 + chance.below(mostBits))
        case .short: Int(chance.below(inside))
        case .split: Int(1 + chance.below(inside))
        case .silence: Int(1 + chance.below(mostSilentMilliseconds))
        case .lost, .doubled, .zeroLength, .stall: 0
        }
    }
}

/// A small random generator: SplitMix64 (Steele, Lea and Flood 2014).
struct Chance: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below a bound.
    mutating func below(_ bound: UInt64) -> UInt64 { next() % max(1, bound) }
}
