package import ProbeLink

/// Puts decoded frames into the ring, on the acquisition thread; drops, counts and marks what does not fit.
///
/// A recording of a planned length takes no frame that begins after its end, and asks the source to stop at the
/// first such I/Q frame: frames of other kinds that belong to the recorded time have come before it.
package struct RingFrameSink: ~Copyable, FrameSink {
    private var writer: RingWriter
    private let plannedPulses: UInt64?
    private let stop: StopSignal
    /// What could not be written yet: one mark for each kind of frame.
    private var pending: [StreamLoss] = []
    /// What was dropped at the ring.
    package private(set) var counters = RingCounters()

    package init(writer: consuming RingWriter, plannedPulses: UInt64?, stop: StopSignal) {
        self.writer = writer
        self.plannedPulses = plannedPulses
        self.stop = stop
        pending.reserveCapacity(FrameKind.allCases.count)
    }

    package func hasRoom(forBytes count: Int) -> Bool {
        // Beside the frame itself: the marks of losses that may have to go before it.
        writer.hasRoom(for: FrameRecord.size(payload: count) + Self.markBytes)
    }

    private static let markBytes = 1024

    package mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        if let plannedPulses, frame.pulseIndex >= plannedPulses {
            if frame.kind == .iq { stop.request() }
            return
        }
        writePending()
        let size = FrameRecord.size(payload: payload.byteCount)
        guard pending.isEmpty, let place = writer.claim(size) else {
            drop(frame)
            return
        }
        FrameRecord.write(frame, payload, to: place)
        writer.publish(size)
        if frame.kind == .iq { counters.pulses &+= UInt64(frame.records) }
    }

    package mutating func lost(_ loss: StreamLoss) {
        writePending()
        guard pending.isEmpty, write(loss) else {
            note(loss)
            return
        }
    }

    package mutating func event(_ event: ProbeEvent) {
        let size = FrameRecord.size(payload: 8)
        guard let place = writer.claim(size) else {
            counters.droppedEvents &+= 1
            return
        }
        FrameRecord.write(event, to: place)
        writer.publish(size)
    }

    /// Writes what is still pending and closes the ring.
    ///
    /// - Returns: what was dropped, with the marks that found no room even now.
    package consuming func close() -> (counters: RingCounters, unmarked: [StreamLoss]) {
        writePending()
        let result = (counters, pending)
        writer.close()
        return result
    }

    private mutating func drop(_ frame: FrameHeader) {
        let pulses = frame.kind == .iq ? UInt64(frame.records) : 0
        counters.droppedFrames &+= 1
        counters.droppedPulses &+= pulses
        note(StreamLoss(kind: frame.kind, place: .ring, firstPulse: frame.pulseIndex, pulses: pulses, packets: 1))
    }

    /// Adds a loss to those that wait for room, joined with an earlier one of the same kind and place.
    private mutating func note(_ loss: StreamLoss) {
        for index in pending.indices where pending[index].kind == loss.kind && pending[index].place == loss.place {
            pending[index].pulses &+= loss.pulses
            pending[index].packets &+= loss.packets
            return
        }
        pending.append(loss)
    }

    private mutating func writePending() {
        while let first = pending.first {
            guard write(first) else { return }
            pending.removeFirst()
        }
    }

    private mutating func write(_ loss: StreamLoss) -> Bool {
        let size = FrameRecord.size(payload: 16)
        guard let place = writer.claim(size) else { return false }
        FrameRecord.write(loss, to: place)
        writer.publish(size)
        return true
    }
}

/// What was dropped because a reader was too slow.
public struct RingCounters: Sendable, Hashable, Codable {
    /// I/Q pulses that went through the ring.
    public var pulses: UInt64 = 0
    /// Frames dropped, of every kind.
    public var droppedFrames: UInt64 = 0
    /// I/Q pulses in the dropped frames.
    public var droppedPulses: UInt64 = 0
    /// Probe events dropped.
    public var droppedEvents: UInt64 = 0

    /// Nothing dropped.
    public init() {}
}
