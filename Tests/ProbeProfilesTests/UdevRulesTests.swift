import Foundation
import ProbeLink
import ProbeProfiles
import TestSupport
import Testing

@Suite("udev rules")
struct UdevRulesTests {
    private static let golden = ProfileFiles.testsFolder.appendingPathComponent("Golden/70-dopplerbridge.rules")

    private func profiles() throws -> [DeviceProfile] { try ProfileLibrary().profiles }

    /// The profile of the reference probe after a change.
    private func changed(_ change: (inout DeviceProfile) -> Void) throws -> DeviceProfile {
        var profile = try ProfileLibrary().profile("odp/reference")
        change(&profile)
        return profile
    }

    private func rules(_ text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test("the shipped profiles make the file that was written by hand")
    func shipped() throws {
        #expect(UdevRules(try profiles()).text == (try String(contentsOf: Self.golden, encoding: .utf8)))
    }

    @Test("the command to install is the one that is documented")
    func command() {
        #expect(
            UdevRules.installCommand()
                == "dopplerbridge profiles udev | sudo tee /etc/udev/rules.d/70-dopplerbridge.rules "
                + "&& sudo udevadm control --reload && sudo udevadm trigger")
    }

    @Test("a group is added to every rule, and to the command that the file names")
    func group() throws {
        let text = UdevRules(try profiles(), group: "plugdev").text
        #expect(text.contains("profiles udev --group plugdev | sudo tee"))
        for rule in rules(text) {
            #expect(rule.hasSuffix(", MODE=\"0660\", GROUP=\"plugdev\", TAG+=\"uaccess\""))
        }
    }

    @Test(
        "a group's name that could mean something to udev is left out",
        arguments: ["", "root\", RUN+=\"x", "a b", "-x", "0x", String(repeating: "a", count: 33)])
    func badGroup(name: String) throws {
        #expect(!UdevRules.isGroup(name))
        #expect(UdevRules(try profiles(), group: name).text == UdevRules(try profiles()).text)
    }

    @Test("what could mean something to udev in a string stands for any one character")
    func hostileStrings() throws {
        let profile = try changed {
            $0.match.productPrefix = nil
            $0.match.product = "A\", RUN+=\"x|y*[z]?$\\\nB\u{E4}"
            $0.match.manufacturer = "Good (R) 1.0"
        }
        let found = rules(UdevRules([profile]).text)
        #expect(found.count == 1)
        #expect(
            found.first?.contains(
                "ATTR{manufacturer}==\"Good (R) 1.0\", ATTR{product}==\"A?, RUN+=?x?y??z?????B*\", MODE=") == true)
    }

    @Test("a name of several lines stays in one comment")
    func hostileName() throws {
        let profile = try changed { $0.name = "One\nSUBSYSTEM==\"usb\", MODE=\"0666\"\r\u{85}\u{2028}two" }
        #expect(rules(UdevRules([profile]).text).count == 1)
        #expect(!UdevRules([profile]).text.contains("\r"))
    }

    @Test("every rule has balanced quotes and gives nothing to everybody", arguments: 0..<20)
    func wellFormed(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let scalars = (0..<12).compactMap { _ in Unicode.Scalar(UInt32(generator.next() % 400)) }
        let text = String(String.UnicodeScalarView(scalars))
        let profile = try changed {
            $0.name = text
            $0.match.manufacturer = text
        }
        let condition = /[A-Z]+(\{[A-Za-z]+\})?(==|=|\+=)"[^"]*"/
        for rule in rules(UdevRules([profile]).text) {
            #expect(rule.wholeMatch(of: /(.+, )+TAG\+="uaccess"/) != nil)
            #expect(rule.replacing(condition, with: "").allSatisfy { ", ".contains($0) })
            #expect(rule.contains("MODE=\"0660\""))
        }
    }

    @Test("an installed file is up to date with comments, rules and a group of its own")
    func upToDate() throws {
        let rules = UdevRules(try profiles())
        #expect(rules.idsMissing(in: rules.text) == [])
        #expect(rules.idsMissing(in: UdevRules(try profiles(), group: "plugdev").text) == [])
        #expect(rules.idsMissing(in: "# ours\nSUBSYSTEM==\"usb\", MODE=\"0600\"\n" + rules.text) == [])
    }

    @Test("an installed file lacks the rules of a profile that is new or was changed")
    func outOfDate() throws {
        let rules = UdevRules(try profiles())
        #expect(
            rules.idsMissing(in: "") == [
                "hs-ulm/digidop", "hs-ulm/usd3.0", "odp/reference", "template/cypress-fx2", "template/ftdi-sync-fifo",
            ])
        let edited = rules.text.replacing("ATTR{idVendor}==\"04b4\"", with: "ATTR{idVendor}==\"04b5\"")
        #expect(rules.idsMissing(in: edited) == ["template/cypress-fx2"])
    }

    /// Whether udev's own checker can be run here: `udevadm verify` came with systemd 254.
    private static let udevadm: String? = ["/usr/bin/udevadm", "/bin/udevadm", "/sbin/udevadm"].first { path in
        FileManager.default.isExecutableFile(atPath: path) && (try? status(path, ["verify", "--help"])) == 0
    }

    private static func status(_ program: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test(
        "udev's own checker accepts the file",
        .enabled(if: udevadm != nil, "udevadm verify is not installed here (systemd 254 or later)"))
    func verified() throws {
        let udevadm = try #require(Self.udevadm)
        #expect(try Self.status(udevadm, ["verify", Self.golden.path]) == 0)
    }
}
