import LiveView
import Testing

@Suite("how long it takes from the sample to the piece")
struct LiveDelayTests {
    @Test("a share of all is found to the millisecond")
    func percentiles() {
        var delay = LiveDelay()
        #expect(delay.percentileMs(0.95) == nil)
        for millisecond in 0..<100 { delay.add(Double(millisecond) + 0.5) }
        #expect(delay.percentileMs(0.5) == 50)
        #expect(delay.percentileMs(0.95) == 95)
        #expect(delay.percentileMs(1) == 100)
        #expect(delay.longestMs == 99.5)
        #expect(delay.total == 100)
    }

    @Test("what is too long is counted in the last class, what is no time not at all")
    func odd() {
        var delay = LiveDelay()
        delay.add(1e9)
        delay.add(-1)
        delay.add(.nan)
        delay.add(.infinity)
        #expect(delay.total == 1)
        #expect(delay.percentileMs(0.5) == Double(LiveDelay.classes))
        #expect(delay.longestMs == 1e9)
    }
}
