import BundledDeviceProfiles
import Foundation
import ProbeLink
import ProbeProfiles
import StrictYAML
import Testing

@Suite("Device profiles")
struct DeviceProfileTests {
    @Test("reads the ODP reference probe")
    func reference() throws {
        let profile = try DeviceProfile.parse(try ProfileFiles.text("odp/reference.yaml"), file: "reference.yaml")
        #expect(profile.id == "odp/reference")
        #expect(profile.probeProtocol == .odp1)
        #expect(profile.usd3 == nil)
        #expect(profile.acousticOutput == nil)
        #expect(
            profile.match
                == USBMatchRule(
                    vendorID: 0x1209, productID: 1, productPrefix: "ODP ", bcdDeviceMajor: 1, deviceClass: [255, 0, 0],
                    interfaceClass: [255, 0x44, 1],
                    endpoints: [USBEndpointNeed(.bulkIn), USBEndpointNeed(.interruptIn)]))
        #expect(profile.centreFrequencies == .range(1e6...12e6))
        #expect(profile.limits.prfHz == 100...20_000)
    }

    @Test("reads the HS Ulm USD3.0 with its width and byte order")
    func usd3() throws {
        let profile = try DeviceProfile.parse(try ProfileFiles.text("hs-ulm/usd3.0.yaml"), file: "usd3.0.yaml")
        #expect(profile.probeProtocol == .hsUlmUSD3)
        #expect(profile.usd3 == USD3Stream(sampleBits: 32, byteOrder: .big, clockHz: 64_000_000))
        #expect(profile.usd3?.iqFormat == UnframedIQFormat(sampleWidth: .bits32, byteOrder: .bigEndian))
        #expect(profile.match.product == "Ultrasonic Doppler")
        #expect(profile.match.endpoints == [USBEndpointNeed(.bulkIn, atLeast: 2)])
        #expect(profile.centreFrequencies == .values([2e6, 4e6, 8e6]))
    }

    @Test("starts with the profile's settings in the protocol's units, transmitter off unless told")
    func startingSettings() throws {
        let profile = try DeviceProfile.parse(try ProfileFiles.text("hs-ulm/usd3.0.yaml"), file: "usd3.0.yaml")
        let settings = profile.startingSettings(transmitLevelPerMille: 0)
        #expect(settings.centreFrequencyHz == 4_000_000)
        #expect(settings.prfMilliHz == 5_000_000)
        #expect(settings.firstGateDepthUm == 20_000)
        #expect(settings.gateLengthUm == 4000)
        #expect(settings.gates == 1)
        #expect(settings.streams == .iq)
        #expect(settings.transmitLevelPerMille == 0)
        #expect(profile.startingSettings(transmitLevelPerMille: 1000).transmitLevelPerMille == 1000)
    }

    @Test("reads declared indices with their source")
    func acousticOutput() throws {
        let profile = try DeviceProfile.parse(try ProfileFiles.text("example.yaml"), file: "example.yaml")
        #expect(profile.acousticOutput?.maximumMechanicalIndex == 0.5)
        #expect(profile.acousticOutput?.maximumThermalIndex == 1.0)
        #expect(profile.acousticOutput?.source.isEmpty == false)
    }

    @Test("the shipped profiles are a good set, and all of them are bundled byte for byte")
    func shippedSet() throws {
        let ids = try ProfileFiles.shippedIDs()
        let files = try ids.map { (id: $0, file: $0 + ".yaml", text: try ProfileFiles.text($0 + ".yaml")) }
        #expect(DeviceProfile.problems(inSet: files).map(\.description) == [])
        #expect(BundledDeviceProfiles.files.map(\.id) == ids)
        for (bundled, file) in zip(BundledDeviceProfiles.files, files) {
            #expect(bundled.bytes == Array(file.text.utf8))
        }
    }

    @Test("the example is valid and names every key that there is")
    func exampleIsWhole() throws {
        let text = try ProfileFiles.text("example.yaml")
        _ = try DeviceProfile.parse(text, file: "example.yaml")
        let keys =
            ProfileKey.File.allCases.map(\.rawValue) + ProfileKey.Match.allCases.map(\.rawValue)
            + ProfileKey.Endpoint.allCases.map(\.rawValue) + ProfileKey.USD3.allCases.map(\.rawValue)
            + ProfileKey.Transducer.allCases.map(\.rawValue) + ProfileKey.Acquisition.allCases.map(\.rawValue)
            + ProfileKey.Start.allCases.map(\.rawValue) + ProfileKey.Range.allCases.map(\.rawValue)
            + ProfileKey.AcousticOutput.allCases.map(\.rawValue) + ProfileKey.Cold.allCases.map(\.rawValue)
            + ProfileKey.DigiDop.allCases.map(\.rawValue) + ProfileKey.USBAudio.allCases.map(\.rawValue)
        for key in keys { #expect(text.contains("\(key):"), "\(key)") }
        for name in ProbeProtocol.allCases.map(\.rawValue) { #expect(text.contains("#   \(name) "), "\(name)") }
        for name in DeviceQuirk.allCases.map(\.rawValue) { #expect(text.contains("#   \(name) "), "\(name)") }
    }

    @Test("each section of the example that is for another protocol is valid where it belongs")
    func exampleSections() throws {
        let text = try ProfileFiles.text("example.yaml").replacing("sampleRateHz: 48000", with: "sampleRateHz: 44100")
        let usd3 = try #require(text.range(of: "\nusd3:"))
        let end = try #require(text.range(of: "\n\n", range: usd3.upperBound..<text.endIndex))
        let plain = text.replacingCharacters(in: usd3.lowerBound..<end.lowerBound, with: "")
        func opened(_ section: String, _ spoken: String, in text: String) -> String {
            var lines = text.replacing("protocol: hs-ulm-usd3\n", with: "protocol: \(spoken)\n")
                .components(separatedBy: "\n")
            guard let first = lines.firstIndex(of: "#|\(section):") else { return "" }
            for index in first..<lines.count
            where lines[first...index].allSatisfy({ $0.hasPrefix("#|") || !$0.hasPrefix("#") }) {
                guard lines[index].hasPrefix("#|") else { break }
                lines[index].removeFirst(2)
            }
            return lines.joined(separator: "\n")
        }
        let digidop = try DeviceProfile.parse(opened("digidop", "hs-ulm-digidop", in: plain), file: "digidop")
        #expect(digidop.digidop == DigiDopStream(byteOrder: .automatic, clockHz: 64_000_000))
        let cold = try DeviceProfile.parse(opened("cold", "hs-ulm-usd3", in: text), file: "cold")
        #expect(cold.cold?.bcdDevice == 0xA001)
        let audioText = opened("usbAudio", "usb-audio", in: plain)
            .replacing("prfHz: { lowest: 2000, highest: 10000 }", with: "prfHz: { lowest: 44100, highest: 44100 }")
            .replacing("{ lowest: 19.25, highest: 192.5 }", with: "{ lowest: 424.5, highest: 848.9 }")
            .replacing("    prfHz: 5000", with: "    prfHz: 44100")
        let audio = try DeviceProfile.parse(audioText, file: "audio")
        #expect(audio.usbAudio?.rightPhaseDegrees == -2.5)
    }

    @Test("finds in a set: a wrong path, an id that is taken, and two profiles for one device")
    func setProblems() throws {
        let text = try ProfileFiles.text("odp/reference.yaml")
        let renamed = text.replacing("id: odp/reference", with: "id: odp/other")
        let found = DeviceProfile.problems(inSet: [
            ("odp/reference", "odp/reference.yaml", text), ("odp/copy", "odp/copy.yaml", text),
            ("odp/other", "odp/other.yaml", renamed),
        ])
        let advice =
            "name a string or a version that tells them apart, or give this profile that id to replace it"
        #expect(
            found.map(\.description) == [
                "odp/copy.yaml:3:5: id `odp/reference` is not the file's path: it must be `odp/copy`",
                "odp/copy.yaml:3:5: id `odp/reference` is taken by odp/reference.yaml: give each profile its own id",
                "odp/other.yaml:9:3: a device could match this and `odp/reference` (odp/reference.yaml): \(advice)",
                "odp/other.yaml:9:3: a device could match this and `odp/reference` (odp/copy.yaml): \(advice)",
            ])
    }

    @Test(
        "tells two probes apart by any fact that only one of them can show",
        arguments: [
            ("productPrefix: \"ODP \"", "productPrefix: \"ADP \"", true),
            ("productPrefix: \"ODP \"", "product: Probe", true),
            ("productPrefix: \"ODP \"", "product: ODP Second", false),
            ("productPrefix: \"ODP \"", "productPrefix: \"ODP 2\"", false),
            ("bcdDeviceMajor: 1", "bcdDeviceMajor: 2", true),
            ("productID: 0x0001", "productID: 0x0002", true), ("[0xFF, 0x44, 0x01]", "[0xFF, 0x44, 0x02]", false),
            ("[0xFF, 0x00, 0x00]", "[0xEF, 0x02, 0x01]", true), ("vendorID: 0x1209", "vendorID: 0x120A", true),
        ])
    func overlap(original: String, change: String, areApart: Bool) throws {
        let text = try ProfileFiles.text("odp/reference.yaml")
        #expect(text.contains(original))
        let other = text.replacing("id: odp/reference", with: "id: odp/other").replacing(original, with: change)
        let found = DeviceProfile.problems(inSet: [("odp/reference", "a", text), ("odp/other", "b", other)])
        #expect(found.isEmpty == areApart)
    }
}
