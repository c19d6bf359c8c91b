import Foundation
import Testing

@Suite("recordings that break off")
struct InterruptedRecordingTests {
    /// What `analyse` says of a recording: exit code 1, a sentence on what is missing, and columns of what is there.
    private func expectReadable(_ file: String, location: SourceLocation = #_sourceLocation)
        throws
    {
        let run = try Program.run(["analyse", "--json", "--probe", "replay:" + file])
        #expect(run.status == 1, sourceLocation: location)
        #expect(run.errors.split(separator: "\n").count == 1, sourceLocation: location)
        #expect(run.errors.contains("was cut off"), sourceLocation: location)
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        let document = try #require(object as? [String: Any])
        let segment = try #require((document["segments"] as? [[String: Any]])?.first)
        let gate = try #require((segment["gates"] as? [[String: Any]])?.first)
        #expect((gate["timeSeconds"] as? [Any])?.count ?? 0 > 50, sourceLocation: location)
        #expect((document["problems"] as? [String])?.count == 1, sourceLocation: location)
    }

    /// Runs the program on a small disk of its own, whose files are copied to `FOLDER/kept` afterwards.
    ///
    /// A limit by `ulimit -f` would have to be above the 4 MiB of the ring, which makes the recording long.
    private func onSmallDisk(_ size: String, in folder: String, _ command: String) throws -> (Int32, String)? {
        let script = """
            mkdir "$1/disk" && mount -t tmpfs -o size=\(size) none "$1/disk" || exit 99
            "$0" \(command); status=$?
            cp -r "$1/disk" "$1/kept"; exit $status
            """
        let run = try Program.tool("/usr/bin/unshare", ["-m", "bash", "-c", script, Program.path, folder])
        guard run.status != 99, !run.output.hasPrefix("unshare:") else {
            print("skipped: no file system may be mounted here")
            return nil
        }
        return run
    }

    @Test("a disk that is full half-way ends acquire with 5, and what was recorded before reads back")
    func fullDisk() throws {
        try Program.inTemporaryFolder { folder in
            let command = "acquire --probe sim:healthy --output \"$1/disk/one.dbrec\""
            guard let (status, said) = try onSmallDisk("100k", in: folder, command) else { return }
            #expect(status == 5)
            #expect(said.split(separator: "\n").count == 1)
            #expect(said.contains("/one.dbrec: writing failed (No space left on device)"))
            #expect(said.contains("free space and record again"))
            try expectReadable(folder + "/kept/one.dbrec")
        }
    }

    @Test("a disk that is full in the middle of an exam ends it with 5, and every recording reads back")
    func fullDiskInExam() throws {
        try Program.inTemporaryFolder { folder in
            let command = "exam run --probe sim:healthy --output \"$1/disk/exam\""
            guard let (status, said) = try onSmallDisk("1m", in: folder, command) else { return }
            #expect(status == 5)
            #expect(said.contains("02-ijv.right.j2.supine.dbrec: writing failed (No space left on device)"))
            let kept = folder + "/kept/exam/recordings/"
            let whole = try Program.run(["analyse", "--probe", "replay:\(kept)01-ijv.right.j1.supine.dbrec"])
            #expect(whole.status == 0)
            try expectReadable(kept + "02-ijv.right.j2.supine.dbrec")
        }
    }

    @Test("a killed recording reads up to its last whole block")
    func killed() throws {
        try Program.inTemporaryFolder { folder in
            let file = folder + "/one.dbrec"
            let process = try Program.start(["acquire", "--probe", "sim:healthy?pace=real", "--output", file])
            try Program.wait(until: file, has: 30_000)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            try expectReadable(file)
        }
    }
}
