import Foundation
import ProbeLink
import ProbeProfiles
import Testing

@Suite("Profile form")
struct ProfileFormTests {
    private func good(_ name: String) throws -> DeviceProfile {
        let file = ProfileFiles.goodFolder.appendingPathComponent(name + ".yaml")
        return try DeviceProfile.parse(try String(contentsOf: file, encoding: .utf8), file: name)
    }

    private func shipped(_ id: String) throws -> DeviceProfile {
        try DeviceProfile.parse(try ProfileFiles.text(id + ".yaml"), file: id)
    }

    @Test("reads every good file", arguments: ProfileFiles.goodNames())
    func reads(name: String) throws {
        #expect(throws: Never.self) { try good(name) }
    }

    @Test("finds the folder of good files")
    func folder() { #expect(ProfileFiles.goodNames().count >= 8) }

    @Test("reads the DigiDop: any product id, both strings, byte order to be found")
    func digidop() throws {
        let profile = try shipped("hs-ulm/digidop")
        #expect(profile.probeProtocol == .hsUlmDigiDop)
        #expect(profile.digidop == DigiDopStream(byteOrder: .automatic, clockHz: 64_000_000))
        #expect(
            profile.match
                == USBMatchRule(
                    vendorID: 0x04D8, productID: nil, manufacturer: "HS-ULM", product: "DigiDop",
                    interfaceClass: [1, 2, 0], endpoints: [USBEndpointNeed(.isochronousIn)]))
        #expect(!profile.needsNaming)
        #expect(try good("digidop-byte-order-little").digidop?.byteOrder == .little)
        #expect(try good("digidop-byte-order-little").match.productID == 0xAAAA)
    }

    @Test("asks the sound interface for the stream's format, without the profile asking twice")
    func audioNeed() throws {
        let profile = try shipped("generic/usb-audio-stereo")
        #expect(
            profile.usbAudio == USBAudioStream(sampleRateHz: 48_000, sampleBits: 16, channels: .forwardReverse))
        #expect(profile.match.audio == USBAudioNeed(channels: 2, sampleBits: 16, sampleRateHz: 48_000))
        #expect(profile.match.idWords == "*:*")
        let mono = try good("audio-mono-with-ids")
        #expect(mono.match.audio == USBAudioNeed(channels: 1, sampleBits: 16, sampleRateHz: 48_000))
    }

    @Test("reads every correction of the channels")
    func audioCorrections() throws {
        let profile = try good("audio-quadrature-corrected")
        #expect(
            profile.usbAudio
                == USBAudioStream(
                    sampleRateHz: 44_100, sampleBits: 24, channels: .qi, invertsDirection: true, rightGain: 1.05,
                    rightPhaseDegrees: -2.5))
        #expect(profile.iqCorrection == .automatic)
    }

    @Test("a sound interface may sample faster than an echo returns, a probe may not")
    func audioIsNoPulse() throws {
        let audio = try ProfileFiles.text("generic/usb-audio-stereo.yaml")
        _ = try DeviceProfile.parse(audio, file: "audio")
        let pulsed = try ProfileFiles.text("odp/reference.yaml").replacing("prfHz: 8000", with: "prfHz: 48000")
            .replacing("highest: 20000", with: "highest: 48000").replacing("highest: 770", with: "highest: 1848")
        #expect(throws: (any Error).self) { try DeviceProfile.parse(pulsed, file: "pulsed") }
    }

    @Test("reads the quirk of FTDI's bridges, and no quirk where none stands")
    func quirks() throws {
        let template = try shipped("template/ftdi-sync-fifo")
        #expect(template.quirks == [.ftdiModemStatus, .ftdiSynchronousFIFO])
        #expect(template.sendsVendorRequests)
        #expect(try !shipped("template/cypress-fx2").sendsVendorRequests)
        #expect(try good("fixed-stream-quirk").quirks == [.ftdiModemStatus])
        #expect(try shipped("odp/reference").quirks == [])
    }

    @Test("reads what a board shows before its firmware is loaded")
    func cold() throws {
        let cold = try #require(try good("cold-with-release").cold)
        #expect(cold.vendorID == 0x04B4)
        #expect(cold.productID == 0x8613)
        #expect(cold.bcdDevice == 0xA001)
        #expect(cold.firmwareFile == "firmware/ours-1.2.bin")
        #expect(cold.firmwareSHA256.hasPrefix("44490c76"))
        #expect(try shipped("odp/reference").cold == nil)
    }

    @Test("a board without firmware has its ids and release, and no strings")
    func coldIsShown() throws {
        let cold = try #require(try good("cold-with-release").cold)
        func shows(_ vendor: UInt16, _ product: UInt16, _ release: UInt16, strings: Bool = false) -> Bool {
            cold.isShown(vendorID: vendor, productID: product, bcdDevice: release, hasStrings: strings)
        }
        #expect(shows(0x04B4, 0x8613, 0xA001))
        #expect(!shows(0x04B4, 0x8613, 0xA001, strings: true))
        #expect(!shows(0x04B4, 0x8613, 0xA000))
        #expect(!shows(0x04B4, 0x8614, 0xA001))
        #expect(!shows(0x04B5, 0x8613, 0xA001))
        let any = try #require(try shipped("template/cypress-fx2").cold)
        #expect(any.isShown(vendorID: 0x04B4, productID: 0x8613, bcdDevice: 0, hasStrings: false))
    }

    @Test("says why a profile is used only when it is named")
    func naming() throws {
        #expect(
            try shipped("generic/usb-audio-stereo").namingReason
                == "`match` names no ids, and devices of this shape are common")
        #expect(try good("fixed-stream-without-ids").needsNaming)
        #expect(try good("audio-without-facts").needsNaming)
        #expect(try good("audio-mono-with-ids").namingReason == nil)
        let text = try ProfileFiles.text("generic/usb-audio-stereo.yaml")
        let vendor = text.replacing("match:\n", with: "match:\n  vendorID: 0x08BB\n")
        #expect(
            try DeviceProfile.parse(vendor, file: "a").namingReason?.hasPrefix("`match` names neither a product id")
                == true)
        let strings = vendor.replacing("match:\n", with: "match:\n  manufacturer: A\n  product: B\n")
        #expect(try DeviceProfile.parse(strings, file: "a").namingReason == nil)
    }

    @Test("no shipped profile that is sent vendor requests can be found by less than its strings")
    func requestsNeedStrings() throws {
        for profile in try ProfileLibrary().profiles where profile.sendsVendorRequests {
            #expect(profile.match.vendorID != nil)
            #expect(profile.match.product != nil || profile.match.productPrefix != nil)
        }
    }
}
