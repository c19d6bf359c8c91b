import CCSVIAnalysis
import Foundation
import RegistryExport
import Testing

@Suite("Exams for a registry")
struct RegistryExportTests {
    @Test("an exam becomes the rows that were worked out by hand")
    func rowsByHand() throws {
        let export = RegistryExport([try RegistryFixture.exam()])
        let exams = try #require(export.tables.first { $0.name == "exams" })
        #expect(
            exams.csv
                == "exam,subject,version,isSigned,isSimulated,isBlinded,day,ageYears,sex,protocol,definition,verdict,"
                + "criteriaMet,criteriaOpen,vhissLow,vhissHigh\r\n"
                + "000102030405060f,ffeeddccbbaa9988,1,true,true,false,2025-12-22,64,female,standard,zamboni-2009,"
                + "indeterminate,0,5,0,16\r\n")
        #expect(
            exams.jsonLines.hasPrefix(
                "{\"exam\":\"000102030405060f\",\"subject\":\"ffeeddccbbaa9988\",\"version\":1,\"isSigned\":true,"))
        let areas = try #require(export.tables.first { $0.name == "areas" })
        #expect(
            areas.csv.split(separator: "\r\n").dropFirst() == [
                "000102030405060f,1,left,j2,supine,examined,42.5,ellipse,endExpiration,",
                "000102030405060f,1,right,j2,sitting,notAssessable,,,,",
            ])
        #expect(export.leftOut.isEmpty)
    }

    @Test("no text of an exam, its subject or its devices is in any file, whatever the texts are")
    func noFreeText() throws {
        let mark = "Gräfin, \"J\"; 4711\r\n"
        let export = RegistryExport([try RegistryFixture.exam(filledWith: mark)])
        for text in export.tables.flatMap({ [$0.csv, $0.jsonLines] }) + [export.dictionaryCSV] {
            #expect(!text.contains("Gräfin") && !text.contains("4711") && !text.contains("S-17"))
            #expect(!text.contains("1961") && !text.contains("2026-01-31"))
        }
        let exams = try #require(export.tables.first { $0.name == "exams" })
        #expect(exams.csv.contains(",own,own,"))
    }

    @Test("ages over 89 are one group", arguments: [("1936-01-31", "90"), ("1936-02-01", "89"), ("1900-01-01", "90")])
    func cappedAges(birth: String, shown: String) throws {
        var exam = try RegistryFixture.exam()
        exam.birthDate = RegistryDate(birth)
        let row = try #require(RegistryExport([exam]).tables[0].csv.split(separator: "\r\n").last)
        #expect(row.split(separator: ",", omittingEmptySubsequences: false)[7] == shown)
    }

    @Test("what is not known is left empty, never 0")
    func missing() throws {
        var exam = try RegistryFixture.exam()
        exam.birthDate = nil
        exam.sex = nil
        exam.exam.startedAt = "some day"
        let table = RegistryExport([exam]).tables[0]
        #expect(table.csv.contains(",true,false,,,,standard,"))
        #expect(table.jsonLines.contains("\"day\":null,\"ageYears\":null,\"sex\":null"))
    }

    @Test("a value that its column does not allow is left out and counted")
    func notFinite() throws {
        var exam = try RegistryFixture.exam()
        exam.exam.measurements.lumenAreas[0].areaMm2 = .infinity
        let export = RegistryExport([exam])
        #expect(export.leftOut == ["areas": 1])
        #expect(export.tables[4].csv.contains("examined,,ellipse"))
    }

    @Test("the order of the rows is that of the pseudonyms")
    func order() throws {
        let early = try RegistryFixture.exam(hash: [9, 1, 2, 3, 4, 5, 6, 7])
        let late = try RegistryFixture.exam(hash: [1, 1, 2, 3, 4, 5, 6, 7])
        #expect(RegistryExport([early, late]).tables == RegistryExport([late, early]).tables)
        #expect(RegistryExport([early, late]).tables[0].jsonLines.hasPrefix("{\"exam\":\"0101020304050607\""))
    }

    @Test("every line of JSON is an object with every column, as another reader sees it")
    func jsonLines() throws {
        for table in RegistryExport([try RegistryFixture.exam()]).tables {
            let lines = table.jsonLines.split(separator: "\n")
            #expect(lines.count == table.rows.count)
            for line in lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(Set(try #require(object).keys) == Set(table.columns))
            }
        }
    }

    @Test("the dictionary tells of every column of every table, once")
    func dictionary() throws {
        let export = RegistryExport([])
        let lines = export.dictionaryCSV.split(separator: "\r\n").dropFirst()
        let told = lines.map { $0.split(separator: ",").prefix(2).joined(separator: ".") }
        let there = export.tables.flatMap { table in table.columns.map { "\(table.name).\($0)" } }
        #expect(told == there)
        #expect(lines.contains { $0.hasPrefix("areas,areaMm2,number,mm2,,") })
        #expect(lines.contains { $0.hasPrefix("exams,verdict,word,,positive negative borderline indeterminate,") })
    }
}
