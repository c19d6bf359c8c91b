import Foundation
import Testing

@Suite("archive as its own process")
struct ArchiveTests {
    @Test("a real exam is archived, signed, backed up and restored, and its report is made again to the same bytes")
    func wholeWay() throws {
        try Program.inTemporaryFolder { folder in
            let exam = folder + "/exam"
            _ = try Program.run([
                "exam", "run", "--probe", "sim:incomplete", "--output", exam, "--exam-id", "EX-1", "--report",
            ])
            let archive = folder + "/archive"
            for words in [
                ["init", archive], ["add", archive, exam], ["sign", archive, "EX-1", "--by", "anna"],
                ["verify", archive], ["backup", archive, folder + "/backup"], ["verify", folder + "/backup"],
                ["restore", folder + "/backup", folder + "/restored"], ["verify", folder + "/restored"],
                ["audit", archive, "--check"],
            ] {
                let run = try Program.run(["archive"] + words)
                #expect(run.status == 0, "\(words): \(run.errors)")
            }
            let log = try Program.run(["archive", "audit", archive])
            #expect(log.output.contains("anna  examSigned  EX-1, version 1: documents SHA-256 "))
            let stored = try Data(contentsOf: URL(fileURLWithPath: exam + "/report.pdf"))
            let again = folder + "/again"
            try FileManager.default.copyItem(atPath: folder + "/restored/exams/EX-1", toPath: again)
            try FileManager.default.removeItem(atPath: again + "/report.pdf")
            #expect(try Program.run(["report", again]).status == 0)
            #expect(try Data(contentsOf: URL(fileURLWithPath: again + "/report.pdf")) == stored)
            #expect(try Program.run(["exam", "reanalyse", again]).output.contains("byte for byte"))
        }
    }

    @Test("two processes at once: each writes or is told who does, and nothing is lost or doubled")
    func atOnce() throws {
        try ArchiveRig.with { rig in
            let script = """
                for n in 1 2 3 4 5 6 7 8; do
                  "$0" archive add "$1/archive" "$1/EX-1" > "$1/said-$n" 2>&1 & pids="$pids $!"
                done
                for pid in $pids; do wait $pid; echo $?; done
                """
            let run = try Program.tool("/bin/bash", ["-c", script, Program.path, rig.path])
            let statuses = run.output.split(separator: "\n").map(String.init)
            #expect(statuses.filter { $0 == "0" }.count == 1, "\(statuses)")
            for number in 1...8 {
                let said = try String(contentsOfFile: rig.path + "/said-\(number)", encoding: .utf8)
                #expect(
                    said.contains("EX-1  ") || said.contains("another process writes to this archive (")
                        || said.contains("in the archive already"), "\(said)")
            }
            #expect(try rig.run("verify").status == 0)
            #expect(try rig.run("list").output.split(separator: "\n").count == 1)
        }
    }

    @Test("a disk that is full at any place ends with 5 and one line, and the archive is as it was before")
    func fullDisk() throws {
        try ArchiveRig.with { rig in
            // From what the archive alone needs to what the exam needs, too.
            let script = """
                cp -r "$1/archive" "$1/disk/a"
                for kept in 4 12 24 40 60 100 200 300 420; do
                  free=$(df --output=avail -k "$1/disk" | tail -1)
                  head -c $(( (free - kept) * 1024 )) /dev/zero > "$1/disk/filler"
                  said=$("$0" archive add "$1/disk/a" "$1/EX-1" 2>&1); status=$?
                  rm "$1/disk/filler"
                  "$0" archive verify "$1/disk/a" > "$1/verified" 2>&1 || { echo "not clean"; cat "$1/verified"; }
                  echo "$status $(echo "$said" | wc -l) $said"
                  test $status -eq 0 && break
                done
                "$0" archive list "$1/disk/a"
                """
            guard let said = try rig.mounted(script) else { return print("skipped: nothing may be mounted here") }
            let lines = said.split(separator: "\n").map(String.init)
            #expect(lines.count >= 4, "\(said)")
            for line in lines.dropLast() {
                #expect(
                    line.hasPrefix("0 1 EX-1") || (line.hasPrefix("5 1 ") && line.contains("the disk is full")),
                    "\(line)")
            }
            #expect(!said.contains("not clean"))
        }
    }

    @Test(
        "on a read-only disk an archive is listed, shown and verified, and writing ends with 5",
        arguments: [true, false])
    func readOnlyDisk(_ wasRead: Bool) throws {
        try ArchiveRig.with { rig in
            #expect(try rig.run("add", [rig.exam]).status == 0)
            // A reader leaves its shared memory and an empty log beside the database; a writer leaves nothing.
            if wasRead { _ = try rig.run("list") }
            let script = """
                cp -r "$1/archive" "$1/disk/a" && mount -o remount,ro "$1/disk" || exit 99
                a="$1/disk/a"
                "$0" archive list "$a" > "$1/1" 2>&1; echo "list $?"
                "$0" archive show "$a" EX-1 > "$1/2" 2>&1; echo "show $?"
                "$0" archive verify "$a" > "$1/3" 2>&1; echo "verify $?"
                "$0" archive audit --check "$a" > "$1/4" 2>&1; echo "audit $?"
                "$0" archive sign "$a" EX-1 2>&1; echo "sign $?"
                "$0" archive backup "$a" "$1/backup" > "$1/5" 2>&1; echo "backup $?"
                """
            guard let said = try rig.mounted(script) else { return print("skipped: nothing may be mounted here") }
            for line in ["list 0", "show 0", "verify 0", "audit 0", "sign 5", "backup 0"] {
                #expect(said.contains(line), "\(line): \(said)")
            }
            #expect(said.contains("the disk is read-only; it can be read, not changed"))
        }
    }

    @Test("who a subject is comes from standard input, is sealed with a key file, and is shown again")
    func identity() throws {
        try ArchiveRig.with { rig in
            let key = rig.path + "/key"
            try Data(repeating: 9, count: 32).write(to: URL(fileURLWithPath: key))
            #expect(chmod(key, 0o600) == 0)
            let file = rig.path + "/identity.json"
            try Data(#"{"familyName": "Grauwiller", "givenName": "Zoë"}"#.utf8).write(to: URL(fileURLWithPath: file))
            let set = try Program.run([
                "archive", "identity", "set", rig.archive, "S001", "--from", file, "--key-file", key,
            ])
            #expect(set.status == 0, "\(set.errors)")
            let shown = try Program.run(["archive", "identity", "show", rig.archive, "S001", "--key-file", key])
            #expect(shown.output.contains("Grauwiller"))
            #expect(chmod(key, 0o644) == 0)
            let refused = try Program.run(["archive", "identity", "show", rig.archive, "S001", "--key-file", key])
            #expect(refused.status == 2)
            #expect(refused.errors.contains("chmod 600"))
            let found = try Program.tool("/bin/grep", ["-rl", "Grauwiller", rig.archive])
            #expect(found.status == 1)
            #expect(try rig.run("audit").output.contains("identityShown  subject S001"))
        }
    }

    @Test("what is not there, not known or not allowed ends with its code and one line that says what to do")
    func failures() throws {
        try ArchiveRig.with { rig in
            #expect(try rig.run("add", [rig.exam]).status == 0)
            for (verb, arguments, status, part) in [
                ("show", ["EX-9"], Int32(2), "see `archive list`"), ("sign", ["EX-9"], 2, "see `archive list`"),
                ("add", [rig.exam], 2, "use `archive update`"), ("add", ["/nosuch"], 5, "check the disk"),
                ("add", [rig.path], 4, "give a folder of `exam run`"), ("init", [], 5, "give the name of a new folder"),
                ("backup", [rig.exam], 5, "give the name of a new folder"),
            ] {
                let run = try rig.run(verb, arguments)
                #expect(run.status == status, "\(verb) \(arguments)")
                #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
                #expect(run.errors.contains(part), "\(run.errors)")
            }
            let plain = try Program.run(["archive", "backup", "archive", "b"], through: "cd '\(rig.path)' &&")
            #expect(plain.status == 0, "\(plain.errors)")
            #expect(try Program.run(["archive", "verify", rig.path + "/b"]).status == 0)
            let none = try Program.run(["archive", "list", rig.exam])
            #expect(none.status == 4)
            try Data("x".utf8).write(to: URL(fileURLWithPath: rig.archive + "/exams/EX-1/report.pdf"))
            let damaged = try rig.run("verify")
            #expect(damaged.status == 1)
            #expect(damaged.output.contains("/exams/EX-1/report.pdf: its SHA-256 is not the one that was archived"))
        }
    }
}
