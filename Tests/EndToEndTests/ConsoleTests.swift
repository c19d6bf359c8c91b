import ExamArchive
import Foundation
import Testing

@Suite("the console", .enabled(if: ConsoleRig.hasPython, ConsoleRig.comment))
struct ConsoleTests {
    @Test("an exam goes by HTTP and WebSocket from a new patient to signed and queued, and the archive holds it")
    func wholeExam() throws {
        try Program.inTemporaryFolder { folder in
            let rig = try ConsoleRig(folder)
            // Nobody listens there: what is queued stays queued.
            let settings = folder + "/record.yaml"
            let text = """
                station: {title: DOPPLER, serial: S-1, device-uid: 2.25.5}
                destinations:
                  - {name: ehr, kind: hl7, host: 127.0.0.1, port: 9, retries: {first-seconds: 60, longest-seconds: 60}}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: settings))
            let site = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular)
            let link = try rig.start("sim:ccsvi", ["--settings", settings, "--protocol", site])
            let made = try rig.browse(link, "begin", "S001", "our-clinic")
            #expect(made["phase"] as? String == "ended" && made["simulated"] as? [Bool] == [true])
            #expect((made["outcome"] as? [String: Any])?["verdict"] != nil)
            let events = try #require(made["events"] as? [String: Int])
            #expect(events["exam"] ?? 0 > 5 && events["patients"] ?? 0 > 0)
            let pieces = try #require(made["pieces"] as? [String: Int])
            #expect(pieces["Columns"] ?? 0 > 0, "columns came while it was recorded: \(pieces)")
            // A link lets one browser in, once.
            #expect(throws: ConsoleRig.NotBrowsed.self) { try rig.browse(link, "finish", "none") }
            #expect(try rig.end(SIGTERM) == 0)
            let exam = try #require(made["examID"] as? String)
            let seen = try rig.browse(
                try rig.start("sim:ccsvi", ["--settings", settings, "--protocol", site]), "finish", exam)
            #expect(seen["definitions"] as? Int == 5 && seen["indication"] as? String == "first visit")
            #expect(seen["columns"] as? Int ?? 0 > 100)
            #expect(seen["reportHead"] as? String == "%PDF-")
            #expect(seen["queued"] as? Int ?? 0 > 0 && seen["again"] as? Int == 409)
            #expect(seen["state"] as? String == "signed" && seen["name"] as? String == "Gauß^Zoë")
            #expect((seen["outbox"] as? [String])?.isEmpty == false)
            #expect(seen["isTraceKept"] as? Bool == true)
            #expect(try rig.end(SIGINT) == 0)
            try expectWhole(rig, exam)
        }
    }

    /// The archive holds the exam signed, with its recordings and marks, and is without a finding.
    private func expectWhole(_ rig: ConsoleRig, _ exam: String) throws {
        let verified = try Program.run(["archive", "verify", rig.archive])
        #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
        let archive = try Archive(reading: rig.archive)
        let archived = try archive.exam(exam)
        #expect(archived.state == .signed && archived.isSimulated == true)
        let names = try archive.files(of: archived).map(\.name)
        #expect(names.contains("marks.json") && names.contains("report.pdf"))
        #expect(names.contains("recordings/01-ijv.right.j1.supine.dbrec"))
        #expect(try archive.deliveries(of: exam).allSatisfy { $0.destination == "ehr" })
        #expect(!FileManager.default.fileExists(atPath: rig.shelf + "/" + exam))
    }

    @Test("a console that is killed in a recording loses nothing that it told, and the exam goes on to its end")
    func killed() throws {
        try Program.inTemporaryFolder { folder in
            let rig = try ConsoleRig(folder)
            let site = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular)
            let begun = try rig.browse(
                try rig.start("sim:ccsvi?pace=real", ["--protocol", site]), "begin", "S001", "our-clinic", "1")
            #expect(begun["phase"] as? String == "recording")
            #expect(try rig.end(SIGKILL) == nil)
            let exam = try #require(begun["examID"] as? String)
            let recording = try #require(begun["recordingID"] as? String)
            let kept = rig.shelf + "/\(exam)/recordings/\(recording).dbrec"
            let told = try #require(begun["recordedSeconds"] as? Double)
            #expect(told >= 2)
            #expect(try Self.seconds(of: kept) >= told - 0.5)
            let before = try Data(contentsOf: URL(fileURLWithPath: kept))
            let goneOn = try rig.browse(try rig.start("sim:ccsvi", ["--protocol", site]), "continue", exam)
            let listed = try #require((goneOn["listed"] as? [[String: Any]])?.first)
            #expect(listed["isUnfinished"] as? Bool == true && listed["name"] as? String == "Gauß^Zoë")
            #expect(goneOn["phase"] as? String == "ended")
            #expect(try rig.end(SIGTERM) == 0)
            let archive = try Archive(reading: rig.archive)
            let archived = try archive.exam(exam)
            #expect(archived.state == .analysed)
            let copy = archive.folder(of: archived) + "/recordings/\(recording).dbrec"
            #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == before, "what was recorded stays as it was")
            #expect(try archive.files(of: archived).contains { $0.name.contains("\(recording)-take2") })
            #expect(try Program.run(["archive", "verify", rig.archive]).status == 0)
        }
    }

    /// How much of a recording reads back, seconds.
    private static func seconds(of recording: String) throws -> Double {
        let run = try Program.run(["analyse", "--json", "--probe", "replay:" + recording])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let segment = try #require((document["segments"] as? [[String: Any]])?.first)
        let gate = try #require((segment["gates"] as? [[String: Any]])?.first)
        return try #require((gate["timeSeconds"] as? [Double])?.last)
    }

    @Test("a console that is ended in a recording closes it, the exam and the archive")
    func ended() throws {
        try Program.inTemporaryFolder { folder in
            let rig = try ConsoleRig(folder)
            let site = try SiteProtocol.write(in: folder, holding: SiteProtocol.rightJugular)
            let begun = try rig.browse(
                try rig.start("sim:ccsvi?pace=real", ["--protocol", site]), "begin", "S001", "our-clinic", "1")
            #expect(try rig.end(SIGTERM) == 0)
            let exam = try #require(begun["examID"] as? String)
            let archived = try Archive(reading: rig.archive).exam(exam)
            #expect(archived.state == .analysed, "what there is of the exam is in the archive")
            let files = try Archive(reading: rig.archive).files(of: archived)
            #expect(files.filter(\.isRecording).map(\.recording) == ["whole"])
            #expect(try Program.run(["archive", "verify", rig.archive]).status == 0)
        }
    }

    @Test("without an archive the console makes one and a key for the names, once, and says where")
    func ownArchive() throws {
        try Program.inTemporaryFolder { folder in
            let script = """
                export XDG_STATE_HOME="$1/state"; exec 3< <(exec "$0" console --probe sim:ccsvi 2> "$1/said")
                while read -r line <&3; do case "$line" in Open*) break;; esac; done
                kill -TERM $(cat "$1/state/dopplerbridge/console/archive/archive.lock" | grep -o 'process [0-9]*' | grep -o '[0-9]*')
                cat <&3; cat "$1/said"
                """
            for isFirst in [true, false] {
                let run = try Program.tool("/bin/bash", ["-c", script, Program.path, folder])
                #expect(run.output.contains("An archive was made: ") == isFirst, "\(run.output)")
                #expect(run.output.contains("identity.key. Keep a copy") == isFirst)
            }
            let key = folder + "/state/dopplerbridge/console/identity.key"
            let facts = try FileManager.default.attributesOfItem(atPath: key)
            #expect((facts[.posixPermissions] as? Int) == 0o600 && (facts[.size] as? Int) == 32)
        }
    }

    @Test("other computers are let in to an archive with accounts alone")
    func others() throws {
        try Program.inTemporaryFolder { folder in
            let rig = try ConsoleRig(folder)
            let run = try Program.run([
                "console", "--probe", "sim:ccsvi", "--archive", rig.archive, "--host", "0.0.0.0", "--name", "console",
                "--certificate", folder + "/none.pem", "--certificate-key", folder + "/none.key",
            ])
            #expect(run.status == 2 && run.errors.contains("the archive has no accounts"), "\(run.errors)")
        }
    }

    @Test(
        "options that do not go together are refused",
        arguments: [
            ["--probe", "wav:x.wav"], ["--language", "xx"], ["--key-file", "a", "--passphrase-file", "b"],
            ["--archive", "/nonexistent"], ["--settings", "/nonexistent"], ["--port", "70000"],
            ["--host", "0.0.0.0"], ["--certificate", "a.pem"],
        ])
    func refused(_ arguments: [String]) throws {
        let run = try Program.run(["console"] + arguments)
        #expect(run.status == 2 || run.status == 5 || run.status == 4, "\(run.status)")
        #expect(run.errors.hasPrefix("dopplerbridge: ") && run.output.isEmpty)
    }
}
