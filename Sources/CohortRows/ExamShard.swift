/// One of so many parts of a cohort.
///
/// Which part an exam belongs to depends on its id alone: not on the order, the folder or the machine.
public struct ExamShard: Sendable, Hashable, CustomStringConvertible {
    /// The part, counted from 1.
    public let number: Int
    /// How many parts there are, 1 to `mostParts`.
    public let count: Int

    /// The most parts (project choice: ten times the longest job array that Slurm takes by itself, 1001).
    public static let mostParts = 10_000
    /// The whole cohort.
    public static let whole = ExamShard(part: 1, of: 1)

    private init(part number: Int, of count: Int) {
        self.number = number
        self.count = count
    }

    /// A part by its number and the count of parts.
    ///
    /// - Throws: `badShard` where there is no such part.
    public init(number: Int, of count: Int) throws(CohortRowError) {
        guard (1...Self.mostParts).contains(count), (1...count).contains(number) else {
            throw .badShard(text: "\(number)/\(count)")
        }
        self.init(part: number, of: count)
    }

    /// A part from its text: `3/7` is the third of seven.
    ///
    /// - Throws: `badShard` for any other text.
    public init(_ text: String) throws(CohortRowError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
        guard parts.count == 2, isPlain, let number = Int(parts[0]), let count = Int(parts[1]) else {
            throw .badShard(text: text)
        }
        guard (1...Self.mostParts).contains(count), (1...count).contains(number) else { throw .badShard(text: text) }
        self.init(part: number, of: count)
    }

    /// Whether an exam belongs to this part.
    ///
    /// - Parameter examID: the bytes of the exam's id.
    public func takes(_ examID: some Sequence<UInt8>) -> Bool {
        Self.spread(of: examID) % UInt64(count) == UInt64(number - 1)
    }

    /// `3/7`.
    public var description: String { "\(number)/\(count)" }

    /// A hash that is the same on every machine, with all its bits stirred: a remainder uses the low ones.
    package static func spread(of bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = fnv1a(bytes)
        // The last steps of SplitMix64 (Steele 2014).
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }

    /// FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv, section 2).
    package static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
