import Testing

// Small pure pieces whose corner cases a whole report would hide.
@testable import VHISSReport

@Suite("Texts and figures")
struct TextFormTests {
    @Test(
        "a figure for `at least` is rounded down, and a round one stays", arguments: [(1.3968, "1.39"), (1.42, "1.42")])
    func roundedDown(_ value: Double, _ text: String) {
        #expect(Figures.roundedDown(value, 2) == text)
    }

    @Test(
        "figures have fixed decimals and no locale",
        arguments: [
            (12.345, 2, "12.35"), (-0.001, 2, "0.00"), (-5.5, 1, "\u{2212}5.5"), (7, 0, "7"), (0.05, 2, "0.05"),
            (.nan, 2, "invalid"), (.infinity, 0, "invalid"), (1e308, 1, "1e+308"),
        ])
    func fixed(_ value: Double, _ decimals: Int, _ text: String) {
        #expect(Figures.fixed(value, decimals) == text)
    }

    @Test("short figures lose their empty decimals", arguments: [(2.0, "2"), (2.5, "2.5"), (100, "100")])
    func short(_ value: Double, _ text: String) {
        #expect(Figures.short(value, 2) == text)
    }

    @Test("a small share is not printed as nothing")
    func percent() {
        #expect(Figures.percent(0) == "0 %")
        #expect(Figures.percent(0.004) == "< 1 %")
        #expect(Figures.percent(0.034) == "3 %")
    }

    @Test("controls become spaces, overrides go, emoji and strangers are marked")
    func clean() {
        #expect(PrintableText.clean("a\u{0}\r\n\tb") == "a b")
        #expect(PrintableText.clean("\u{202E}abc\u{202C}") == "abc")
        #expect(PrintableText.clean("x\u{E000}😀") == "x\u{FFFD}\u{FFFD}")
        #expect(PrintableText.clean("Ελληνικά 中文") == "Ελληνικά 中文")
        #expect(PrintableText.clean("a" + String(repeating: "\u{301}", count: 50)).unicodeScalars.count == 4)
    }

    @Test("a long text is cut with a mark")
    func cut() {
        #expect(PrintableText.clean("abcdef", limit: 3) == "abc\u{2026}")
        #expect(PrintableText.clean("abc", limit: 3) == "abc")
    }

    @Test("times are written in the two forms of a PDF")
    func times() throws {
        let offset = try ReportTime(iso: "2026-01-31T10:15:07.250-05:30")
        #expect(offset.pdfDate == "D:20260131101507-05'30'")
        #expect(offset.xmpDate == "2026-01-31T10:15:07-05:30")
        let zulu = try ReportTime(iso: "2026-01-31T10:15:07Z")
        #expect(zulu.pdfDate == "D:20260131101507Z")
        #expect(zulu.xmpDate == "2026-01-31T10:15:07Z")
    }

    @Test("the colour profile is a whole ICC profile of version 2")
    func profile() {
        let bytes = SRGBProfile.bytes()
        func big32(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(big32(0) == bytes.count)
        #expect(bytes[8] == 2)
        #expect(String(decoding: bytes[36..<40], as: UTF8.self) == "acsp")
        #expect(String(decoding: bytes[12..<24], as: UTF8.self) == "mntrRGB XYZ ")
        #expect(big32(128) == 9)
        for tag in 0..<9 {
            let offset = big32(132 + tag * 12 + 4), length = big32(132 + tag * 12 + 8)
            #expect(offset % 4 == 0 && offset + length <= bytes.count)
        }
    }

    @Test("white is the sum of the colourants, which is D50")
    func whitePoint() {
        let bytes = SRGBProfile.bytes()
        func big32(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        func xyz(_ signature: String) -> [Double] {
            let entry = (0..<9).map { 132 + $0 * 12 }.first {
                String(decoding: bytes[$0..<$0 + 4], as: UTF8.self) == signature
            }
            guard let entry else { return [] }
            let start = big32(entry + 4) + 8
            return (0..<3).map { Double(big32(start + 4 * $0)) / 65536 }
        }
        let d50 = [0.9642, 1.0, 0.8249]
        for axis in 0..<3 {
            let sum = ["rXYZ", "gXYZ", "bXYZ"].map { xyz($0)[axis] }.reduce(0, +)
            #expect(abs(sum - d50[axis]) < 0.0005)
        }
    }
}
