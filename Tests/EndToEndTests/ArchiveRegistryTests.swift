import Foundation
import Testing

@Suite("The registry of an archive, as a user runs it")
struct ArchiveRegistryTests {
    @Test("signed exams are written without identity, and no byte of it is in any file")
    func export() throws {
        try ArchiveRig.with { rig in
            for name in ["registry", "identity"] { try key(rig.path + "/\(name).key") }
            try Data(
                #"{"familyName":"Wiśniewska","givenName":"Zofia","birthDate":"1961-04-30","sex":"female","patientID":"PID-77123"}"#
                    .utf8
            )
            .write(to: URL(fileURLWithPath: rig.path + "/identity.json"))
            #expect(try rig.run("add", [rig.exam]).status == 0)
            let identity = ["set", rig.archive, "S001", "--from", rig.path + "/identity.json"]
            let stored = try Program.run(
                ["archive", "identity"] + identity + ["--key-file", rig.path + "/identity.key"])
            #expect(stored.status == 0)
            let options = [
                "--into", rig.path + "/out", "--registry-key", rig.path + "/registry.key", "--key-file",
                rig.path + "/identity.key",
            ]
            let none = try rig.run("registry", options)
            #expect(none.status == 2 && none.errors.contains("holds no signed exam"))
            #expect(try rig.run("sign", ["EX-1"]).status == 0)
            let run = try rig.run("registry", options)
            #expect(run.status == 0 && run.output.contains("Registry: 1 exams"))
            let names = try FileManager.default.contentsOfDirectory(atPath: rig.path + "/out")
            #expect(names.count == 13 && names.contains("dictionary.csv"))
            for name in names {
                let text = try String(contentsOfFile: rig.path + "/out/" + name, encoding: .utf8)
                for secret in ["Wi", "Zofia", "1961", "PID-77123", "77123", "S001", "EX-1", "sim:"] {
                    #expect(!text.contains(secret), "\(secret) is in \(name)")
                }
            }
            let exams = try String(contentsOfFile: rig.path + "/out/exams.jsonl", encoding: .utf8)
            #expect(exams.contains("\"sex\":\"female\"") && exams.contains("\"isSigned\":true"))
            #expect(try rig.run("audit").output.contains("registryExported"))
            #expect(try rig.run("registry", options).errors.contains("not empty"))
        }
    }

    @Test("an exam whose document was changed on the disk is not exported")
    func damaged() throws {
        try ArchiveRig.with { rig in
            try key(rig.path + "/registry.key")
            #expect(try rig.run("add", [rig.exam]).status == 0)
            #expect(try rig.run("sign", ["EX-1"]).status == 0)
            let path = rig.archive + "/exams/EX-1/exam.json"
            try Data(try String(contentsOfFile: path, encoding: .utf8).replacing("supine", with: "sittin").utf8)
                .write(to: URL(fileURLWithPath: path))
            let run = try rig.run(
                "registry", ["--into", rig.path + "/out", "--registry-key", rig.path + "/registry.key"])
            #expect(run.status == 4 && run.errors.contains("its SHA-256 is not the one that was archived"))
            #expect(!FileManager.default.fileExists(atPath: rig.path + "/out"))
        }
    }

    private func key(_ path: String) throws {
        try Data((0..<32).map { UInt8($0) ^ UInt8(truncatingIfNeeded: path.utf8.count) }).write(
            to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
}
