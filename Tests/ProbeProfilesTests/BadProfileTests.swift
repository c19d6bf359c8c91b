import Foundation
import ProbeProfiles
import StrictYAML
import TestSupport
import Testing

@Suite("Bad profiles")
struct BadProfileTests {
    private func problems(_ text: String, file: String) -> String {
        do throws(YAMLProblems) {
            _ = try DeviceProfile.parse(text, file: file)
            return "no problem"
        } catch {
            return error.description
        }
    }

    /// The golden text beside each bad file; `UPDATE_GOLDEN=1` writes it anew.
    @Test("says exactly what is wrong where", arguments: ProfileFiles.badNames())
    func says(name: String) throws {
        let file = ProfileFiles.badFolder.appendingPathComponent(name)
        let text = try String(contentsOf: file.appendingPathExtension("yaml"), encoding: .utf8)
        let found = problems(text, file: "\(name).yaml") + "\n"
        let golden = file.appendingPathExtension("txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try found.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(found == (try String(contentsOf: golden, encoding: .utf8)))
    }

    @Test("finds the folder of bad files, and none of them is good")
    func allBad() throws {
        let names = ProfileFiles.badNames()
        #expect(names.count >= 50)
        for name in names {
            let file = ProfileFiles.badFolder.appendingPathComponent(name + ".yaml")
            #expect(problems(try String(contentsOf: file, encoding: .utf8), file: name) != "no problem")
        }
    }

    @Test("reports the two problems of one file together")
    func together() throws {
        let text = try ProfileFiles.text("odp/reference.yaml")
            .replacing("gateDepthMm: 20", with: "gateDepthMm: 199").replacing("odp-1", with: "odp-2")
        #expect(
            problems(text, file: "a.yaml") == """
                a.yaml:18:11: `protocol` must be one of odp-1, hs-ulm-usd3, hs-ulm-digidop, usb-audio, \
                fixed-odp-stream, found odp-2
                a.yaml:29:12: the start's PRF, 8000.0 Hz, is too high: its gate ends at 201.0 mm, where \
                c / (2 x depth) = 3830.85 Hz
                a.yaml:30:18: the start's gate reaches from 197.0 to 201.0 mm: depthMm is 0.0 to 200.0 mm
                """)
    }

    @Test("reads every truncation of a profile without trapping, and refuses it")
    func truncations() throws {
        let text = try ProfileFiles.text("hs-ulm/usd3.0.yaml")
        // The last key stands in the last line; cut within it, `non` is not a word of the list.
        let end = text.utf8.count - "e           # quadrature demodulation is digital\n".utf8.count
        for length in stride(from: 0, to: end, by: 7) {
            #expect(problems(String(decoding: text.utf8.prefix(length), as: UTF8.self), file: "a") != "no problem")
        }
    }

    @Test("reads garbage in a profile without trapping", arguments: 0..<60)
    func garbage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array(try ProfileFiles.text("odp/reference.yaml").utf8)
        for _ in 0..<8 {
            let place = Int(generator.next() % UInt64(bytes.count))
            bytes[place] = UInt8(truncatingIfNeeded: generator.next() % 128)
        }
        let found = problems(String(decoding: bytes, as: UTF8.self), file: "a.yaml")
        #expect(found == "no problem" || found.hasPrefix("a.yaml:"))
    }
}
