import Testing
import VesselImaging

@Suite("M-mode strip")
struct MModeStripTests {
    /// A frame of 3 lines of 2 samples that tell their number and line.
    private func frame(_ number: UInt8, missing: [Range<Int>] = [], samples: Int = 2) throws -> BModeFrame {
        let bytes = (0..<3 * samples).map { number * 10 + UInt8($0 / samples) }
        return try BModeFrame(
            lines: 3, samplesPerLine: samples, depthMm: 20, linePitchMm: 0.5, samples: bytes, missingLines: missing)
    }

    private func strip(_ line: Int = 1, _ times: [Double]) throws -> MModeStrip {
        var strip = MModeStrip(line: line)
        for (number, seconds) in times.enumerated() { try strip.add(frame(UInt8(number)), atSeconds: seconds) }
        return strip
    }

    @Test("it holds the line of each frame at the frame's time")
    func columns() throws {
        let strip = try strip(2, [0, 0.04, 0.08])
        #expect(strip.columns.map(\.seconds) == [0, 0.04, 0.08])
        #expect(strip.columns.map(\.samples) == [[2, 2], [12, 12], [22, 22]])
        #expect(strip.depthMm == 20 && strip.acrossMm == 0.5 && strip.gaps == 0)
    }

    @Test("missing frames stay a gap on the time axis")
    func gap() throws {
        // Frames at 0, 1, 2 and 6 tenths of a second: between 2 and 6 only the halves next to a frame are shown.
        let strip = try strip(1, [0, 0.1, 0.2, 0.6])
        let even = strip.columns(evenly: 13).map { $0?.samples.first }
        #expect(even.first == 1 && even.last == 31)
        #expect(even[6...9].allSatisfy { $0 == nil })
    }

    @Test("a frame without the line, of another size or out of order is a gap")
    func unusable() throws {
        var strip = try strip(1, [0, 0.1])
        try strip.add(frame(2, missing: [1..<2]), atSeconds: 0.2)
        try strip.add(frame(3, samples: 3), atSeconds: 0.3)
        try strip.add(frame(4), atSeconds: 0.1)
        try strip.add(frame(5), atSeconds: .nan)
        try strip.add(frame(6, missing: [0..<1]), atSeconds: 0.5)
        #expect(strip.gaps == 4 && strip.columns.count == 3)
    }

    @Test("a line that no frame has is an error", arguments: [-1, 3])
    func noLine(line: Int) {
        #expect(throws: ImagingError.noSuchLine(line, lines: 3)) { try strip(line, [0]) }
    }

    @Test("an empty strip and one of a single column have an even axis too")
    func short() throws {
        #expect(MModeStrip(line: 0).columns(evenly: 4).isEmpty)
        #expect(try strip(0, [3]).columns(evenly: 4).compactMap { $0 }.count == 4)
    }
}
