import Foundation
import Testing

@Suite("bad input")
struct BadInputTests {
    /// One line that begins with the program and ends with what to do.
    private func expectLine(
        _ result: Program.Result, _ status: Int32, _ parts: String..., location: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, sourceLocation: location)
        #expect(result.output.isEmpty, sourceLocation: location)
        #expect(result.errors.hasPrefix("dopplerbridge: "), sourceLocation: location)
        #expect(result.errors.split(separator: "\n").count == 1, sourceLocation: location)
        for part in parts { #expect(result.errors.contains(part), sourceLocation: location) }
    }

    @Test(
        "wrong words on the command line end with 2",
        arguments: [
            (["frobnicate"], "'frobnicate'", "see `dopplerbridge --help`"),
            (["acquire", "--output", "x", "--frobnicate"], "'--frobnicate'", "see `dopplerbridge acquire --help`"),
            (["acquire"], "'--output <output>'", "see `dopplerbridge acquire --help`"),
            (["analyse", "--seconds", "x"], "'x'", "see `dopplerbridge analyse --help`"),
            (["analyse", "--seconds=-1"], "--seconds must be above 0", "see `dopplerbridge analyse --help`"),
            (["analyse", "--probe", "tape:1"], "--probe tape:1: not a source", "give sim:SCENARIO"),
            (["analyse", "--probe", "sim:nosuch"], "no scenario `nosuch`", "use one of borderline, ccsvi"),
            (["analyse", "--probe", "sim:healthy?speed=2"], "unknown option `speed=2`", "known are seed=N"),
            (["analyse", "--site", "ijv.left.j9.supine"], "ijv.left.j9.supine: not a site", "known are"),
            (["exam", "score"], "exam score", "name the file"),
            (["exam", "score", "x.json", "--table", "nosuch"], "--table nosuch", "check the name"),
            (["simulate", "truth", "healthy", "--seconds", "0"], "--seconds must be above 0", "--take 1 or more"),
        ])
    func usage(_ given: [String], _ what: String, _ next: String) throws {
        expectLine(try Program.run(given), 2, what, next)
    }

    @Test("no probe on USB ends with 3", arguments: [["analyse"], ["exam", "run", "--output", "/nosuch/exam"]])
    func noProbe(_ verb: [String]) throws {
        let run = try Program.run(verb + ["--probe", "usb:NOSUCH-SERIAL"])
        expectLine(run, 3, "NOSUCH-SERIAL", "`dopplerbridge d")
    }

    @Test("files that are none of ours end with 4")
    func foreign() throws {
        try Program.inTemporaryFolder { folder in
            let file = folder + "/notes.txt"
            try Data("no exam\n".utf8).write(to: URL(fileURLWithPath: file))
            expectLine(try Program.run(["analyse", "--probe", "replay:" + file]), 4, "notes.txt", "give a .dbrec file")
            expectLine(try Program.run(["exam", "score", file]), 4, file, "correct the file")
            expectLine(try Program.run(["report", file]), 4, file, "give the folder of `exam run`")
            expectLine(try Program.run(["exam", "show", folder]), 4, folder + ":", "no exam.json", "`exam run`")
            let run = try Program.run(["exam", "run", "--probe", "replay:" + folder, "--output", folder + "/again"])
            expectLine(run, 4, folder, "give the folder of `exam run`")
            #expect(!FileManager.default.fileExists(atPath: folder + "/again"))
            let scenario = folder + "/patient.yaml"
            try Data("schema: 1\nscenario: [\n".utf8).write(to: URL(fileURLWithPath: scenario))
            expectLine(try Program.run(["analyse", "--probe", "sim:" + scenario]), 4, scenario + ":")
        }
    }

    @Test(
        "files that are not there end with 5",
        arguments: [
            ["analyse", "--probe", "replay:/nosuch/file"], ["exam", "score", "/nosuch/file"],
            ["exam", "show", "/nosuch/file"], ["report", "/nosuch/file"], ["profiles", "check", "/nosuch/file"],
            ["exam", "run", "--output", "/nosuch-exam", "--probe", "replay:/nosuch/file"],
            ["analyse", "--probe", "sim:/nosuch/file.yaml"],
        ])
    func missing(_ arguments: [String]) throws {
        let run = try Program.run(arguments)
        expectLine(run, 5, "/nosuch/file", "cannot")
        #expect(run.errors.contains("check the name") || run.errors.contains("give the path"))
    }

    @Test("a profile with an unknown key is refused at its line and column, with 1")
    func profile() throws {
        try Program.inTemporaryFolder { folder in
            let good = try String(contentsOfFile: Program.root + "/DeviceProfiles/odp/reference.yaml", encoding: .utf8)
            let file = folder + "/probe.yaml"
            let bad = good.replacing("  burstCycles", with: "  burstCykles").replacing(
                "id: odp/reference", with: "id: a/b")
            try Data(bad.utf8).write(to: URL(fileURLWithPath: file))
            let lines = bad.split(separator: "\n", omittingEmptySubsequences: false)
            let index = try #require(lines.firstIndex { $0.contains("burstCykles") })
            let column = lines[index].prefix { $0 == " " }.count + 1
            let run = try Program.run(["profiles", "check", file])
            #expect(run.status == 1)
            #expect(run.output.contains("\(file):\(index + 1):\(column): "))
            #expect(run.output.contains("`burstCykles`"))
        }
    }

    @Test("a place where nothing can be written ends with 5", arguments: ["/proc/nosuch", "/dev/null/exam"])
    func notWritable(_ place: String) throws {
        let exam = try Program.run(["exam", "run", "--probe", "sim:healthy", "--output", place])
        expectLine(exam, 5, place + ": cannot write here", "choose another folder with --output")
        #expect(!exam.errors.contains("Domain"))
        let recording = try Program.run(["acquire", "--probe", "sim:healthy", "--output", place])
        expectLine(recording, 5, place + ": cannot write here", "choose another folder with --output")
    }

    @Test("a recording that is there already is not written over")
    func taken() throws {
        try Program.inTemporaryFolder { folder in
            let file = folder + "/one.dbrec"
            try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
            expectLine(try Program.run(["acquire", "--output", file]), 5, file, "File exists")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("mine".utf8))
        }
    }
}
