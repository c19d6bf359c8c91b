import Foundation
import ProbeLink
import ProbeProfiles
import Testing

@Suite("Firmware")
struct FirmwareTests {
    private static let id = "template/cypress-fx2"

    /// The template under an id and strings of its own, so that it can stand beside it.
    private static func ours(_ firmware: String = "cypress-fx2.bin") throws -> String {
        try ProfileFiles.text(id + ".yaml").replacing("id: template/cypress-fx2", with: "id: ours/fx2")
            .replacing("FX2 Doppler template", with: "Ours").replacing("cypress-fx2.bin", with: firmware)
    }

    private func said(_ library: ProfileLibrary, _ id: String) -> String {
        do throws(ProfileError) {
            return "\(try library.firmware(of: id)?.segments.map(\.bytes.count) ?? []) bytes"
        } catch {
            return error.description
        }
    }

    @Test("the bundled image is the file in the folder, with the fingerprint in the profile")
    func bundled() throws {
        let file = ProfileFiles.profilesFolder.appendingPathComponent("template/cypress-fx2.bin")
        #expect([UInt8](try Data(contentsOf: file)) == [0x80, 0xFE])
        // 8051: SJMP to itself.
        let expected = try FX2Firmware(image: [0x80, 0xFE])
        #expect(try ProfileLibrary().firmware(of: Self.id) == expected)
    }

    @Test("a profile without firmware has none, and an unknown one says so")
    func none() throws {
        let library = try ProfileLibrary()
        #expect(try library.firmware(of: "odp/reference") == nil)
        #expect(said(library, "odp/none").hasPrefix("no device profile `odp/none`"))
    }

    @Test("finds the image beside the profile's file, and refuses another, a missing, an empty and a long one")
    func beside() throws {
        try ProfileFiles.withFolder(["a/fx2.yaml": try Self.ours("fw/image.bin")]) { folder in
            let image = folder.appendingPathComponent("a/fw/image.bin")
            let library = try ProfileLibrary(file: folder.path + "/a/fx2.yaml")
            #expect(said(library, "ours/fx2").hasPrefix("\(image.path): cannot read"))
            try FileManager.default.createDirectory(
                at: image.deletingLastPathComponent(), withIntermediateDirectories: true)
            func answer(to bytes: [UInt8]) throws -> String {
                try Data(bytes).write(to: image)
                return said(library, "ours/fx2")
            }
            #expect(try answer(to: [0x80, 0xFE]) == "[2] bytes")
            #expect(try answer(to: [0x80, 0xFF]).contains("image.bin: the firmware is another file: its SHA-256 is"))
            #expect(try answer(to: []).contains("is another file"))
            let long = [UInt8](repeating: 0, count: (1 << 18) + 1)
            #expect(try answer(to: long).contains("it is longer than 262144 bytes"))
        }
    }

    @Test("reads Intel HEX by the file's name, and says what is wrong with it")
    func intelHex() throws {
        let good = ":0200000080FE80\n:00000001FF\n"
        let bad = ":0200000080FE81\n:00000001FF\n"
        // sha256sum of the two texts.
        let prints = [
            good: "5af1dd7b1cfcb5095e0528358a1dd1fd13a5e9eac7e11d2db51731a4c69a2f74",
            bad: "3fcfba9155b57ea2819c618b164203c628455bfd33cb71a66c4f65fad7c26d1d",
        ]
        func answer(to text: String) throws -> String {
            let profile = try Self.ours("firmware.ihx")
                .replacing(/firmwareSHA256: [0-9a-f]+/, with: "firmwareSHA256: \(prints[text] ?? "")")
            var found = ""
            try ProfileFiles.withFolder(["fx2.yaml": profile, "firmware.ihx": text]) { folder in
                found = said(try ProfileLibrary(file: folder.path + "/fx2.yaml"), "ours/fx2")
            }
            return found
        }
        #expect(try answer(to: good) == "[2] bytes")
        #expect(try answer(to: bad).contains("the firmware cannot be loaded: line 1 has checksum 0x81"))
    }

    @Test("a check of files names the firmware at its place, and files that share an id or a device")
    func checkedFiles() throws {
        let other = try Self.ours().replacing("id: ours/fx2", with: "id: ours/other")
        try ProfileFiles.withFolder(["a.yaml": try Self.ours(), "b.yaml": try Self.ours(), "c.yaml": other]) { folder in
            try Data([0x80, 0xFE]).write(to: folder.appendingPathComponent("cypress-fx2.bin"))
            func found(_ names: String...) throws -> [String] {
                try ProfileLibrary.problems(inFiles: names.map { folder.path + "/" + $0 })
                    .map { $0.replacing(folder.path + "/", with: "") }
            }
            #expect(try found("a.yaml") == [])
            #expect(
                try found("a.yaml", "b.yaml") == [
                    "b.yaml:8:5: id `ours/fx2` is taken by a.yaml: give each profile its own id"
                ])
            let ambiguous = try found("a.yaml", "c.yaml")
            #expect(ambiguous.count == 1)
            #expect(
                ambiguous.first?.hasPrefix("c.yaml:14:3: a device could match this and `ours/fx2` (a.yaml)") == true)
            try Data([0x80]).write(to: folder.appendingPathComponent("cypress-fx2.bin"))
            let another = try found("a.yaml")
            #expect(another.count == 1)
            #expect(another.first?.hasPrefix("a.yaml:23:3: cypress-fx2.bin: the firmware is another file") == true)
        }
    }

    @Test("a file may replace a bundled profile, and a missing file is no profile with problems")
    func replacement() throws {
        try ProfileFiles.withFolder(["odp.yaml": try ProfileFiles.text("odp/reference.yaml")]) { (folder: URL) throws in
            let found = try ProfileLibrary.problems(inFiles: [folder.path + "/odp.yaml"])
            #expect(found == [])
            #expect(throws: ProfileError.self) { try ProfileLibrary.problems(inFiles: [folder.path + "/none.yaml"]) }
        }
    }
}
