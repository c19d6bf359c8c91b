import ClinicRecord
import Foundation
import RecordDocuments
import Synchronization
import TestSupport
import Testing

@Suite("worklist, procedure steps and storage commitment")
struct DICOMServiceTests {
    private func peer(_ port: UInt16, _ title: String = "PEER") -> DICOMPeer {
        DICOMPeer(host: "127.0.0.1", port: port, calledTitle: title, callingTitle: "DOPPLER", timeoutSeconds: 5)
    }

    /// DICOM JSON of scheduled steps.
    private func write(_ names: [String], to folder: String) throws -> String {
        let items = names.enumerated().map { index, name in
            """
            {"00100010": {"vr": "PN", "Value": [{\(name)}]},
             "00100020": {"vr": "LO", "Value": ["P-\(index)"]}, "00100021": {"vr": "LO", "Value": ["CLINIC"]},
             "00100030": {"vr": "DA", "Value": ["19610430"]}, "00100040": {"vr": "CS", "Value": ["F"]},
             "0020000D": {"vr": "UI", "Value": ["1.2.\(index + 1)"]}, "00080050": {"vr": "SH", "Value": ["A\(index)"]},
             "00401001": {"vr": "SH", "Value": ["RP\(index)"]},
             "00400100": {"vr": "SQ", "Value": [{
                "00080060": {"vr": "CS", "Value": ["US"]}, "00400001": {"vr": "AE", "Value": ["DOPPLER"]},
                "00400002": {"vr": "DA", "Value": ["2026013\(index % 2)"]}, "00400003": {"vr": "TM", "Value": ["101500"]},
                "00400009": {"vr": "SH", "Value": ["SPS\(index)"]}}]}}
            """
        }
        let file = folder + "/worklist.json"
        try Data("[\(items.joined(separator: ","))]".utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    @Test("scheduled steps come with names in any script", .enabled(if: Needs.hasPython, Needs.python))
    func worklist() throws {
        try Needs.folder { folder in
            let names = [
                #""Alphabetic": "Świątek^Łucja^Maria""#,
                #""Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう""#,
            ]
            let scp = try Peer("peer_scp.py", in: folder, ["--worklist", try write(names, to: folder)])
            var query = WorklistQuery()
            query.stationTitle = "DOPPLER"
            let all = try peer(scp.port).worklist(query)
            #expect(all.items.map(\.subject.name.family) == ["Świątek", "Yamada"])
            #expect(all.items[0].subject.name.given == "Łucja Maria")
            #expect(all.items[1].subject.name.ideographic == RecordNameParts(family: "山田", given: "太郎"))
            #expect(all.items[1].subject.name.phonetic == RecordNameParts(family: "やまだ", given: "たろう"))
            #expect(all.items[0].subject.birthDate == "1961-04-30" && all.items[0].subject.sex == .female)
            #expect(all.items[0].order.studyInstanceUID == "1.2.1" && all.items[0].order.scheduledStepID == "SPS0")
            #expect(all.items[0].order.requestedProcedureID == "RP0" && all.items[0].startTime == "101500")
            query.date = "20260131"
            #expect(try peer(scp.port).worklist(query).items.map(\.subject.patientID) == ["P-1"])
            query.stationTitle = "OTHER"
            #expect(try peer(scp.port).worklist(query) == Worklist())
        }
    }

    @Test(
        "a server that leaves its character set out is read by the default", .enabled(if: Needs.hasPython, Needs.python)
    )
    func defaultCharacterSet() throws {
        try Needs.folder { folder in
            let file = try write([#""Alphabetic": "Müller^Jörg""#, #""Alphabetic": "Smith^Ann""#], to: folder)
            let scp = try Peer(
                "peer_scp.py", in: folder,
                ["--worklist", file, "--worklist-charset", "ISO_IR 100", "--leave-charset-out"])
            var query = WorklistQuery()
            let without = try peer(scp.port).worklist(query)
            // A name is right or it is not there.
            #expect(without.items.map(\.subject.name.family) == ["Smith"])
            #expect(without.unreadableCount == 1)
            query.defaultCharacterSet = "ISO_IR 100"
            #expect(try peer(scp.port).worklist(query).items.map(\.subject.name.family) == ["Müller", "Smith"])
        }
    }

    @Test("a query is cancelled when there are too many answers", .enabled(if: Needs.hasPython, Needs.python))
    func mostAnswers() throws {
        try Needs.folder { folder in
            let names = (0..<8).map { #""Alphabetic": "N\#($0)""# }
            let scp = try Peer("peer_scp.py", in: folder, ["--worklist", try write(names, to: folder)])
            var query = WorklistQuery()
            query.mostAnswers = 3
            #expect(try peer(scp.port).worklist(query).items.count == 3)
        }
    }

    @Test("a status at the end of the answers is an error", .enabled(if: Needs.hasPython, Needs.python))
    func worklistRefused() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder, ["--worklist-status", "0xA700"])
            let error = failure { () throws(ClinicRecordError) in _ = try peer(scp.port).worklist(WorklistQuery()) }
            #expect(
                error
                    == .refused(peer: peer(scp.port).description, what: "the worklist query", status: 0xA700))
        }
    }

    @Test(
        "wlmscpfs gives a Latin-1 name without its character set, and it is read by the default",
        .enabled(if: Needs.program("wlmscpfs"), Needs.comment("wlmscpfs", "dcmtk")))
    func wlmscpfs() throws {
        try Needs.folder { folder in
            let dump = """
                (0008,0005) CS [ISO_IR 100]
                (0008,0050) SH [A7]
                (0010,0010) PN [M\u{FC}ller^J\u{F6}rg]
                (0010,0020) LO [P-7]
                (0020,000d) UI [1.2.7]
                (0032,1060) LO [Veins of the neck]
                (0040,1001) SH [RP7]
                (0040,0100) SQ
                (fffe,e000) -
                (0008,0060) CS [US]
                (0040,0001) AE [DOPPLER]
                (0040,0002) DA [20260131]
                (0040,0003) TM [101500]
                (0040,0006) PN [Curie^Marie]
                (0040,0007) LO [Veins of the neck]
                (0040,0009) SH [SPS7]
                (fffe,e00d) -
                (fffe,e0dd) -

                """
            try dump.data(using: .isoLatin1)?.write(to: URL(fileURLWithPath: folder + "/one.dump"))
            let server = try Peer("wlmscpfs.py", in: folder)
            var query = WorklistQuery()
            query.defaultCharacterSet = "ISO_IR 100"
            let found = try peer(server.port, "WORKLIST").worklist(query)
            #expect(found.items.map(\.subject.name) == [RecordPersonName(family: "Müller", given: "Jörg")])
            let queries = try FileManager.default.contentsOfDirectory(atPath: folder + "/queries")
            #expect(!queries.isEmpty)
        }
    }

    private let step = ProcedureStep(
        instanceUID: "2.25.77", stepID: "STEP1", stationTitle: "DOPPLER", startDate: "20260131", startTime: "101500",
        order: RecordOrder(
            studyInstanceUID: "1.2.3", accessionNumber: "A1", requestedProcedureID: "RP1", scheduledStepID: "SPS1"))
    private let subject = RecordSubject(
        name: RecordPersonName(family: "Świątek", given: "Łucja"), patientID: "P-1", birthDate: "1961-04-30",
        sex: .female)

    @Test(
        "a strict peer takes a step's beginning and its end, the beginning twice",
        .enabled(if: Needs.hasPython, Needs.python))
    func stepCompleted() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder)
            try peer(scp.port).begin(step, of: subject)
            // The first answer may have been lost.
            try peer(scp.port).begin(step, of: subject)
            let image = ProcedureStep.Reference(sopClassUID: TinyObject.ultrasound, sopInstanceUID: "1.2.3.4")
            let series = ProcedureStep.Series(instanceUID: "1.2.3.1", protocolName: "Veins", images: [image])
            try peer(scp.port).end("2.25.77", .completed(series: [series]), date: "20260131", time: "110000")
            #expect(scp.events("mpps-create").map(\.status) == [0, 0x0111])
            #expect(scp.events("mpps-set").first?.problems == [])
            // What is final stays so.
            let again = failure { () throws(ClinicRecordError) in
                try peer(scp.port).end("2.25.77", .completed(series: [series]), date: "20260131", time: "110000")
            }
            guard case .refused(_, _, 0x0110) = again else {
                Issue.record("\(String(describing: again))")
                return
            }
        }
    }

    @Test("a step is discontinued with its reason", .enabled(if: Needs.hasPython, Needs.python))
    func stepDiscontinued() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder)
            try peer(scp.port).begin(step, of: subject)
            try peer(scp.port).end(
                "2.25.77", .discontinued(reason: .wrongEntry, series: []), date: "20260131", time: "110000")
            let line = try String(contentsOfFile: folder + "/events.jsonl", encoding: .utf8)
            #expect(line.contains("DISCONTINUED") && line.contains("110514"))
            #expect(scp.events("mpps-set").first?.status == 0)
        }
    }

    @Test("a step that is refused is told with its status", .enabled(if: Needs.hasPython, Needs.python))
    func stepRefused() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder, ["--mpps-status", "0x0110"])
            let error = failure { () throws(ClinicRecordError) in try peer(scp.port).begin(step, of: subject) }
            guard case .refused(_, _, 0x0110) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    /// Keeps what a listener hears.
    private final class Heard: Sendable {
        let reports = Mutex<[CommitmentReport]>([])

        func wait() -> CommitmentReport? {
            for _ in 0..<500 {
                if let first = reports.withLock({ $0.first }) { return first }
                usleep(10_000)
            }
            return nil
        }
    }

    @Test(
        "a report on the same association, on one of its own, and none", .enabled(if: Needs.hasPython, Needs.python),
        arguments: ["same", "new", "never", "fail"])
    func commitment(_ kind: String) throws {
        try Needs.folder { folder in
            let listening = Needs.freePort()
            let scp = try Peer("peer_scp.py", in: folder, ["--commit", kind, "--commit-port", "\(listening)"])
            let heard = Heard()
            let listener = try CommitmentListener(
                ListenerSettings(title: "DOPPLER", port: listening, knownTitles: ["PEER"])
            ) { report in
                heard.reports.withLock { $0.append(report) }
                return true
            }
            #expect(peer(scp.port).store([TinyObject.make("1.2.3.1")]).map(\.error) == [nil])
            let objects = ["1.2.3.1", "1.2.3.2"].map {
                ProcedureStep.Reference(sopClassUID: TinyObject.encapsulatedPDF, sopInstanceUID: $0)
            }
            try peer(scp.port).requestCommitment("2.25.99", of: objects, waitSeconds: kind == "same" ? 3 : 0) {
                report in
                heard.reports.withLock { $0.append(report) }
                return true
            }
            withExtendedLifetime(listener) {
                guard kind != "never" else { return #expect(heard.reports.withLock { $0.isEmpty }) }
                let report = heard.wait()
                #expect(report?.transactionUID == "2.25.99")
                #expect(report?.committed == (kind == "fail" ? [] : ["1.2.3.1"]))
                #expect(report?.failed["1.2.3.2"] == "it does not have this object")
                #expect(scp.wait(for: "report") && scp.events("report").first?.status == nil)
            }
        }
    }

    @Test(
        "the listener answers echoes, keeps strangers out and ends when it is told",
        .enabled(if: Needs.program("echoscu"), Needs.comment("echoscu", "dcmtk")))
    func listener() throws {
        let port = Needs.freePort()
        func echo(_ calling: String, _ called: String = "DOPPLER") throws -> Int32 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/echoscu")
            process.arguments = ["-q", "-to", "3", "-aet", calling, "-aec", called, "127.0.0.1", "\(port)"]
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        do {
            let listener = try CommitmentListener(
                ListenerSettings(title: "DOPPLER", port: port, knownTitles: ["ARCHIVE"])
            ) { _ in true }
            try withExtendedLifetime(listener) {
                #expect(try echo("ARCHIVE") == 0)
                #expect(try echo("STRANGER") != 0)
                #expect(try echo("ARCHIVE", "OTHER") != 0)
                // Bytes that are no DICOM do not end it.
                let noise = DICOMPeer(host: "127.0.0.1", port: port, calledTitle: "DOPPLER", callingTitle: "ARCHIVE")
                try noise.echo()
                let taken = ListenerSettings(title: "SECOND", port: port)
                #expect(throws: ClinicRecordError.self) { _ = try CommitmentListener(taken) { _ in true } }
            }
        }
        #expect(try echo("ARCHIVE") != 0)
    }
}
