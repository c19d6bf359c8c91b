import ProbeLink
import ProbeProfiles
import TestSupport
import Testing

@Suite("Settings against a profile")
struct SettingsProblemsTests {
    private static let library = Result { try ProfileLibrary() }

    private func profile(_ id: String) throws -> DeviceProfile { try Self.library.get().profile(id) }

    /// The problems of a profile's start after a change.
    private func problems(_ id: String, _ change: (inout AcquisitionSettings) -> Void) throws -> [String] {
        let profile = try profile(id)
        var settings = profile.startingSettings(transmitLevelPerMille: 0)
        change(&settings)
        return profile.problems(with: settings)
    }

    @Test("every shipped profile can be set to its own start")
    func starts() throws {
        for profile in try Self.library.get().profiles {
            #expect(profile.problems(with: profile.startingSettings(transmitLevelPerMille: 1000)) == [])
        }
    }

    @Test("names the setting, its value and what is possible")
    func ranges() throws {
        let id = "hs-ulm/usd3.0"
        #expect(
            try problems(id) { $0.centreFrequencyHz = 5_000_000 } == [
                "centreFrequencyHz 5000000.0 is not possible: 2000000.0, 4000000.0, 8000000.0"
            ])
        #expect(
            try problems(id) { $0.prfMilliHz = 1_999_999 } == ["prfHz 1999.999 is not possible: 2000.0 to 12000.0"])
        #expect(try problems(id) { $0.gateLengthUm = 999 } == ["gateLengthMm 0.999 is not possible: 1.0 to 20.0"])
        #expect(
            try problems("odp/reference") { $0.centreFrequencyHz = 999_999 } == [
                "centreFrequencyHz 999999.0 is not possible: 1000000.0 to 12000000.0"
            ])
    }

    @Test("both ends of every range are possible, one unit beyond is not")
    func ends() throws {
        let id = "odp/reference"
        #expect(try problems(id) { $0.prfMilliHz = 100_000 } == [])
        #expect(try problems(id) { $0.prfMilliHz = 99_999 }.count == 1)
        #expect(try problems(id) { $0.prfMilliHz = 20_000_000 } == [])
        #expect(try problems(id) { $0.prfMilliHz = 20_000_001 }.count == 1)
        #expect(try problems(id) { $0.firstGateDepthUm = 2000 } == [])
        #expect(
            try problems(id) { $0.firstGateDepthUm = 1999 } == [
                "near edge of the first gate, mm, -0.001 is not possible: 0.0 to 200.0"
            ])
        #expect(try problems(id) { ($0.prfMilliHz, $0.firstGateDepthUm) = (3_000_000, 198_000) } == [])
        #expect(
            try problems(id) { ($0.prfMilliHz, $0.firstGateDepthUm) = (3_000_000, 198_001) } == [
                "far edge of the last gate, mm, 200.001 is not possible: 0.0 to 200.0"
            ])
    }

    @Test("the far edge is that of the last gate, and one echo at a time comes back from there")
    func echo() throws {
        func gates(_ count: UInt16, spacingUm: UInt32) throws -> [String] {
            try problems("odp/reference") { ($0.gates, $0.gateSpacingUm) = (count, spacingUm) }
        }
        // 8 kHz reaches 96.25 mm: the far edge of gate n lies at 22 mm + (n - 1) x 2 mm.
        #expect(try gates(38, spacingUm: 2000) == [])
        #expect(
            try gates(39, spacingUm: 2000) == [
                "prfHz 8000.0 is not possible with a gate that ends at 98.0 mm: at most 7857.14, one echo at a time"
            ])
        #expect(
            try gates(2, spacingUm: 0) == ["gateSpacingMm 0.0 is not possible with 2 gates: more than 0"])
    }

    @Test("knows how many gates each protocol carries")
    func gateCounts() throws {
        func two(_ id: String) throws -> [String] {
            try problems(id) { ($0.gates, $0.gateSpacingUm) = (2, 5000) }
        }
        #expect(try two("odp/reference") == [])
        #expect(try two("hs-ulm/digidop") == [])
        #expect(try two("hs-ulm/usd3.0") == ["gates 2 is not possible: 1 to 1"])
        #expect(try two("generic/usb-audio-stereo") == ["gates 2 is not possible: 1 to 1"])
        #expect(try problems("odp/reference") { $0.gates = 0 } == ["gates 0 is not possible: 1 to 65535"])
    }

    @Test("a period must fit the probe's clock counter")
    func period() throws {
        let text = try ProfileFiles.text("hs-ulm/digidop.yaml").replacing("64_000_000", with: "128_000_000")
        let profile = try DeviceProfile.parse(text, file: "a")
        var settings = profile.startingSettings(transmitLevelPerMille: 0)
        // 128 MHz / 65,535 = 1953.15 Hz: the range's lowest fits, so the range is widened by hand.
        var wide = profile
        wide.limits.prfHz = 100...12_000
        settings.prfMilliHz = 1_953_000
        #expect(
            wide.problems(with: settings) == [
                "prfHz 1953.0 is not possible: its period is 65540.19 ticks of the probe's clock, which counts to 65535"
            ])
        settings.prfMilliHz = 1_954_000
        #expect(wide.problems(with: settings) == [])
    }

    @Test("a board that cannot be set has its start and nothing else")
    func fixed() throws {
        let id = "template/ftdi-sync-fifo"
        #expect(
            try problems(id) { $0.firstGateDepthUm = 20_500 } == [
                "far edge of the last gate, mm, 22.5 is not possible: 18.0 to 22.0",
                "gateDepthMm 20.5 is not possible: the probe cannot be set, and has 20.0",
            ])
        #expect(
            try problems(id) { $0.burstCycles = 4 } == [
                "burstCycles 4.0 is not possible: the probe cannot be set, and has 8.0"
            ])
        #expect(try problems("odp/reference") { $0.burstCycles = 4 } == [])
    }

    @Test("a sound interface samples at its own rate, however deep the gate")
    func sound() throws {
        let id = "generic/usb-audio-stereo"
        #expect(try problems(id) { $0.firstGateDepthUm = 150_000 } == [])
        #expect(try problems(id) { $0.prfMilliHz = 44_100_000 } == ["prfHz 44100.0 is not possible: 48000.0"])
    }

    @Test("refuses a level beyond all of it, no burst, and streams that a protocol does not carry")
    func transmission() throws {
        let id = "odp/reference"
        #expect(
            try problems(id) { $0.transmitLevelPerMille = 1001 } == [
                "transmitLevelPerMille 1001 is not possible: 0 to 1000"
            ])
        #expect(try problems(id) { $0.burstCycles = 0 } == ["burstCycles 0 is not possible: 1 to 255"])
        #expect(try problems(id) { $0.streams = [] } == ["streams 0 is not possible: at least one"])
        #expect(try problems(id) { $0.streams = [.iq, .bMode] } == [])
        #expect(
            try problems("hs-ulm/usd3.0") { $0.streams = [.iq, .bMode] } == [
                "streams 3 is not possible: 1, I and Q alone"
            ])
    }

    /// Settings of any kind, far out for the most part.
    private func anything(_ generator: inout SeededGenerator) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: UInt32(truncatingIfNeeded: generator.next()) | 1 << 31,
            prfMilliHz: UInt32(truncatingIfNeeded: generator.next()),
            firstGateDepthUm: UInt32(truncatingIfNeeded: generator.next()),
            gateSpacingUm: UInt32(truncatingIfNeeded: generator.next()),
            gateLengthUm: UInt32(truncatingIfNeeded: generator.next()),
            gates: UInt16(truncatingIfNeeded: generator.next()) >> (generator.next() % 16),
            burstCycles: UInt8(truncatingIfNeeded: generator.next()),
            streams: StreamMask(rawValue: UInt8(truncatingIfNeeded: generator.next())),
            transmitLevelPerMille: UInt16(truncatingIfNeeded: generator.next()))
    }

    @Test("judges any settings without trapping, and refuses those far out", arguments: 0..<50)
    func farOut(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for profile in try Self.library.get().profiles {
            #expect(!profile.problems(with: anything(&generator)).isEmpty)
        }
    }

    @Test("the nearest possible settings have no problem, whatever was wanted", arguments: 0..<100)
    func nearest(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for profile in try Self.library.get().profiles {
            var wanted = anything(&generator)
            if seed % 2 == 0 {
                wanted.firstGateDepthUm %= 200_000
                wanted.gateSpacingUm %= 10_000
                wanted.gateLengthUm %= 20_000
                wanted.prfMilliHz %= 20_000_000
            }
            let settings = profile.nearestPossible(to: wanted)
            #expect(profile.problems(with: settings) == [], "\(profile.id): \(settings)")
            #expect(profile.nearestPossible(to: settings) == settings)
        }
    }

    @Test("a deep gate leaves the rate of a sound interface alone, and a board that cannot be set its start")
    func nearestOfOthers() throws {
        let audio = try profile("generic/usb-audio-stereo")
        var wanted = audio.startingSettings(transmitLevelPerMille: 0)
        wanted.firstGateDepthUm = 150_000
        #expect(audio.nearestPossible(to: wanted) == wanted)
        let board = try profile("template/ftdi-sync-fifo")
        #expect(board.nearestPossible(to: wanted) == board.startingSettings(transmitLevelPerMille: 0))
    }
}
