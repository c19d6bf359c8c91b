extension SimulatedProbe {
    /// Answers one control transfer: the vendor requests of ODP 1.0 and the standard ones of USB 2.0.
    ///
    /// - Parameters:
    ///   - setup: the setup stage.
    ///   - out: the data of an OUT request.
    public mutating func control(_ setup: USBSetup, out: [UInt8] = []) -> ControlAnswer {
        switch setup.requestType & RequestType.kindMask {
        case RequestType.standard: standardRequest(setup)
        case RequestType.vendor: vendorRequest(setup, out: out)
        default: .stall
        }
    }

    /// Parts of `bmRequestType` (USB 2.0, table 9-2).
    private enum RequestType {
        static let kindMask: UInt8 = 0x60
        static let standard: UInt8 = 0x00
        static let vendor: UInt8 = 0x40
    }

    private enum Request {
        static let identity: UInt8 = 0x01
        static let setAcquisition: UInt8 = 0x10
        static let getAcquisition: UInt8 = 0x11
        static let arm: UInt8 = 0x20
        static let run: UInt8 = 0x21
        static let reset: UInt8 = 0x22
        static let keepAlive: UInt8 = 0x23
        static let status: UInt8 = 0x30
    }

    private mutating func vendorRequest(_ setup: USBSetup, out: [UInt8]) -> ControlAnswer {
        guard setup.index == 0 else { return .stall }
        switch setup.requestType {
        case USBSetup.vendorIn:
            guard let bytes = vendorData(setup) else { return .stall }
            return .bytes(Array(bytes.prefix(Int(setup.length))))
        case USBSetup.vendorOut:
            guard Int(setup.length) == out.count else { return .stall }
            return carryOut(setup, out) ? .acknowledge : .stall
        default:
            return .stall
        }
    }

    private func vendorData(_ setup: USBSetup) -> [UInt8]? {
        guard setup.value == 0 else { return nil }
        switch setup.request {
        case Request.identity: return identity.bytes
        case Request.getAcquisition: return settings?.wire
        case Request.status: return statusBytes
        default: return nil
        }
    }

    /// Carries out an OUT request; `false` = STALL.
    private mutating func carryOut(_ setup: USBSetup, _ out: [UInt8]) -> Bool {
        let data = setup.request == Request.setAcquisition ? DeviceSettings.wireBytes : 0
        guard out.count == data else { return false }
        switch (setup.request, setup.value) {
        case (Request.setAcquisition, 0): return setAcquisition(out)
        case (Request.arm, 0...1): return arm(setup.value == 1)
        case (Request.run, 0): return endRun()
        case (Request.run, 1): return beginRun()
        case (Request.reset, 0):
            reset()
            return true
        case (Request.keepAlive, 1...): return keepAlive(setup.value)
        default: return false
        }
    }

    private mutating func setAcquisition(_ bytes: [UInt8]) -> Bool {
        guard state == .idle, let asked = DeviceSettings(wire: bytes), let possible = asked.inForce(on: identity)
        else { return false }
        settings = possible
        return true
    }

    private mutating func arm(_ allowed: Bool) -> Bool {
        guard !allowed || state != .fault else { return false }
        cutPackets()
        keepAliveDeadline = allowed ? freshDeadline : nil
        return true
    }

    private mutating func beginRun() -> Bool {
        guard speed == .high, state == .idle, let settings else { return false }
        startRun(settings)
        return true
    }

    private mutating func endRun() -> Bool {
        cutPackets()
        run = nil
        if state == .running { state = .idle }
        return true
    }

    private mutating func keepAlive(_ milliseconds: UInt16) -> Bool {
        keepAliveMilliseconds = milliseconds
        if isArmed { keepAliveDeadline = freshDeadline }
        return true
    }

    private var freshDeadline: UInt64 {
        let nanosecondsPerMillisecond: UInt64 = 1_000_000
        return nowNanoseconds &+ UInt64(keepAliveMilliseconds) * nanosecondsPerMillisecond
    }

    /// RESET: IDLE and disarmed, with nothing queued, counted or latched; settings and keep-alive time stay.
    mutating func reset() {
        state = .idle
        run = nil
        keepAliveDeadline = nil
        faults = FaultBits()
        counts = StreamCounts()
        fifo.clear()
        events = EventQueue()
    }

    /// The 32 bytes of STATUS.
    private var statusBytes: [UInt8] {
        var bytes: [UInt8] = [state.rawValue, isArmed ? 1 : 0]
        bytes.appendLittleEndian(faceTemperatureCentiC)
        bytes.appendLittleEndian(counts.transmittingMilliseconds)
        bytes.appendLittleEndian(counts.dropped)
        bytes.appendLittleEndian(faults.rawValue)
        bytes.appendLittleEndian(counts.pulses)
        bytes.appendLittleEndian(UInt32(clamping: fifo.highWaterBytes))
        bytes.appendLittleEndian(UInt32(0))
        return bytes
    }
}
