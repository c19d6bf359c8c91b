import TestSupport

/// Bytes from a seed: pure noise, or something sound with some of its bytes changed, doubled, cut or removed.
struct RandomText {
    private var chance: SeededGenerator

    init(seed: UInt64) { chance = SeededGenerator(seed: seed) }

    mutating func bytes(like sound: [UInt8]) -> [UInt8] {
        if Int.random(in: 0..<4, using: &chance) == 0 { return noise(Int.random(in: 0..<4000, using: &chance)) }
        var bytes = sound
        for _ in 0..<Int.random(in: 1...6, using: &chance) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &chance)
            switch Int.random(in: 0..<5, using: &chance) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
            case 1: bytes.insert(contentsOf: noise(3), at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(contentsOf: bytes.prefix(place), at: place)
            default: bytes.removeLast(bytes.count - place)
            }
        }
        return bytes
    }

    mutating func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) } }
}
