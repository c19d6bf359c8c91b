import Acquisition
import ProbeLink
import USBProbeLink

/// The probe as a host opens it: found, claimed and asked by the code that ships.
enum ReportProbe {
    static let rule = USBMatchRule(
        vendorID: 0x1209, productID: 0x0001, productPrefix: "ODP ", bcdDeviceMajor: 1, deviceClass: [0xFF, 0, 0],
        interfaceClass: [0xFF, 0x44, 0x01], endpoints: [USBEndpointNeed(.bulkIn), USBEndpointNeed(.interruptIn)])

    static func open() throws -> ODPProbe {
        let transport = try USBProbeTransport(opening: USBDeviceDiscovery().find(rule), matching: rule)
        return try ODPProbe.open(over: transport, specifier: "usb", profileID: nil)
    }

    static func settings(gates: UInt16, prfHz: UInt32) -> AcquisitionSettings {
        AcquisitionSettings(
            centreFrequencyHz: 5_000_000, prfMilliHz: prfHz * 1000, firstGateDepthUm: 5_000, gateSpacingUm: 60,
            gateLengthUm: 200, gates: gates, burstCycles: 4, streams: .iq, transmitLevelPerMille: 0)
    }
}

/// Checks that frames follow each other and carry their own samples; keeps every mark.
struct CheckingSink: FrameSink {
    /// Given at the first pulse that is not wanted any more.
    var stop: StopSignal?
    var wantedPulses = UInt64.max
    var nextPulse: UInt64 = 0
    var pulses: UInt64 = 0
    /// Pulses that are missing without a mark, or whose samples are others.
    var unexplainedPulses: UInt64 = 0
    var losses: [StreamLoss] = []
    var firstFrame: FrameHeader?
    var firstFrameNs: UInt64 = 0
    var firstSample: UInt64?

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        if firstFrame == nil {
            firstFrameNs = Clock.nanoseconds()
            firstFrame = frame
            firstSample = payload.sample
        }
        if frame.pulseIndex != nextPulse { unexplainedPulses += frame.pulseIndex &- nextPulse }
        if payload.sample != frame.pulseIndex { unexplainedPulses += UInt64(frame.records) }
        pulses += UInt64(frame.records)
        nextPulse = frame.pulseIndex + UInt64(frame.records)
        if nextPulse >= wantedPulses { stop?.request() }
    }

    mutating func lost(_ loss: StreamLoss) {
        losses.append(loss)
        if loss.firstPulse == nextPulse { nextPulse += loss.pulses }
    }

    mutating func event(_ event: ProbeEvent) {}
    func hasRoom(forBytes count: Int) -> Bool { true }

    var markedPulses: UInt64 { losses.reduce(0) { $0 + $1.pulses } }
    var lostPulses: UInt64 { unexplainedPulses + markedPulses }
}

extension RawSpan {
    /// The pulse that the pattern device wrote into a packet's first samples.
    fileprivate var sample: UInt64? {
        byteCount < 8 ? nil : UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }
}
