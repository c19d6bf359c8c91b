import ProbeLink
import TestSupport
import Testing

/// The messages against bytes that were written by hand from the protocol's tables.
@Suite struct ODPMessageTests {
    static let identity = hex(
        """
        4f445031 01 00 0300 01020300 3b000000
        80841e00 00127a00 40420f00 001bb700
        8000 f401 400d0300 e803 0000 0cfe 6810
        02 20 8000 0002 60ea0000 000000000000
        """)

    static let acquisition = hex(
        """
        80841e00 404b4c00 50c30000 d0070000 88130000
        0400 0a 0b f401 0cfe
        30750000 6000 0001 e0930400 90d00300 00000000
        """)

    static let status = hex(
        """
        02 01 a40f 10270000 05000000 09000000
        0102030405060708 00400000 00000000
        """)

    // Spans may not leave the expression that a test macro takes apart.
    static func identity(from bytes: [UInt8]) throws -> ODPIdentity { try ODPIdentity(bytes.span.bytes) }
    static func status(from bytes: [UInt8]) throws -> ODPStatus { try ODPStatus(bytes.span.bytes) }
    static func settings(from bytes: [UInt8]) throws -> AcquisitionSettings {
        try AcquisitionSettings(odp: bytes.span.bytes)
    }
    static func event(from bytes: [UInt8], at offset: Int = 0) -> ProbeEvent? {
        ProbeEvent(odp: bytes.span.bytes, at: offset)
    }

    @Test("IDENTITY is read field by field")
    func readIdentity() throws {
        let identity = try Self.identity(from: Self.identity)
        #expect(identity.protocolMinor == 0)
        #expect(identity.hardwareRevision == 3)
        #expect(identity.firmware == "1.2.3")
        #expect(identity.capabilities == [.pulsedWave, .bMode, .ecg, .respiration, .simulated])
        #expect(identity.lowestCentreFrequencyHz == 2_000_000)
        #expect(identity.highestCentreFrequencyHz == 8_000_000)
        #expect(identity.lowestPrfMilliHz == 1_000_000)
        #expect(identity.highestPrfMilliHz == 12_000_000)
        #expect(identity.mostGates == 128)
        #expect(identity.leastGateSpacingUm == 500)
        #expect(identity.greatestDepthUm == 200_000)
        #expect(identity.declaredMechanicalIndexPerMille == 1000)
        #expect(identity.declaredThermalIndexPerMille == nil)
        #expect(identity.lowestReceiveGainCentiDb == -500)
        #expect(identity.highestReceiveGainCentiDb == 4200)
        #expect(identity.leastBurstCycles == 2)
        #expect(identity.mostBurstCycles == 32)
        #expect(identity.mostBModeLines == 128)
        #expect(identity.mostBModeSamplesPerLine == 512)
        #expect(identity.highestBModeFrameRateMilliHz == 60_000)
    }

    @Test("IDENTITY of another length, magic or major version is refused", arguments: [0, 3, 4])
    func refusedIdentity(place: Int) {
        var changed = Self.identity
        changed[place] ^= 0x10
        #expect(throws: TransportError.self) { try Self.identity(from: changed) }
        #expect(throws: TransportError.self) { try Self.identity(from: Array(Self.identity.dropLast())) }
        #expect(throws: TransportError.self) { try Self.identity(from: Self.identity + [0]) }
    }

    @Test("a later minor version and reserved bytes are tolerated")
    func tolerance() throws {
        var later = Self.identity
        later[5] = 9
        later[11] = 0xFF
        for place in 58..<64 { later[place] = 0xFF }
        #expect(try Self.identity(from: later).protocolMinor == 9)
        var settings = Self.acquisition
        settings[47] = 0xFF
        #expect(try Self.settings(from: settings).odpBytes == Self.acquisition)
        var status = Self.status
        status[28] = 0xFF
        #expect(try Self.status(from: status) == Self.status(from: Self.status))
    }

    @Test("ACQUISITION is read and written field by field")
    func settings() throws {
        let settings = try Self.settings(from: Self.acquisition)
        #expect(settings.centreFrequencyHz == 2_000_000)
        #expect(settings.prfMilliHz == 5_000_000)
        #expect(settings.firstGateDepthUm == 50_000)
        #expect(settings.gateSpacingUm == 2_000)
        #expect(settings.gateLengthUm == 5_000)
        #expect(settings.gates == 4)
        #expect(settings.burstCycles == 10)
        #expect(settings.streams == [.iq, .bMode, .physiology])
        #expect(settings.transmitLevelPerMille == 500)
        #expect(settings.receiveGainCentiDb == -500)
        #expect(settings.bModeFrameRateMilliHz == 30_000)
        #expect(settings.bModeLines == 96)
        #expect(settings.bModeSamplesPerLine == 256)
        #expect(settings.bModeDepthUm == 300_000)
        #expect(settings.bModeLinePitchNm == 250_000)
        #expect(settings.odpBytes == Self.acquisition)
    }

    @Test("ACQUISITION survives writing and reading", arguments: UInt64(0)..<30)
    func settingsRoundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<44).map { _ in UInt8.random(in: 0...255, using: &generator) } + [0, 0, 0, 0]
        #expect(try Self.settings(from: bytes).odpBytes == bytes)
    }

    @Test("STATUS is read field by field")
    func readStatus() throws {
        let status = try Self.status(from: Self.status)
        #expect(status.state == .fault)
        #expect(status.isArmed)
        #expect(status.faceTemperatureCentiCelsius == 4004)
        #expect(status.transmittingTimeMs == 10_000)
        #expect(status.droppedPackets == 5)
        #expect(status.faults == [.overTemperature, .fifoOverrun])
        #expect(status.pulsePeriods == 0x0807_0605_0403_0201)
        #expect(status.fifoHighWaterBytes == 16_384)
    }

    @Test("STATUS with an unknown state, or armed other than 0 and 1, is refused", arguments: [0, 1])
    func refusedStatus(place: Int) {
        var changed = Self.status
        changed[place] = 3
        #expect(throws: TransportError.self) { try Self.status(from: changed) }
    }

    @Test("no length but the right one is read", arguments: Array(0..<80))
    func lengths(length: Int) {
        let bytes = [UInt8](repeating: 0, count: length)
        #expect(throws: TransportError.self) { try Self.identity(from: bytes) }
        #expect((try? Self.settings(from: bytes)) == nil || length == 48)
        #expect((try? Self.status(from: bytes)) == nil || length == 32)
        #expect((Self.event(from: bytes) == nil) == (length < 16))
    }

    @Test("an event is read field by field")
    func event() {
        let bytes = hex("01 82 3412 ffffffff 4001000000000000")
        #expect(
            Self.event(from: bytes) == ProbeEvent(code: 1, value: 0x82, counter: 0x1234, pulseIndex: 320))
        #expect(Self.event(from: bytes, at: 1) == nil)
        #expect(Self.event(from: bytes, at: -1) == nil)
        #expect(Self.event(from: bytes, at: .max) == nil)
    }

    @Test("requests have the numbers and data of the protocol's table")
    func requests() {
        #expect(ODPRequest.identity == ControlRequest(0x01, body: .in(length: 64)))
        let settings = AcquisitionSettings.test()
        #expect(ODPRequest.setAcquisition(settings) == ControlRequest(0x10, body: .out(settings.odpBytes)))
        #expect(ODPRequest.getAcquisition == ControlRequest(0x11, body: .in(length: 48)))
        #expect(ODPRequest.arm(true) == ControlRequest(0x20, value: 1))
        #expect(ODPRequest.run(false) == ControlRequest(0x21, value: 0))
        #expect(ODPRequest.reset == ControlRequest(0x22))
        #expect(ODPRequest.keepAlive(milliseconds: 1000) == ControlRequest(0x23, value: 1000))
        #expect(ODPRequest.status == ControlRequest(0x30, body: .in(length: 32)))
    }
}
