import Testing
import VHISSReport

@Suite("The picture of a forest of studies")
struct ForestDrawingTests {
    private let drawing = ForestDrawing(
        title: "studies", columns: ["study", "cases", "controls", "ratio", "weight"],
        sides: (left: "less", right: "more"),
        notes: ["a note"])

    private func line(_ ratio: Double, _ lower: Double, _ upper: Double, share: Double? = 0.5) -> ForestDrawing.Line {
        ForestDrawing.Line(
            name: "a study", citation: "where it stands", counts: ["1/2", "3/4"], figure: "\(ratio)", weight: "50 %",
            mark: ForestDrawing.Mark(ratio: ratio, lower: lower, upper: upper, weightShare: share))
    }

    /// Width and height of a PNG file.
    private func size(_ png: [UInt8]) -> [Int] {
        [16, 20].map { start in png[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } }
    }

    @Test("is a PNG file that grows by a line for each study")
    func made() throws {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
        let pooled = [line(2, 1, 3, share: nil)]
        let one = try drawing.png([line(2, 1, 3)], pooled: pooled)
        let two = try drawing.png([line(2, 1, 3), line(0.5, 0.1, 2)], pooled: pooled)
        #expect(one.starts(with: signature) && two.starts(with: signature))
        #expect(size(one)[0] == size(two)[0])
        #expect(size(two)[1] - size(one)[1] == 40)
    }

    @Test("a ratio that moves changes the picture, and so does a limit that leaves the axis")
    func moves() throws {
        let pictures = try [line(2, 1, 3), line(2.5, 1, 3), line(2, 1, 1e6), line(2, 1e-9, 3)].map {
            try drawing.png([$0], pooled: [])
        }
        #expect(Set(pictures).count == 4)
    }

    @Test("nothing to draw and more than a picture holds are refused")
    func refused() throws {
        #expect(throws: ReportError.self) { try drawing.png([], pooled: []) }
        var without = line(1, 1, 1)
        without.mark = nil
        #expect(throws: ReportError.self) { try drawing.png([without], pooled: []) }
        _ = try drawing.png([without, line(1, 0.5, 2)], pooled: [])
        #expect(throws: ReportError.self) {
            try drawing.png(Array(repeating: line(1, 0.5, 2), count: 1000), pooled: [])
        }
    }

    @Test("no numbers, endless ones and limits the wrong way round do no harm")
    func hostile() throws {
        let good = line(1, 0.5, 2)
        let bad = [
            line(.nan, 1, 2), line(1, .nan, 2), line(1, 0, 2), line(-1, -2, 3), line(1, 0.5, .infinity), line(3, 2, 1),
            line(1e300, 1e-300, 1e308), line(1, 0.5, 2, share: .infinity), line(1, 0.5, 2, share: .nan),
        ]
        for one in bad { _ = try drawing.png([one, good], pooled: [one]) }
    }
}
