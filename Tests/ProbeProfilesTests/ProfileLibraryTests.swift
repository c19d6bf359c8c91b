import Foundation
import ProbeProfiles
import Testing

@Suite("Profile library")
struct ProfileLibraryTests {
    /// The ids of the bundled profiles, in order.
    private static let shipped = [
        "generic/usb-audio-stereo", "hs-ulm/digidop", "hs-ulm/usd3.0", "odp/reference", "template/cypress-fx2",
        "template/ftdi-sync-fifo",
    ]

    private func notices(_ library: ProfileLibrary, in folder: URL) -> [String] {
        library.notices.map { $0.description.replacing(folder.path, with: "SITE") }
    }

    private func failure(_ body: () throws -> ProfileLibrary) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("holds the bundled profiles without a word")
    func bundled() throws {
        let library = try ProfileLibrary()
        #expect(library.profiles.map(\.id) == Self.shipped)
        #expect(library.entries.allSatisfy { $0.origin == .bundled })
        #expect(library.notices.isEmpty)
        #expect(try library.profile("odp/reference").name == "ODP reference probe")
    }

    @Test("names the known ids when one is unknown")
    func unknown() throws {
        let library = try ProfileLibrary()
        #expect(throws: ProfileError.unknownID("odp/none", known: Self.shipped)) {
            try library.profile("odp/none")
        }
    }

    @Test("lets a site's profile, then a single file, win by id, and says so")
    func laterWins() throws {
        let text = try ProfileFiles.text("odp/reference.yaml")
        let site = text.replacing("name: ODP reference probe", with: "name: Ours")
        let single = text.replacing("name: ODP reference probe", with: "name: On trial")
        try ProfileFiles.withFolder(["site/odp/reference.yaml": site, "trial.yaml": single]) { folder in
            let siteFolder = folder.path + "/site"
            let fromSite = try ProfileLibrary(siteFolder: siteFolder)
            #expect(try fromSite.profile("odp/reference").name == "Ours")
            let fromFile = try ProfileLibrary(siteFolder: siteFolder, file: folder.path + "/trial.yaml")
            #expect(try fromFile.profile("odp/reference").name == "On trial")
            #expect(fromFile.profiles.map(\.id) == Self.shipped)
            #expect(
                notices(fromFile, in: folder) == [
                    "profile odp/reference: the site's SITE/site/odp/reference.yaml replaces the bundled profile",
                    "profile odp/reference: the file SITE/trial.yaml replaces the site's SITE/site/odp/reference.yaml",
                ])
        }
    }

    @Test("reports and skips a broken site file, and keeps the others")
    func brokenSiteFile() throws {
        let good = try ProfileFiles.text("example.yaml")
        let files = ["example/probe.yaml": good, "odp/reference.yaml": "schema: 1\n", "README.yaml": "no profile"]
        try ProfileFiles.withFolder(files) { folder in
            let library = try ProfileLibrary(siteFolder: folder.path)
            #expect(library.profiles.map(\.id) == (Self.shipped + ["example/probe"]).sorted())
            #expect(try library.profile("odp/reference").name == "ODP reference probe")
            let said = notices(library, in: folder)
            #expect(said.count == 1)
            #expect(
                said.first?.hasPrefix(
                    "SITE/odp/reference.yaml: skipped: SITE/odp/reference.yaml:1:1: key `id` is missing\n") == true)
        }
    }

    @Test("refuses a broken site file that was asked for by name")
    func brokenWanted() throws {
        try ProfileFiles.withFolder(["odp/reference.yaml": "schema: 1\n"]) { folder in
            let said = failure { try ProfileLibrary(siteFolder: folder.path, wantedID: "odp/reference") }
            #expect(said.hasPrefix("\(folder.path)/odp/reference.yaml:1:1: key `id` is missing"))
        }
    }

    @Test("skips a site file whose id is not its path, and one for a device that another profile matches")
    func setRules() throws {
        let text = try ProfileFiles.text("odp/reference.yaml")
        let other = text.replacing("id: odp/reference", with: "id: odp/other")
        try ProfileFiles.withFolder(["odp/copy.yaml": text, "odp/other.yaml": other]) { folder in
            let library = try ProfileLibrary(siteFolder: folder.path)
            #expect(library.entries.allSatisfy { $0.origin == .bundled })
            #expect(library.entries.count == Self.shipped.count)
            let advice =
                "name a string or a version that tells them apart, or give this profile that id to replace it"
            #expect(
                notices(library, in: folder) == [
                    "SITE/odp/copy.yaml: skipped: SITE/odp/copy.yaml:3:5: id `odp/reference` is not the file's path: "
                        + "it must be `odp/copy`",
                    "SITE/odp/other.yaml: skipped: SITE/odp/other.yaml:9:3: a device could match this and "
                        + "`odp/reference` (odp/reference.yaml): \(advice)",
                ])
        }
    }

    @Test("refuses a single file that is broken, missing, a folder, too long or no text")
    func brokenSingleFile() throws {
        let long = String(repeating: "# long\n", count: 40_000)
        try ProfileFiles.withFolder(["bad.yaml": "id: a/b\n", "long.yaml": long, "sub/a.yaml": ""]) { folder in
            try Data([0xFF, 0xFE, 0x00]).write(to: folder.appendingPathComponent("bytes.yaml"))
            func said(_ name: String) -> String { failure { try ProfileLibrary(file: "\(folder.path)/\(name)") } }
            #expect(said("bad.yaml").contains("bad.yaml:1:1: key `schema` is missing"))
            #expect(said("none.yaml").contains("none.yaml: cannot read ("))
            #expect(said("sub").contains("it is no regular file"))
            #expect(said("long.yaml").contains("longer than 262144 bytes"))
            #expect(said("bytes.yaml").contains("it is not UTF-8 text"))
        }
    }

    @Test("refuses a site folder that cannot be read")
    func missingFolder() {
        #expect(
            failure { try ProfileLibrary(siteFolder: "/nowhere/profiles") }.hasPrefix("/nowhere/profiles: cannot read"))
    }

    @Test("compares devices with the profiles that need no naming, unless one is named")
    func candidates() throws {
        let unnamed = try ProfileLibrary(naming: nil)
        #expect(unnamed.candidates.map(\.id) == Self.shipped.filter { $0 != "generic/usb-audio-stereo" })
        let byID = try ProfileLibrary(naming: "generic/usb-audio-stereo")
        #expect(byID.candidates.map(\.id) == ["generic/usb-audio-stereo"])
        #expect(byID.profiles.map(\.id) == Self.shipped)
        try ProfileFiles.withFolder(["probe.yaml": try ProfileFiles.text("example.yaml")]) { folder in
            let byFile = try ProfileLibrary(naming: folder.path + "/probe.yaml")
            #expect(byFile.candidates.map(\.id) == ["example/probe"])
            #expect(byFile.profiles.count == Self.shipped.count + 1)
        }
    }

    @Test("refuses a named profile that there is not, by id and by file")
    func namedIsMissing() {
        #expect(failure { try ProfileLibrary(naming: "odp/none") }.hasPrefix("no device profile `odp/none`: known are"))
        #expect(failure { try ProfileLibrary(naming: "/nowhere/a.yaml") }.hasPrefix("/nowhere/a.yaml: cannot read"))
    }

    @Test("two profiles that need naming may fit one device; an id that is left out fits any")
    func namedProfilesOverlap() throws {
        let audio = try ProfileFiles.text("generic/usb-audio-stereo.yaml")
        let digidop = try ProfileFiles.text("hs-ulm/digidop.yaml")
        let ours = audio.replacing("id: generic/usb-audio-stereo", with: "id: ours/sound")
        let numbered = digidop.replacing("id: hs-ulm/digidop", with: "id: ours/digidop")
            .replacing("  vendorID: 0x04D8", with: "  productID: 0x0042\n  vendorID: 0x04D8")
        try ProfileFiles.withFolder(["sound.yaml": ours, "digidop.yaml": numbered]) { folder in
            let withSound = try ProfileLibrary(file: folder.path + "/sound.yaml")
            #expect(withSound.profiles.count == Self.shipped.count + 1)
            let said = failure { try ProfileLibrary(file: folder.path + "/digidop.yaml") }
            #expect(said.contains("a device could match this and `hs-ulm/digidop` (hs-ulm/digidop.yaml)"))
        }
    }
}
