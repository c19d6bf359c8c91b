import OpenIGTLink
import TestSupport
import Testing

@Suite("Times of OpenIGTLink")
struct TimeTests {
    @Test("half a second is the upper bit of the fractions")
    func half() {
        #expect(IGTLTime(nanosecondsSince1970: 1_500_000_000).rawValue == 0x0000_0001_8000_0000)
    }

    @Test("a time and its nanoseconds agree to the nanosecond", arguments: 0..<200)
    func roundTrip(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let nanoseconds = UInt64.random(in: 0..<(4_294_967_295 * 1_000_000_000), using: &random)
        #expect(IGTLTime(nanosecondsSince1970: nanoseconds).nanosecondsSince1970 == nanoseconds)
    }

    @Test("the last nanosecond of a second stays in it, and what lies after 2106 stays at the last time")
    func ends() {
        #expect(IGTLTime(nanosecondsSince1970: 999_999_999).rawValue == 0xFFFF_FFFC)
        #expect(IGTLTime(nanosecondsSince1970: .max).rawValue == .max)
    }
}
