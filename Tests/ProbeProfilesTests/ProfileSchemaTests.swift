import Foundation
import ProbeLink
import ProbeProfiles
import Testing

@Suite("Profile schema")
struct ProfileSchemaTests {
    private func properties(_ path: [String]) throws -> Set<String> {
        let bytes = try Data(
            contentsOf: ProfileFiles.profilesFolder.appendingPathComponent("probe-profile.schema.json"))
        var object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        for step in path {
            if step == "items" {
                object = try #require(object["items"] as? [String: Any])
            } else if step == "anyOf" {
                let choices = try #require(object["anyOf"] as? [[String: Any]])
                object = try #require(choices.first { $0["properties"] != nil })
            } else {
                let all = try #require(object["properties"] as? [String: Any])
                object = try #require(all[step] as? [String: Any])
            }
        }
        #expect(object["additionalProperties"] as? Bool == false)
        return Set(try #require(object["properties"] as? [String: Any]).keys)
    }

    /// The closed list of a section's key.
    private func words(_ section: String, _ key: String) throws -> [String] {
        let bytes = try Data(
            contentsOf: ProfileFiles.profilesFolder.appendingPathComponent("probe-profile.schema.json"))
        let schema = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let all = try #require(schema["properties"] as? [String: [String: Any]])
        let keys = try #require(all[section]?["properties"] as? [String: [String: Any]])
        return try #require(keys[key]?["enum"] as? [String])
    }

    private func names<Key: CaseIterable & RawRepresentable>(_ type: Key.Type) -> Set<String>
    where Key.RawValue == String {
        Set(type.allCases.map(\.rawValue))
    }

    @Test("names the same keys as the loader, section by section")
    func sameKeys() throws {
        #expect(try properties([]) == names(ProfileKey.File.self))
        #expect(try properties(["match"]) == names(ProfileKey.Match.self))
        #expect(try properties(["match", "endpoints", "items"]) == names(ProfileKey.Endpoint.self))
        #expect(try properties(["usd3"]) == names(ProfileKey.USD3.self))
        #expect(try properties(["cold"]) == names(ProfileKey.Cold.self))
        #expect(try properties(["digidop"]) == names(ProfileKey.DigiDop.self))
        #expect(try properties(["usbAudio"]) == names(ProfileKey.USBAudio.self))
        #expect(try properties(["transducer"]) == names(ProfileKey.Transducer.self))
        #expect(try properties(["transducer", "centreFrequencyHz", "anyOf"]) == names(ProfileKey.Range.self))
        #expect(try properties(["acquisition"]) == names(ProfileKey.Acquisition.self))
        for range in ["prfHz", "depthMm", "gateLengthMm", "nyquistVelocityCmPerS"] {
            #expect(try properties(["acquisition", range]) == names(ProfileKey.Range.self))
        }
        #expect(try properties(["acquisition", "start"]) == names(ProfileKey.Start.self))
        #expect(try properties(["acousticOutput"]) == names(ProfileKey.AcousticOutput.self))
    }

    @Test("is a schema of draft 2020-12 and lists the loader's words")
    func closedLists() throws {
        let bytes = try Data(
            contentsOf: ProfileFiles.profilesFolder.appendingPathComponent("probe-profile.schema.json"))
        let schema = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(properties["protocol"]?["enum"] as? [String] == ProbeProtocol.allCases.map(\.rawValue))
        #expect(properties["iqCorrection"]?["enum"] as? [String] == IQCorrection.allCases.map(\.rawValue))
        let quirks = try #require(properties["quirks"]?["items"] as? [String: [String]])
        #expect(quirks["enum"] == DeviceQuirk.allCases.map(\.rawValue))
        #expect(try words("digidop", "byteOrder") == DigiDopByteOrder.allCases.map(\.rawValue))
        #expect(try words("usbAudio", "channels") == USBAudioStream.Channels.allCases.map(\.rawValue))
    }
}
