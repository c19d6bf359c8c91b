import Foundation
import Testing

@Suite("probes of every profile, simulated")
struct OtherProbesTests {
    private func inState<Value>(_ body: (_ prefix: String) throws -> Value) throws -> Value {
        let folder = try Program.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body("export XDG_STATE_HOME=\(folder);")
    }

    @Test(
        "the jugular vein's normal flow is away for each of them",
        arguments: [
            "odp/reference", "hs-ulm/usd3.0", "hs-ulm/digidop", "template/ftdi-sync-fifo", "template/cypress-fx2",
        ])
    func away(_ profile: String) throws {
        let run = try Program.run(["analyse", "--probe", "sim:healthy?profile=\(profile)", "--seconds", "4"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("SIMULATED"))
        #expect(run.output.contains("direction away"))
    }

    @Test("a sound interface is not scored before its channel test, and is after one that passed")
    func sound() throws {
        let probe = "sim:healthy?profile=generic/usb-audio-stereo"
        let analyse = ["analyse", "--probe", probe, "--seconds", "3", "--f0-hz", "4000000", "--json"]
        try inState { prefix in
            let before = try Program.run(analyse, through: prefix)
            #expect(before.status == 1)
            #expect(before.errors.contains("run `dopplerbridge channel-test` first"))
            #expect(!before.output.contains("\"refluxEpisodes\""))
            let test = try Program.run(["channel-test", "--probe", probe, "--seconds", "2"], through: prefix)
            #expect(test.status == 0, "\(test.errors)")
            #expect(test.output.contains("passed: both directions show as themselves"))
            let after = try Program.run(analyse, through: prefix)
            #expect(after.status == 0, "\(after.errors)")
            #expect(after.output.contains("\"refluxEpisodes\""))
            #expect(after.output.contains("\"direction\" : \"away\""))
        }
    }

    @Test("without the Doppler's frequency a sound interface gives shifts and no velocities")
    func unknownFrequency() throws {
        try inState { prefix in
            let run = try Program.run(
                ["analyse", "--probe", "sim:healthy?profile=generic/usb-audio-stereo", "--seconds", "2"],
                through: prefix)
            #expect(run.status == 1)
            #expect(run.errors.contains("say it with --f0-hz"))
            #expect(!run.output.contains("cm/s"))
        }
    }

    @Test("a profile without a simulated device, or none at all, is named with those that there are")
    func unknownProfile() throws {
        let run = try Program.run(["analyse", "--probe", "sim:healthy?profile=no/such"])
        #expect(run.status == 2)
        #expect(run.errors.contains("no/such"))
        #expect(run.errors.contains("odp/reference"))
    }

    @Test("waiting for a probe ends when its time is over")
    func waiting() throws {
        let run = try Program.run(["analyse", "--probe", "usb:NO-SUCH", "--wait-for-probe", "1"])
        #expect(run.status == 3)
        #expect(run.errors.contains("Waiting for the probe"))
        #expect(run.errors.contains("NO-SUCH"))
    }

    @Test("what belongs to USB alone is refused for other sources", arguments: ["--capture", "--profile"])
    func onlyUSB(_ option: String) throws {
        let run = try Program.run(["analyse", option, "x"])
        #expect(run.status == 2)
        #expect(run.errors.contains("belongs to a probe on USB"))
    }
}
