@testable import ClinicRecord
import Foundation
import Testing

@Suite("Conformance statement: the network")
struct NetworkConformanceTests {
    @Test("CONFORMANCE.md ends with what the delivery's tables say")
    func upToDate() throws {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("CONFORMANCE.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let isSame = text.hasSuffix("\n\n" + NetworkConformance.text + "\n")
        #expect(isSame, "write it anew: dopplerbridge record conformance >CONFORMANCE.md")
    }

    @Test("every attribute that goes over the network has its name there")
    func names() {
        let rows = NetworkConformance.text.split(separator: "\n").filter { $0.hasPrefix("| (") }
        #expect(rows.count > 50)
        for row in rows {
            let name = row.split(separator: "|")[1].trimmingCharacters(in: .whitespaces)
            #expect(name.contains { $0.isLowercase }, "\(row)")
        }
    }
}
