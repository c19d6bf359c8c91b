import Foundation
import Testing

@Suite("accounts, export and purge as their own process")
struct ArchiveAccountTests {
    private func passphrase(_ name: String, in rig: ArchiveRig) throws -> String {
        let path = rig.path + "/" + name + ".txt"
        try Data("the passphrase of \(name)\nanother line\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(chmod(path, 0o600) == 0)
        return path
    }

    @Test("with accounts a reader signs and a technician does not, and nobody's passphrase stands in the process list")
    func roles() throws {
        try ArchiveRig.with { rig in
            #expect(try rig.run("show", ["EX-9"]).status == 2)
            #expect(try rig.run("add", [rig.exam]).status == 0)
            #expect(try rig.run("show", ["EX-1"]).errors.contains("This archive has no accounts"))
            var secrets: [String: String] = [:]
            // With a low cost, so that trying them is short; the program's own is tried below.
            let acts = (Program.path as NSString).deletingLastPathComponent + "/ArchiveActs"
            let made = try Program.tool(acts, ["accounts", rig.archive])
            #expect(made.status == 0, "\(made.output)")
            for name in ["adam", "rita", "tom"] { secrets[name] = try passphrase(name, in: rig) }
            let listed = try Program.run(["archive", "account", "list", rig.archive])
            #expect(listed.output.split(separator: "\n").count == 3)
            let nobody = try rig.run("sign", ["EX-1"])
            #expect(nobody.status == 2 && nobody.errors.contains("give --as NAME"))
            let tom = try rig.run("sign", ["EX-1", "--as", "tom", "--account-passphrase-file", secrets["tom"] ?? ""])
            #expect(tom.status == 2 && tom.errors.contains("may not sign or amend exams: sign in as reader"))
            let wrong = try rig.run(
                "sign", ["EX-1", "--as", "rita", "--account-passphrase-file", secrets["tom"] ?? ""])
            #expect(wrong.status == 2 && wrong.errors.contains("not its passphrase"))
            let descriptor = try rig.run(
                "sign", ["EX-1", "--as", "rita", "--account-passphrase-file", "fd:7"],
                through: "exec 7< '\(secrets["rita"] ?? "")';")
            #expect(descriptor.status == 0, "\(descriptor.errors)")
            #expect(try rig.run("show", ["EX-1"]).output.contains("by rita"))
            let log = try rig.run("audit").output
            for part in ["tom  permissionRefused", "rita  signedIn", "signInRefused", "rita  examSigned"] {
                #expect(log.contains(part), "\(part)")
            }
            #expect(try rig.run("verify").status == 0)
            #expect(try Program.tool("/bin/grep", ["-rl", "the passphrase of", rig.archive]).status == 1)
        }
    }

    @Test(
        "a passphrase's file that others may read, that is a link or not there is refused, and so is asking without a terminal"
    )
    func passphraseFiles() throws {
        try ArchiveRig.with { rig in
            let file = try passphrase("adam", in: rig)
            let add = { (arguments: [String]) in
                try Program.run(
                    ["archive", "account", "add", rig.archive, "adam", "--role", "administrator"] + arguments)
            }
            #expect(try add([]).errors.contains("no terminal to ask on"))
            #expect(chmod(file, 0o644) == 0)
            #expect(try add(["--new-passphrase-file", file]).errors.contains("chmod 600"))
            #expect(chmod(file, 0o600) == 0)
            let link = rig.path + "/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
            #expect(try add(["--new-passphrase-file", link]).status == 5)
            #expect(try add(["--new-passphrase-file", rig.path + "/nosuch"]).status == 5)
            #expect(try add(["--new-passphrase-file", "fd:x"]).status == 2)
            #expect(try Program.run(["archive", "account", "list", rig.archive]).output.contains("no accounts"))
        }
    }

    @Test(
        "an export is checked by sha256sum, and a purge lists without --yes and removes nothing that is not past its term"
    )
    func exportAndPurge() throws {
        try ArchiveRig.with { rig in
            #expect(try rig.run("add", [rig.exam]).status == 0)
            #expect(try rig.run("sign", ["EX-1"]).status == 0)
            let export = try rig.run("export", ["EX-1", "--into", rig.path + "/out"])
            #expect(export.status == 0, "\(export.errors)")
            let sums = try Program.tool(
                "/bin/sh", ["-c", "cd '\(rig.path)/out' && sha256sum --quiet --strict --check SHA256SUMS"])
            #expect(sums.status == 0, "\(sums.output)")
            let again = try rig.run("export", ["EX-1", "--into", rig.path + "/out"])
            #expect(again.status == 5)
            let listed = try rig.run("purge", ["--older-than-years", "1"])
            #expect(listed.status == 0 && listed.output.contains("To be purged: 0 exams; nothing was removed"))
            #expect(try rig.run("purge", ["--older-than-years", "1", "--yes"]).status == 2)
            let purged = try rig.run("purge", ["--older-than-years", "1", "--yes", "--reason", "term"])
            #expect(purged.status == 0 && purged.output.contains("Purged: 0 exams"))
            #expect(try rig.run("purge", ["--older-than-years", "0"]).status == 2)
            #expect(try rig.run("verify").status == 0)
            #expect(try rig.run("audit").output.contains("examExported  EX-1, version 1"))
        }
    }
}
