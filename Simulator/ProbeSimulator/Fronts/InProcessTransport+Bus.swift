internal import ProbeLink

/// What the operating system and the host controller do on a real bus.
extension InProcessTransport {
    /// Standard requests (USB 2.0, table 9-4).
    private enum Standard {
        static let setConfiguration = USBSetup(requestType: 0x00, request: 9, value: 1)

        static func select(_ setting: InterfaceSetting) -> USBSetup {
            USBSetup(
                requestType: 0x01, request: 11, value: UInt16(setting.alternate), index: UInt16(setting.interface))
        }
    }

    /// Bit 7 of `bmRequestType`: to the host.
    private static let toHost: UInt8 = 0x80

    /// The transport's name for what hangs on it.
    static func label(of bench: Bench) -> String { "sim \(bench.device.label)" }

    /// Configures a device with alternate settings and selects its stream; others are used as they come.
    static func configure(_ device: inout any SimulatedDevice) {
        guard device.streamSetting != nil else { return }
        _ = device.control(Standard.setConfiguration, out: [])
        selectStream(&device)
    }

    /// Selects the alternate setting with the samples, where there is one.
    static func selectStream(_ device: inout any SimulatedDevice) {
        if let setting = device.streamSetting { _ = device.control(Standard.select(setting), out: []) }
    }

    /// Lets the device answer a request.
    static func answer(_ request: ControlRequest, _ bench: inout Bench) throws(TransportError) -> [UInt8] {
        try requirePlugged(bench)
        let (setup, data) = try setup(of: request)
        guard bench.device.isAnswering else {
            throw .timedOut(what: label(of: bench), milliseconds: answerMilliseconds)
        }
        let answer = bench.device.control(setup, out: data)
        // The device has left the bus: it answers no more until it is plugged in again.
        if bench.device.needsReenumeration { bench.isPlugged = false }
        switch answer {
        case .stall: throw .stalled(request: request.request)
        case .acknowledge: return []
        case .bytes(let bytes): return bytes
        }
    }

    /// Fills the transfer or collects intervals; where the device has nothing more, its time moves on.
    static func advance(
        _ bench: inout Bench, _ pass: inout StreamingPass, isAccelerated: Bool
    ) throws(TransportError) {
        try requirePlugged(bench)
        try beat(&bench, &pass)
        collect(&bench, &pass)
        if isAccelerated, pass.arrivals.isEmpty, !pass.transfer.isComplete {
            let room = pass.nextBeatNanoseconds.map { $0 - min($0, bench.device.nowNanoseconds) }
            bench.device.advance(byNanoseconds: min(step(of: bench.device), room ?? .max))
            try beat(&bench, &pass)
            collect(&bench, &pass)
        }
        pass.collectEvents(from: &bench.device)
        try requireAnswer(bench, &pass)
        pass.shouldRest = !pass.arrivals.isEmpty || pass.transfer.isComplete || !bench.device.isStreaming
    }

    /// Gives the sink what is complete.
    ///
    /// - Parameter asFarAsThereIsRoom: `false` = whatever there is, be it an unfinished transfer.
    /// - Returns: whether anything was given.
    static func deliver<Sink: TransferSink & ~Copyable>(
        _ pass: inout StreamingPass, to sink: inout Sink, asFarAsThereIsRoom: Bool
    ) -> Bool {
        let given = deliverIntervals(&pass, to: &sink, asFarAsThereIsRoom: asFarAsThereIsRoom)
        // The buffer is not copied: `submitAgain` uses it again.
        let count = pass.transfer.bytes.count
        guard !asFarAsThereIsRoom || (pass.transfer.isComplete && sink.hasRoom(forBytes: count)) else { return given }
        if count > 0 {
            sink.transferArrived(hostNanoseconds: pass.transferHostNanoseconds)
            sink.receive(pass.transfer.bytes.span.bytes, from: .stream)
        }
        pass.transfer.submitAgain()
        return true
    }

    /// Gives the sink the packets of an isochronous endpoint, one by one, and says which are missing.
    private static func deliverIntervals<Sink: TransferSink & ~Copyable>(
        _ pass: inout StreamingPass, to sink: inout Sink, asFarAsThereIsRoom: Bool
    ) -> Bool {
        var done = 0
        var missed = 0
        for arrival in pass.arrivals {
            guard case .packet(let bytes) = arrival.interval else {
                missed += 1
                done += 1
                continue
            }
            guard !asFarAsThereIsRoom || sink.hasRoom(forBytes: bytes.count) else { break }
            if missed > 0 { sink.missed(packets: missed, packetNanoseconds: pass.intervalNanoseconds) }
            missed = 0
            done += 1
            guard !bytes.isEmpty else { continue }
            sink.transferArrived(hostNanoseconds: arrival.hostNanoseconds)
            sink.receive(bytes.span.bytes, from: .stream)
        }
        if missed > 0 { sink.missed(packets: missed, packetNanoseconds: pass.intervalNanoseconds) }
        pass.arrivals.removeFirst(done)
        return done > 0
    }

    private static func collect(_ bench: inout Bench, _ pass: inout StreamingPass) {
        guard bench.device.isAnswering else { return }
        let host = bench.clock.nanoseconds(atDevice: bench.device.nowNanoseconds)
        switch bench.device.streamKind {
        case .bulk:
            let before = pass.transfer.bytes.count
            pass.transfer.fill(from: &bench.device)
            if pass.transfer.bytes.count > before { pass.transferHostNanoseconds = host }
        case .isochronous(let nanoseconds):
            pass.intervalNanoseconds = nanoseconds
            pass.collectIntervals(from: &bench.device, hostNanoseconds: host)
        }
    }

    private static func step(of device: any SimulatedDevice) -> UInt64 {
        switch device.streamKind {
        case .bulk: stepNanoseconds
        case .isochronous(let nanoseconds): max(1, nanoseconds)
        }
    }

    private static func beat(_ bench: inout Bench, _ pass: inout StreamingPass) throws(TransportError) {
        guard let request = pass.dueBeat(at: bench.device.nowNanoseconds) else { return }
        _ = try answer(request, &bench)
    }

    private static func requirePlugged(_ bench: Bench) throws(TransportError) {
        guard bench.isPlugged else { throw .disconnected(device: label(of: bench)) }
    }

    /// Ends a run in which nothing has answered for longer than a request may take.
    private static func requireAnswer(_ bench: Bench, _ pass: inout StreamingPass) throws(TransportError) {
        guard !bench.device.isAnswering else {
            pass.silentSinceNanoseconds = nil
            return
        }
        let nanosecondsPerMillisecond: UInt64 = 1_000_000
        let since = pass.silentSinceNanoseconds ?? bench.device.nowNanoseconds
        pass.silentSinceNanoseconds = since
        let limit = UInt64(answerMilliseconds) * nanosecondsPerMillisecond
        guard bench.device.nowNanoseconds - min(since, bench.device.nowNanoseconds) > limit else { return }
        throw .timedOut(what: "the stream of \(label(of: bench))", milliseconds: answerMilliseconds)
    }

    private static func setup(of request: ControlRequest) throws(TransportError) -> (USBSetup, [UInt8]) {
        switch request.body {
        case .in(let length):
            let type = request.scope.requestTypeBits | toHost
            return (
                USBSetup(
                    requestType: type, request: request.request, value: request.value, index: request.index,
                    length: length), []
            )
        case .out(let bytes):
            guard let length = UInt16(exactly: bytes.count) else { throw .stalled(request: request.request) }
            return (
                USBSetup(
                    requestType: request.scope.requestTypeBits, request: request.request, value: request.value,
                    index: request.index, length: length), bytes
            )
        }
    }
}
