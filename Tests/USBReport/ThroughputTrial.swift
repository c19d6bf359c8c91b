import Acquisition
import Foundation
import ProbeLink
import Synchronization

/// 512 gates at 20 kHz through libusb, the decoder and the ring into two gating readers and one lossy reader.
struct ThroughputTrial {
    struct Outcome: Codable {
        var seconds = 0.0
        var megabytesPerSecond = 0.0
        var pulses: UInt64 = 0
        var lostPulsesOfGatingReaders: [UInt64] = []
        /// Of those, pulses that no mark accounts for.
        var untoldPulsesOfGatingReaders: [UInt64] = []
        var lostPulsesOfLossyReader: UInt64 = 0
        var droppedByProbePackets: UInt64 = 0
        var droppedAtRingPulses: UInt64 = 0
        /// Processor time against wall time, per cent of one processor, of each thread of the host.
        var hostPercent: [String: Double] = [:]
        var simulatorPercent = 0.0
        /// How late threads of the machine woke meanwhile: the ring holds 100 ms of this stream, so that a longer pause of
        /// a reader's processor loses pulses.
        var machine = Histogram()
    }

    static let gates: UInt16 = 512
    static let prfHz: UInt32 = 20_000

    /// What one reader's thread leaves behind.
    private struct ReaderEnd: Sendable {
        /// Pulses that are missing without a mark, or whose samples are others.
        var unexplainedPulses: UInt64 = 0
        var markedPulses: UInt64 = 0
        var seenPulses: UInt64 = 0
        var processorNs: UInt64 = 0
    }

    static func run(seconds: Int) throws -> Outcome {
        let bytesPerSecond = Double(gates) * 4 * Double(prfHz)
        let device = PatternDevice(.init(bytesPerSecond: bytesPerSecond))
        let rig = try ReportRig(device)
        return try withExtendedLifetime(rig) {
            let probe = try ReportProbe.open()
            _ = try probe.prepare(ReportProbe.settings(gates: gates, prfHz: prfHz))
            return try stream(probe, pulses: UInt64(seconds) * UInt64(prfHz), from: device)
        }
    }

    private static func stream(_ probe: ODPProbe, pulses: UInt64, from device: PatternDevice) throws -> Outcome {
        let ring = try SampleRing(capacity: AcquisitionRun.defaultRingBytes)
        let stop = StopSignal()
        let writer = try ring.makeWriter()
        let ends = [Finished(), Finished(), Finished()]
        for end in ends[0..<2] { startGating(Handover(try ring.makeGatingReader()), end) }
        startLossy(Handover(ring.makeLossyReader()), ring, ends[2])
        let witness = PauseWitness()
        let begunNs = Clock.nanoseconds()
        let processorNs = Clock.processNanoseconds()
        let acquisition = Acquiring()
        let handover = Handover(RingFrameSink(writer: writer, plannedPulses: pulses, stop: stop))
        let thread = Thread {
            guard var sink = handover.take() else { return }
            let ownNs = Clock.threadNanoseconds()
            var counters = LinkCounters()
            var failure: String?
            do throws(SourceRunError) {
                counters = try probe.run(into: &sink, until: stop)
            } catch {
                (counters, failure) = (error.counters, error.reason.description)
            }
            let closed = sink.close()
            acquisition.finish(counters, closed.counters, failure, Clock.threadNanoseconds() - ownNs)
        }
        thread.start()
        let acquired = acquisition.wait()
        let readers = ends.map { $0.wait() }
        let wall = Double(Clock.nanoseconds() - begunNs)
        let all = Double(Clock.processNanoseconds() - processorNs)
        let machine = witness.finish()
        if let failure = acquired.failure { throw ReportRig.StartFailure(description: failure) }
        var outcome = Outcome()
        outcome.machine = machine
        outcome.seconds = wall / 1e9
        outcome.pulses = acquired.ring.pulses
        outcome.megabytesPerSecond = Double(acquired.ring.pulses) * Double(gates) * 4 / wall * 1e3
        outcome.lostPulsesOfGatingReaders = readers[0..<2].map {
            $0.unexplainedPulses + (pulses - min(pulses, $0.seenPulses))
        }
        outcome.untoldPulsesOfGatingReaders = readers[0..<2].map {
            $0.unexplainedPulses + (pulses - min(pulses, $0.seenPulses + $0.markedPulses))
        }
        outcome.lostPulsesOfLossyReader = acquired.ring.pulses - min(acquired.ring.pulses, readers[2].seenPulses)
        outcome.droppedByProbePackets = acquired.link.droppedByProbe ?? 0
        outcome.droppedAtRingPulses = acquired.ring.droppedPulses
        let names = ["first gating reader", "second gating reader", "lossy reader"]
        for (name, reader) in zip(names, readers) {
            outcome.hostPercent[name] = Double(reader.processorNs) / wall * 100
        }
        outcome.hostPercent["acquisition"] = Double(acquired.processorNs) / wall * 100
        let host = Double(acquired.processorNs) + readers.reduce(0) { $0 + Double($1.processorNs) }
        outcome.simulatorPercent = (all - host) / wall * 100
        return outcome
    }

    private static func startGating(_ handover: Handover<GatingReader>, _ end: Finished) {
        let thread = Thread {
            guard var reader = handover.take() else { return }
            let begunNs = Clock.threadNanoseconds()
            var sink = CheckingSink()
            while !reader.isFinished {
                reader.wait()
                reader.read { $0.deliverRecords(to: &sink) }
            }
            let used = Clock.threadNanoseconds() - begunNs
            end.finish(
                ReaderEnd(
                    unexplainedPulses: sink.unexplainedPulses, markedPulses: sink.markedPulses, seenPulses: sink.pulses,
                    processorNs: used))
        }
        thread.start()
    }

    /// As a screen does: it looks 60 times a second and takes what is there.
    private static func startLossy(_ handover: Handover<LossyReader>, _ ring: SampleRing, _ end: Finished) {
        let thread = Thread {
            guard var reader = handover.take() else { return }
            let begunNs = Clock.threadNanoseconds()
            var sink = CheckingSink()
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ring.capacity, alignment: 64)
            defer { buffer.deallocate() }
            var isLast = false
            while true {
                isLast = ring.isClosed
                let count = reader.copy(into: buffer)
                if count > 0 {
                    UnsafeRawBufferPointer(rebasing: buffer[0..<count]).bytes.deliverRecords(to: &sink)
                } else if isLast {
                    break
                }
                usleep(16_667)
            }
            let used = Clock.threadNanoseconds() - begunNs
            end.finish(ReaderEnd(seenPulses: sink.pulses, processorNs: used))
        }
        thread.start()
    }

    /// How a reader's thread says that it has ended.
    private final class Finished: Sendable {
        private let value = Mutex(ReaderEnd())
        private let done = DispatchSemaphore(value: 0)
        func finish(_ end: ReaderEnd) {
            value.withLock { $0 = end }
            done.signal()
        }
        func wait() -> ReaderEnd {
            done.wait()
            return value.withLock { $0 }
        }
    }

    /// How the acquisition thread says that it has ended.
    private final class Acquiring: Sendable {
        struct End: Sendable {
            var link = LinkCounters()
            var ring = RingCounters()
            var failure: String?
            var processorNs: UInt64 = 0
        }
        private let value = Mutex(End())
        private let done = DispatchSemaphore(value: 0)
        func finish(_ link: LinkCounters, _ ring: RingCounters, _ failure: String?, _ processorNs: UInt64) {
            value.withLock { $0 = End(link: link, ring: ring, failure: failure, processorNs: processorNs) }
            done.signal()
        }
        func wait() -> End {
            done.wait()
            return value.withLock { $0 }
        }
    }
}

/// Gives a noncopyable value to a thread, once.
final class Handover<Value: ~Copyable & Sendable>: Sendable {
    private let value: Mutex<Value?>
    init(_ value: consuming sending Value) { self.value = Mutex(consume value) }
    func take() -> sending Value? { value.withLock { $0.take() } }
}
