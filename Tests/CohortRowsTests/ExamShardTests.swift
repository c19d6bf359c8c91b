import CohortRows
import TestSupport
import Testing

@Suite("Parts of a cohort")
struct ExamShardTests {
    @Test(
        "the hash is the published one",
        arguments: [
            // draft-eastlake-fnv, appendix C: FNV-1a, 64 bits.
            ("", UInt64(0xCBF2_9CE4_8422_2325)), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
        ])
    func vectors(text: String, hash: UInt64) { #expect(ExamShard.fnv1a(text.utf8) == hash) }

    @Test(
        "which part an exam belongs to never changes",
        arguments: [("EX-1", 4), ("EX-2", 2), ("EX-20260131101500", 7), ("SIM-000017", 4)])
    func fixedParts(id: String, part: Int) throws {
        let parts = try (1...7).filter { try ExamShard(number: $0, of: 7).takes(id.utf8) }
        #expect(parts == [part], "worked out apart, with Python")
    }

    @Test("every exam is in one part and no other", arguments: [1, 2, 7, 64])
    func partition(count: Int) throws {
        let parts = try (1...count).map { try ExamShard(number: $0, of: count) }
        for number in 0..<500 {
            #expect(parts.count { $0.takes("EX-\(number)".utf8) } == 1)
        }
    }

    @Test("ids in a row spread over the parts", arguments: [2, 7, 64])
    func spread(count: Int) throws {
        let exams = 6400
        let first = try ExamShard(number: 1, of: count)
        let taken = (0..<exams).count { first.takes("SIM-\($0)".utf8) }
        // Five standard deviations of a binomial count.
        let expected = Double(exams) / Double(count)
        #expect(abs(Double(taken) - expected) < 5 * expected.squareRoot())
    }

    @Test(
        "a text is a part",
        arguments: [("1/1", 1, 1), ("3/7", 3, 7), ("64/64", 64, 64), ("10000/10000", 10_000, 10_000)])
    func texts(text: String, number: Int, count: Int) throws {
        let shard = try ExamShard(text)
        #expect(shard.number == number && shard.count == count && shard.description == text)
    }

    @Test(
        "what is no part is refused with its text",
        arguments: [
            "", "1", "0/7", "8/7", "1/0", "-1/7", "+1/7", "1/7/1", "1/10001", " 1/7", "1/７", "99999999999999999999/7",
        ])
    func noParts(text: String) throws {
        #expect(throws: CohortRowError.badShard(text: text)) { try ExamShard(text) }
    }
}
