internal import Foundation
public import ProbeLink
internal import Synchronization

/// One acquisition from start to stop: the source on a thread of its own, the recorder on another, and a consumer that
/// sees every frame on the caller's thread.
///
/// They meet in the ring only.
public struct AcquisitionRun: Sendable {
    /// Where frames come from; already prepared.
    public var source: any FrameSource
    /// The length of the recording, pulses; `nil` records until the source ends or is stopped.
    public var plannedPulses: UInt64?
    /// Bytes of the ring.
    public var ringBytes: Int
    /// Why the recording that is played again ended early; stands in the new one's closing block too.
    public var recordedEnd: String?

    /// The ring of a recording: big enough for 100 ms of 41 MB/s, small enough for the processor's cache
    /// (measured: a ring of 64 MiB is three times slower than one of 4 MiB).
    public static let defaultRingBytes = 4 << 20

    /// A run of a source that was prepared.
    public init(
        source: any FrameSource, plannedPulses: UInt64?, ringBytes: Int = defaultRingBytes,
        recordedEnd: String? = nil
    ) {
        self.recordedEnd = recordedEnd
        self.source = source
        self.plannedPulses = plannedPulses
        self.ringBytes = ringBytes
    }

    /// Runs until the planned length is reached, the source ends or `stop` is requested.
    ///
    /// It blocks the calling thread.
    ///
    /// - Parameters:
    ///   - recorder: takes every frame to the disk; `nil` records nothing.
    ///   - consumer: takes every frame too, on the calling thread.
    /// - Returns: what happened, an early end or a failed disk included: what was recorded before is kept.
    /// - Throws: when the ring could not be made.
    public func run<Consumer: FrameSink & ~Copyable>(
        recorder: consuming RecordingWriter?, consumer: inout Consumer, stop: StopSignal
    ) throws(RingError) -> AcquisitionOutcome {
        let ring = try SampleRing(capacity: ringBytes)
        let writer = try ring.makeWriter()
        var reader = try ring.makeGatingReader()
        let recording: RecorderThread?
        if let recorder {
            recording = RecorderThread(recorder, reader: try ring.makeGatingReader(), stop: stop)
        } else {
            recording = nil
        }
        let acquisition = AcquisitionThread(source: source, writer: writer, plannedPulses: plannedPulses, stop: stop)
        while !reader.isFinished {
            reader.wait()
            reader.read { $0.deliverRecords(to: &consumer) }
        }
        let ended = acquisition.join()
        for mark in ended.unmarked { consumer.lost(mark) }
        let closing = RecordingClosing(
            link: ended.link, ring: ended.ring, endedEarlyBecause: ended.failure?.description ?? recordedEnd)
        return AcquisitionOutcome(closing: closing, failure: ended.failure, recordingFailure: recording?.join(closing))
    }
}

/// How an acquisition ended.
public struct AcquisitionOutcome: Sendable {
    /// What was counted, as in the recording's closing block.
    public var closing: RecordingClosing
    /// Why the source ended early; `nil` when it was stopped or came to its end.
    public var failure: SourceError?
    /// Why the recording is not whole; `nil` when it is, or when nothing was recorded.
    public var recordingFailure: RecordingError?
}

/// The thread that reads the probe: no lock, no allocation, no file in its loop.
private final class AcquisitionThread: Sendable {
    struct End: Sendable {
        var link = LinkCounters()
        var ring = RingCounters()
        var unmarked: [StreamLoss] = []
        var failure: SourceError?
    }

    private let end = Mutex<End>(End())
    private let done = DispatchSemaphore(value: 0)

    init(source: any FrameSource, writer: consuming RingWriter, plannedPulses: UInt64?, stop: StopSignal) {
        let handover = Handover(RingFrameSink(writer: writer, plannedPulses: plannedPulses, stop: stop))
        let thread = Thread { [self] in
            guard var sink = handover.take() else { return }
            var result = End()
            do throws(SourceRunError) {
                result.link = try source.run(into: &sink, until: stop)
            } catch {
                result.link = error.counters
                result.failure = error.reason
            }
            let closed = sink.close()
            result.ring = closed.counters
            result.unmarked = closed.unmarked
            end.withLock { [result] in $0 = result }
            done.signal()
        }
        thread.name = "acquisition"
        thread.start()
    }

    func join() -> End {
        done.wait()
        return end.withLock { $0 }
    }
}

/// Gives a noncopyable value to a thread, once.
private final class Handover<Value: ~Copyable & Sendable>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: consuming sending Value) { self.value = Mutex(consume value) }

    func take() -> sending Value? { value.withLock { $0.take() } }
}

/// The thread that writes the recording.
private final class RecorderThread: Sendable {
    private let failure = Mutex<RecordingError?>(nil)
    private let writer: Mutex<RecordingWriter?>
    private let done = DispatchSemaphore(value: 0)

    /// A block ends with the record that reaches so many bytes or is the last of so many, whatever the threads' timing:
    /// the same frames give the same file (project choices: what a kill may cost, against the size of the file).
    private static let bytesOfBlock = 64 << 10
    private static let recordsOfBlock = 32
    /// From a source that brings nothing for so many pauses of 2 ms, what is there is written as it is.
    private static let pausesOfBlock = 500
    private static let microsecondsOfPause: UInt32 = 2000

    init(_ recorder: consuming RecordingWriter, reader: consuming GatingReader, stop: StopSignal) {
        writer = Mutex(consume recorder)
        let handover = Handover(reader)
        let thread = Thread { [self] in
            guard var reader = handover.take() else { return }
            record(from: &reader, stop: stop)
            done.signal()
        }
        thread.name = "recorder"
        thread.start()
    }

    private func record(from reader: inout GatingReader, stop: StopSignal) {
        var pauses = 0
        do throws(RecordingError) {
            while !reader.isFinished {
                reader.wait()
                let finishing = reader.isWriterDone
                let due = finishing || pauses >= Self.pausesOfBlock
                let used = try reader.read { bytes throws(RecordingError) in
                    var used = 0
                    while let count = Self.blockEnd(in: bytes.extracting(droppingFirst: used), isLast: due) {
                        let block = bytes.extracting(used..<used + count)
                        try writer.withLock { recorder throws(RecordingError) in try recorder?.append(records: block) }
                        used += count
                    }
                    return used
                }
                pauses = used > 0 ? 0 : pauses + 1
                if used == 0 { usleep(Self.microsecondsOfPause) }
            }
        } catch {
            // The reader goes away with this scope and no longer holds back the ring; the run ends.
            failure.withLock { $0 = error }
            stop.request()
        }
    }

    /// Bytes of the next block; `nil` while it is not complete, or nothing is left.
    private static func blockEnd(in bytes: RawSpan, isLast: Bool) -> Int? {
        var end = 0
        var records = 0
        while records < recordsOfBlock, end < bytesOfBlock, let (_, next) = FrameRecord.read(bytes, at: end) {
            end = next
            records += 1
        }
        let isComplete = records == recordsOfBlock || end >= bytesOfBlock
        return end > 0 && (isComplete || isLast) ? end : nil
    }

    func join(_ closing: RecordingClosing) -> RecordingError? {
        done.wait()
        if let failed = failure.withLock({ $0 }) { return failed }
        return writer.withLock { recorder -> RecordingError? in
            guard let finished = recorder.take() else { return nil }
            do throws(RecordingError) {
                try finished.finish(closing)
                return nil
            } catch {
                return error
            }
        }
    }
}
