import ProbeSimulator

/// The simulated probe behind the real libusb.
final class SimulatedProbeOnRig: RigBehaviour {
    /// The probe, and what its endpoint has sent of the transfer that is not over yet.
    struct State {
        var probe: SimulatedProbe
        var partial: [UInt8] = []
    }

    let state: Locked<State>
    /// How much faster than the rig's clock the probe's time goes.
    private let timesRealTime: UInt64

    init(_ probe: SimulatedProbe, timesRealTime: UInt64 = 1) {
        state = Locked(State(probe: probe))
        self.timesRealTime = timesRealTime
    }

    /// The descriptors and strings that the probe itself answers.
    func plugIn() throws -> RigDevice {
        let descriptors = try [UInt8(1), 2].flatMap { kind in
            try answer(USBSetup(requestType: 0x80, request: 6, value: UInt16(kind) << 8, length: 255))
        }
        // Strings are left to the probe's own GET_DESCRIPTOR.
        return try RigDevice(self, descriptors: descriptors, strings: [])
    }

    func control(setup: [UInt8], data: [UInt8]) throws(RigRefusal) -> [UInt8] {
        try answer(
            USBSetup(
                requestType: setup[0], request: setup[1], value: UInt16(setup[2]) | UInt16(setup[3]) << 8,
                index: UInt16(setup[4]) | UInt16(setup[5]) << 8, length: UInt16(setup[6]) | UInt16(setup[7]) << 8),
            data)
    }

    /// Collects USB packets until one ends the transfer or it is full; what came so far waits for the next time.
    func read(endpoint: UInt8, into buffer: UnsafeMutableRawBufferPointer) throws(RigRefusal) -> Int {
        try state.withLock { state throws(RigRefusal) in
            guard endpoint == SimulatedProbe.streamEndpoint else {
                guard case .bytes(let event, _) = state.probe.readEvent() else { throw .notYet }
                buffer.copyBytes(from: event.prefix(buffer.count))
                return min(event.count, buffer.count)
            }
            var isOver = false
            while !isOver {
                switch state.probe.readStream(atMost: buffer.count - state.partial.count) {
                case .stalled: throw .stalled
                case .nothingYet: throw .notYet
                case .bytes(let packets, let endsTransfer):
                    state.partial += packets
                    isOver = endsTransfer || state.partial.count >= buffer.count
                }
            }
            defer { state.partial.removeAll(keepingCapacity: true) }
            buffer.copyBytes(from: state.partial.prefix(buffer.count))
            return min(state.partial.count, buffer.count)
        }
    }

    /// RUN (ODP 1.0, "Control requests").
    private static let runRequest: UInt8 = 0x21

    func advance(nanoseconds: UInt64) {
        state.withLock { $0.probe.advance(byNanoseconds: nanoseconds &* timesRealTime) }
    }

    private func answer(_ setup: USBSetup, _ data: [UInt8] = []) throws(RigRefusal) -> [UInt8] {
        try state.withLock { state throws(RigRefusal) in
            // A transfer that the host took back took its packets along: none is left for the next run.
            if setup.requestType & 0x60 == 0x40, setup.request == Self.runRequest { state.partial.removeAll() }
            switch state.probe.control(setup, out: data) {
            case .stall: throw .stalled
            case .acknowledge: return []
            case .bytes(let bytes): return bytes
            }
        }
    }
}
