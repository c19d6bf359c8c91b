@testable import RecordDocuments
import Testing

@Suite("Code table")
struct CodeTableTests {
    private static let heading = "concept,system,code,meaning,status,source\n"

    @Test("The built-in table is read, and every concept has one code")
    func builtIn() throws {
        let table = try CodeTable.builtIn()
        #expect(table.rows.count == RecordConcept.allCases.count)
        for concept in RecordConcept.allCases {
            #expect(!table[concept].code.isEmpty && !table[concept].meaning.isEmpty)
        }
        #expect(
            table[.internalJugular] == RecordCode(system: "SCT", code: "12123001", meaning: "Internal jugular vein"))
        #expect(table[.vertebral].code != "85234005", "the code of the artery")
    }

    @Test("No code stands twice, and none is longer than DICOM's room")
    func limits() throws {
        let rows = try CodeTable.builtIn().rows
        #expect(Set(rows.map { "\($0.code.system) \($0.code.code)" }).count == rows.count)
        #expect(
            rows.allSatisfy { $0.code.code.unicodeScalars.count <= 16 && $0.code.meaning.unicodeScalars.count <= 64 })
        #expect(rows.allSatisfy { CodingSystem(rawValue: $0.code.system) != nil && !$0.source.isEmpty })
    }

    @Test("A private code stands under our scheme, and nothing else does")
    func privateCodes() throws {
        for row in try CodeTable.builtIn().rows {
            #expect((row.status == .private) == (row.code.system == PrivateScheme.designator))
        }
    }

    @Test(
        "A table that breaks a rule is refused with its line",
        arguments: [
            ("", 1), ("concept,code\n", 1),
            (heading + "veinReport,LN,39036-9,US Vein Report,verified,x", 2),
            (heading + "nothing,LN,1,x,verified,x\n", 2),
            (heading + "veinReport,XX,1,x,verified,x\n", 2),
            (heading + "veinReport,LN,1,x,guessed,x\n", 2),
            (heading + "veinReport,LN,1,x,private,x\n", 2),
            (heading + "veinReport,99CCSVI,1,x,verified,x\n", 2),
            (heading + "veinReport,LN,12345678901234567,x,verified,x\n", 2),
            (heading + "veinReport,LN,1,\(String(repeating: "m", count: 65)),verified,x\n", 2),
            (heading + "veinReport,LN,1,,verified,x\n", 2),
            (heading + "veinReport,LN,1, x,verified,x\n", 2),
            (heading + "veinReport,LN,1,x,verified\n", 2),
            (heading + "veinReport,LN,1,\"x,verified,x\n", 2),
            (heading + "veinReport,LN,1,\"x\"y,verified,x\n", 2),
            (heading + "veinReport,LN,1,x,verified,x\nveinReport,LN,2,y,verified,x\n", 3),
            (heading + "veinReport,LN,1,x,verified,x\nlanguage,LN,1,y,verified,x\n", 3),
            (heading + "veinReport,LN,1,x,verified,x\n", 3),
            (heading + "veinReport,LN,1,x,verified,x\r\n", 2),
        ])
    func refused(csv: String, line: Int) {
        #expect {
            try CodeTable(csv: csv)
        } throws: { error in
            guard case RecordDocumentError.codeTable(let found, _) = error else { return false }
            return found == line
        }
    }

    @Test("Quotes hold commas and doubled quotes")
    func quotes() throws {
        let rows = try CSVText.rows("a,\"b,c\",\"d\"\"e\",\n")
        #expect(rows == [CSVText.Row(number: 1, fields: ["a", "b,c", "d\"e", ""])])
    }

    @Test(
        "Codes that pydicom knows have the meaning that it knows",
        .enabled(if: Judge.script("check_codes.py").isInstalled, Judge.script("check_codes.py").comment))
    func pydicom() throws {
        let rows = try CodeTable.builtIn().rows
        let lines = rows.map { [$0.concept, $0.code.system, $0.code.code, $0.code.meaning, $0.status.rawValue] }
        let folder = try ScratchFolder()
        let file = try folder.write(
            Array(lines.map { $0.joined(separator: "\t") }.joined(separator: "\n").utf8), as: "c.tsv")
        let judged = try Judge.script("check_codes.py").run([file])
        #expect(judged.status == 0, "\(judged.output)")
    }
}
