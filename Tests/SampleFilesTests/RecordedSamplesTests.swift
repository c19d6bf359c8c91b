import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import Testing

@Suite("Samples of a recording")
struct RecordedSamplesTests {
    @Test("keep their place in time, with the place of each loss and where it happened")
    func places() throws {
        try TakenRecording.eventful.with { _, recording in
            let samples = try RecordedSamples(of: recording)
            #expect(samples.pulses == 100)
            #expect(
                samples.gaps == [
                    .init(firstPulse: 40, pulses: 10, place: "link"), .init(firstPulse: 95, pulses: 5, place: "ring"),
                ])
            #expect(Array(samples.bytes[0..<8]) == [0xE8, 3, 0, 0, 0xE9, 3, 0xFF, 0xFF])
            #expect(samples.bytes[160..<200].allSatisfy { $0 == 0 })
            #expect(Array(samples.bytes[200..<204]) == [0x1A, 4, 0xCE, 0xFF])
            #expect(samples.clipped == [70..<80])
            #expect(samples.silent == [80..<95])
            #expect(samples.events == [ProbeEvent(code: 1, value: 2, counter: 0, pulseIndex: 60)])
            #expect(samples.physiology?.ecgMicroV == [100, 200])
            #expect(samples.physiology?.respiration == [-5, -6])
            #expect(samples.isSimulated && samples.isWhole && samples.problems.isEmpty)
        }
    }

    @Test("have a gap of unknown place where frames jump without a mark, and one before the first frame")
    func jump() throws {
        let taken = TakenRecording(
            pieces: [.iq(at: 5, [1, 2]), .iq(at: 9, [3, 4])], settings: TakenRecording.settings())
        try taken.with { _, recording in
            let samples = try RecordedSamples(of: recording)
            #expect(
                samples.gaps == [
                    .init(firstPulse: 0, pulses: 5, place: "unknown"),
                    .init(firstPulse: 6, pulses: 3, place: "unknown"),
                ])
            #expect(samples.pulses == 10)
        }
    }

    @Test("believe the frames where a mark of a loss says more than is missing")
    func markTooLong() throws {
        let taken = TakenRecording(
            pieces: [.iq(at: 0, [1, 2]), .lost(at: 1, pulses: 50), .iq(at: 3, [3, 4])],
            settings: TakenRecording.settings())
        try taken.with { _, recording in
            let samples = try RecordedSamples(of: recording)
            #expect(samples.gaps.first == .init(firstPulse: 1, pulses: 2, place: "link"))
            #expect(samples.bytes[12..<16] == [3, 0, 4, 0])
        }
    }

    @Test("leave out frames that go back in time or do not fit, and say so")
    func leftOut() throws {
        let taken = TakenRecording(
            pieces: [.iq(at: 0, [1, 2, 3, 4]), .iq(at: 1, [9, 9]), .iq(at: 2, [5, 6])],
            settings: TakenRecording.settings())
        try taken.with { _, recording in
            let samples = try RecordedSamples(of: recording)
            #expect(samples.bytes == [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0])
            #expect(samples.problems == ["1 frames go back in time and were left out"])
        }
    }

    @Test("are refused where a gap is longer than any file, and where there is no I/Q")
    func refused() throws {
        let far = TakenRecording(
            pieces: [.iq(at: 0, [1, 2]), .iq(at: 1 << 40, [3, 4])], settings: TakenRecording.settings())
        try far.with { _, recording in
            #expect(throws: SampleFileError.tooLong(file: "take.dbrec", pulses: 1 << 40)) {
                try RecordedSamples(of: recording)
            }
        }
        let timeless = TakenRecording(pieces: [.iq(at: 0, [1, 2])], settings: TakenRecording.settings(prfHz: 0))
        try timeless.with { _, recording in
            let reason = "its settings have no pulse repetition frequency"
            #expect(throws: SampleFileError.noSamples(file: "take.dbrec", reason: reason)) {
                try RecordedSamples(of: recording)
            }
        }
        let empty = TakenRecording(pieces: [.event(code: 1, at: 0)], settings: TakenRecording.settings())
        try empty.with { _, recording in
            #expect(throws: SampleFileError.noSamples(file: "take.dbrec", reason: "no frame of I and Q")) {
                try RecordedSamples(of: recording)
            }
        }
    }

    @Test("have ECG and breathing on a time base without holes")
    func physiologyGap() throws {
        // A sample each 20 pulses; of those at 0, 1 and 10 the ones between are missing.
        let taken = TakenRecording(
            pieces: [
                .iq(at: 0, TakenRecording.counting(0..<250)), .physiology(at: 0, [1, 2, 3, 4]),
                .physiology(at: 200, [5, 6]),
            ], settings: TakenRecording.settings())
        try taken.with { _, recording in
            let physiology = try RecordedSamples(of: recording).physiology
            #expect(physiology?.ecgMicroV == [1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 5])
            #expect(physiology?.missing == [2..<10])
            #expect(physiology?.rateHz == 250)
        }
    }

    @Test("of a recording that was cut off are there, and say so")
    func cutOff() throws {
        try TakenRecording.eventful.with { folder, _ in
            let path = folder + "/take.dbrec"
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try whole.dropLast(3).write(to: URL(fileURLWithPath: path))
            let samples = try RecordedSamples(of: try Recording(path: path))
            #expect(samples.pulses == 100 && !samples.isWhole)
            #expect(samples.problems == ["take.dbrec was cut off: it was never closed"])
        }
    }
}
