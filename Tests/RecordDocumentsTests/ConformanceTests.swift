import CCSVIAnalysis
import Foundation
@testable import RecordDocuments
import Testing

@Suite("Conformance statement")
struct ConformanceTests {
    @Test("CONFORMANCE.md is what the tables say")
    func upToDate() throws {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("CONFORMANCE.md")
        let made = try ConformanceStatement.whole(network: "")
        let text = try String(contentsOf: file, encoding: .utf8)
        // The delivery's tables follow, and are held to their own module.
        let isSame = text.hasPrefix(made.dropLast())
        #expect(isSame, "write it anew: dopplerbridge record conformance >CONFORMANCE.md")
    }

    @Test("Every object has the attributes of its tables, and no other", arguments: 0..<6 as Range<UInt64>)
    func attributes(seed: UInt64) throws {
        let exam = try MadeExam.exam(seed: seed)
        var context = try MadeContext.context(seed: seed, isAmendment: seed % 2 == 1, isVerified: seed % 3 != 0)
        if seed == 4 {
            context.order = RecordOrder(studyInstanceUID: "1.2.3")
            context.operatorName = nil
            context.namesPerformedStep = false
            context.station.institution = ""
        }
        let documents = try RecordDocuments.make(
            Set(RecordDocumentKind.allCases.filter(\.isDICOM)), of: exam, pdf: MadeContext.pdf,
            spectrograms: MadeExam.spectrograms(of: exam, count: 9), context: context)
        for document in documents {
            let found = try #require(ExplicitFile(document.bytes)).tags
            let tables = ObjectAttribute.common + ObjectAttribute.own(document.kind)
            let known = Set(tables.map(\.tag)), always = Set(tables.filter(\.isAlways).map(\.tag))
            #expect(Set(found).subtracting(known).isEmpty, "\(document.kind.rawValue)")
            #expect(always.subtracting(found).isEmpty, "\(document.kind.rawValue)")
            #expect(found == found.sorted() && Set(found).count == found.count)
        }
    }

    @Test("Every item of a report has its row in the template", arguments: 0..<10 as Range<UInt64>)
    func template(seed: UInt64) throws {
        let codes = try CodeTable.builtIn()
        let exam = try MadeExam.exam(seed: seed)
        let context = try MadeContext.context(seed: seed)
        let pictures = try RecordPicture.all(
            of: MadeExam.spectrograms(of: exam, count: 9), exam: exam, context.identifiers)
        let tree = try ReportTree(
            try ExamContent(exam, isAmendment: seed % 2 == 1), context, codes, pictures)
        // The rows that the items above the current one matched, from the root down.
        var path: [Int] = []
        for item in tree.items {
            path.removeLast(path.count - item.depth)
            let row = Self.row(of: item, below: path.last, codes)
            #expect(row != nil, "\(item.depth) \(item.relationship.rawValue) \(item.name.meaning)")
            guard let row else { return }
            path.append(row)
        }
        #expect(tree.items.count > 100)
    }

    private static func row(of item: ReportItem, below parent: Int?, _ codes: CodeTable) -> Int? {
        let rows = TemplateRow.all
        guard let parent else { return 0 }
        for index in (parent + 1)..<rows.count {
            guard rows[index].depth > rows[parent].depth else { return nil }
            let isIt =
                rows[index].depth == rows[parent].depth + 1 && rows[index].relationship == item.relationship
                && rows[index].valueType == item.value.type && rows[index].concepts.contains { codes[$0] == item.name }
            if isIt { return index }
        }
        return nil
    }
}
