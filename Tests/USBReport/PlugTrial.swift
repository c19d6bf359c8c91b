import Acquisition
import Foundation
import ProbeLink
import Synchronization

/// Unplugs while streaming and plugs in again, each time with a recording that must be whole.
struct PlugTrial {
    struct Outcome: Codable {
        var unplugs = 0
        var wholeRecordings = 0
        var emptyRecordings = 0
        var noticeMedianMs = 0.0
        var noticeWorstMs = 0.0
        var descriptorsBefore = 0
        var descriptorsAfter = 0
        var residentKiBBefore = 0
        var residentKiBAfter = 0
        /// What did not end as an unplugged probe does.
        var problems: [String] = []
    }

    /// The tries after which descriptors and memory should stand still.
    private static let warmUp = 20

    static func run(times: Int, folder: String) throws -> Outcome {
        let device = PatternDevice(.init(bytesPerSecond: 4e6, longestWaitNs: 1_000_000))
        let rig = try ReportRig(device)
        var outcome = Outcome()
        var notice = Spread()
        for number in 0..<(warmUp + times) {
            if number == warmUp {
                outcome.descriptorsBefore = Resources.descriptors()
                outcome.residentKiBBefore = Resources.residentKiB()
            }
            let path = "\(folder)/unplug.dbrec"
            unlink(path)
            let noticed = try unplugOnce(rig, afterMicroseconds: UInt32(2_000 + number * 7_919 % 20_000), path)
            guard rig.plug() else { throw ReportRig.StartFailure(description: "plugging in failed") }
            guard number >= warmUp else { continue }
            outcome.unplugs += 1
            if let noticed {
                notice.add(noticed)
            } else {
                outcome.problems.append("\(number): not said to be unplugged")
            }
            check(path, number, &outcome)
        }
        outcome.descriptorsAfter = Resources.descriptors()
        outcome.residentKiBAfter = Resources.residentKiB()
        outcome.noticeMedianMs = notice.medianMs
        outcome.noticeWorstMs = notice.worstMs
        return outcome
    }

    /// Streams into a recording until the cable is out.
    ///
    /// - Returns: nanoseconds from unplugging to the end of the run; `nil` when it ended otherwise.
    private static func unplugOnce(_ rig: ReportRig, afterMicroseconds: UInt32, _ path: String) throws -> UInt64? {
        let probe = try ReportProbe.open()
        let settings = try probe.prepare(ReportProbe.settings(gates: 16, prfHz: 20_000))
        let ended = Atomic<UInt64>(0)
        let source = EndingSource(probe: probe) { ended.store(Clock.nanoseconds(), ordering: .releasing) }
        let recorder = try RecordingWriter.create(
            path: path,
            description: RecordingDescription(
                software: "usb-report", origin: probe.origin, settings: settings, context: RecordingContext()))
        let unplugged = Atomic<UInt64>(0)
        let done = DispatchSemaphore(value: 0)
        let handle = Sending(rig)
        let cable = Thread {
            usleep(afterMicroseconds)
            unplugged.store(Clock.nanoseconds(), ordering: .releasing)
            handle.value.unplug()
            done.signal()
        }
        var sink = CheckingSink()
        cable.start()
        let outcome = try AcquisitionRun(source: source, plannedPulses: nil)
            .run(recorder: recorder, consumer: &sink, stop: StopSignal())
        done.wait()
        guard case .link(.disconnected) = outcome.failure, outcome.recordingFailure == nil else { return nil }
        return ended.load(ordering: .acquiring) &- unplugged.load(ordering: .acquiring)
    }

    /// A recording is whole when it has its closing block, nothing behind it, and every pulse in order.
    private static func check(_ path: String, _ number: Int, _ outcome: inout Outcome) {
        do {
            let recording = try Recording(path: path)
            var sink = CheckingSink()
            let counters = try ReplaySource(recording).run(into: &sink, until: StopSignal())
            guard recording.isWhole, sink.unexplainedPulses == 0, counters.pulses == sink.pulses,
                recording.closing?.endedEarlyBecause != nil
            else {
                outcome.problems.append("\(number): the recording is not whole")
                return
            }
            outcome.wholeRecordings += 1
            if sink.pulses == 0 { outcome.emptyRecordings += 1 }
        } catch {
            outcome.problems.append("\(number): \(error)")
        }
    }

    /// Lends the rig to the thread that pulls the cable; the rig takes calls from any thread.
    private struct Sending: @unchecked Sendable {
        let value: ReportRig
        init(_ value: ReportRig) { self.value = value }
    }
}

/// Tells when a source's run has ended.
struct EndingSource: FrameSource {
    let probe: ODPProbe
    let ended: @Sendable () -> Void

    var origin: SourceOrigin { probe.origin }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings { try probe.prepare(wanted) }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        defer { ended() }
        return try probe.run(into: &sink, until: stop)
    }
}
