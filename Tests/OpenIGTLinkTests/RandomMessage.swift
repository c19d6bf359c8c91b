import OpenIGTLink
import TestSupport

/// Messages that the wire can carry, from a seed.
struct RandomMessage {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func text(_ length: ClosedRange<Int>, letters: String = "aZ09_ <&>\"'äµ→") -> String {
        let all = Array(letters)
        let count = number(length)
        return String((0..<count).map { _ in all[number(0...all.count - 1)] })
    }

    private mutating func name(_ longest: Int) -> String { text(0...longest, letters: "abcXYZ019_-") }

    mutating func next() -> IGTLMessage {
        let pairs = (0..<number(0...3)).map { _ in IGTLMetadata(text(0...9), text(0...30)) }
        return IGTLMessage(
            name(20), at: IGTLTime(rawValue: random.next()), content(), metadata: pairs,
            messageID: UInt32(truncatingIfNeeded: random.next()))
    }

    private mutating func content() -> IGTLContent {
        switch number(0...8) {
        case 0: return .string(text(0...300))
        case 1:
            let code = IGTLStatus.Code(rawValue: UInt16(number(0...65_535)))
            let subcode = Int64(truncatingIfNeeded: random.next())
            return .status(IGTLStatus(code, subcode: subcode, name: name(20), text(0...100)))
        case 2:
            let values = (0..<number(0...255)).map { _ in Double(number(-1_000_000...1_000_000)) / 64 }
            return .sensor(IGTLSensor(values, unit: IGTLUnit(rawValue: random.next())))
        case 3: return .array(array())
        case 4: return .image(image())
        case 5: return .command(command())
        case 6: return .commandReply(command())
        case 7: return .capability((0..<number(0...9)).map { _ in name(12) })
        default: return .get(text(1...8, letters: "ABCDEFG"))
        }
    }

    private mutating func command() -> IGTLCommandText {
        IGTLCommandText(id: UInt32(truncatingIfNeeded: random.next()), name: name(127), text: text(0...500))
    }

    private mutating func array() -> IGTLArray {
        let shape = (0..<number(1...4)).map { _ in number(1...5) }
        let count = shape.reduce(1, *)
        switch number(0...2) {
        case 0: return IGTLArray(shape: shape, .int16((0..<count).map { _ in Int16(number(-32_768...32_767)) }))
        case 1:
            return IGTLArray(shape: shape, .int32((0..<count).map { _ in Int32(truncatingIfNeeded: random.next()) }))
        default: return IGTLArray(shape: shape, .float32((0..<count).map { _ in Float(number(-9999...9999)) / 8 }))
        }
    }

    /// Its begin and spacings are binary fractions, so that the middle says them exactly.
    private mutating func image() -> IGTLImage {
        let columns = number(1...20)
        let rows = number(1...20)
        let count = columns * rows
        let pixels: IGTLImage.Pixels =
            number(0...1) == 0
            ? .uint8((0..<count).map { _ in UInt8(number(0...255)) })
            : .float32((0..<count).map { _ in Float(number(-9999...9999)) / 8 })
        return IGTLImage(
            columns: columns, rows: rows, pixels: pixels, columnSpacing: Float(number(1...64)) / 16,
            rowSpacing: Float(number(1...64)) / 16, firstColumn: Float(number(-64...64)) / 4,
            firstRow: Float(number(-64...64)) / 4)
    }
}
