import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import Testing

@Suite("Velocities for other programs")
struct ColumnFileTests {
    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    @Test("as CSV: what it is and in which units, then a line for each column and each gap")
    func csv() throws {
        try TakenRecording.eventful.written(as: .csv, courses: .five) { files in
            let text = try Self.text(files[0])
            #expect(
                text == """
                    # SIMULATED: take.dbrec, SHA-256 00ff, by test 1
                    # source: sim:test, made by hand
                    # site: ijv.left.j2.supine, manoeuvre: quietBreathing
                    # frequency: 2000000 Hz, pulse repetition frequency: 5000.0 Hz
                    # angle: 60.0 degrees, speed of sound: 1540.0 m/s, normal direction: away
                    # a column every 0.01 s, wall filter 50.0 Hz, envelope by noiseThreshold
                    # times: seconds since the first pulse, middle of the column; lost samples keep their place
                    # shifts in Hz and velocities in cm/s, positive towards the transducer; empty = not measured; in a \
                    row flagged missing the samples were lost
                    # missing: 10 pulses from 40, lost at: link
                    # missing: 5 pulses from 95, lost at: ring
                    # a measurement record for research and training, not a diagnosis
                    gate,depth_mm,time_s,mean_shift_hz,envelope_towards_hz,envelope_away_hz,mean_velocity_cm_per_s,\
                    envelope_towards_cm_per_s,envelope_away_cm_per_s,direction,flags
                    0,30.0,0.009,,,,,,,,missing
                    0,30.0,0.0195,,,,,,,,missing
                    0,30.0,0.0256,-100.0,0.0,-200.0,-7.7,0.0,-15.4,away,settling
                    0,30.0,0.0356,-110.0,0.0,-210.0,-8.47,0.0,-16.17,away,
                    0,30.0,0.0656,,,,,,,none,noFlowDetected tap
                    0,30.0,0.0756,-130.0,0.0,-230.0,-10.01,0.0,-17.71,away,
                    0,30.0,0.0856,-140.5,0.0,-240.0,-10.8185,0.0,-18.48,away,

                    """)
        }
    }

    @Test("are not written without an analysis", arguments: [SampleFileFormat.csv, .edf])
    func notAnalysed(format: SampleFileFormat) throws {
        try TakenRecording.eventful.with { folder, recording in
            let export = SampleExport(
                try RecordedSamples(of: recording), sha256: "", courses: nil, software: "test")
            #expect(
                throws: SampleFileError.doesNotFit(file: "take.dbrec", format: format, reason: "was not analysed")
            ) { try export.write(format, to: folder + "/take") }
        }
    }

    @Test("as EDF+: a head of these fields, and steps of 0.01 cm/s in 16 bits")
    func edf() throws {
        try TakenRecording.eventful.written(as: .edf, courses: .five) { files in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[0])))
            func field(_ range: Range<Int>) -> String {
                String(decoding: bytes[range], as: UTF8.self).trimmingCharacters(in: .whitespaces)
            }
            #expect(field(0..<8) == "0" && field(8..<88) == "X X X X")
            #expect(field(88..<168) == "Startdate X X X test_1 SIMULATED")
            #expect(field(168..<192) == "01.01.8500.00.001280")
            #expect(field(192..<236) == "EDF+C" && field(236..<244) == "1" && field(252..<256) == "4")
            #expect(field(256..<272) == "g0 mean" && field(304..<320) == "EDF Annotations")
            #expect(field(256 + 4 * 96..<256 + 4 * 96 + 8) == "cm/s")
            #expect(field(256 + 4 * 104..<256 + 4 * 104 + 8) == "-327.68")
            // Nothing at 5.6 and 15.6 ms, then -7.70 cm/s and -8.47 in steps of 0.01, then what was not measured.
            #expect(Array(bytes[1280..<1290]) == [0, 0x80, 0, 0x80, 0xFE, 0xFC, 0xB1, 0xFC, 0, 0x80])
        }
    }

    @Test(
        "as EDF+ are read by EDFlib: the same figures at the same times, gaps as annotations",
        .enabled(if: OtherReader.isThere, OtherReader.comment))
    func edfReader() throws {
        try TakenRecording.eventful.written(as: .edf, courses: .five) { files in
            let script = """
                import pyedflib, sys, numpy
                f = pyedflib.EdfReader(sys.argv[1])
                for i in range(f.signals_in_file):
                    v = f.readSignal(i); v = v[:12] if len(v) > 2 else v
                    print(f.getLabel(i), f.getPhysicalDimension(i), round(f.getSampleFrequency(i), 6), [round(float(x), 2) for x in v])
                print([(round(float(t), 4), round(float(d), 4), str(n)) for t, d, n in zip(*f.readAnnotations())])
                """
            let least = "-327.68"
            // Of columns 10 ms apart the first stands at 25.6 ms, and one place is 5.6 ms after the first pulse;
            // EDFlib counts the annotations from there.
            let none = "\(least), \(least)"
            let said = try OtherReader.says(script, [files[0]])
            #expect(
                said == """
                    g0 mean cm/s 100.0 [\(none), -7.7, -8.47, \(none), \(least), -10.01, -10.82, \
                    \(none), \(least)]
                    g0 towards cm/s 100.0 [\(none), 0.0, 0.0, \(none), \(least), 0.0, 0.0, \
                    \(none), \(least)]
                    g0 away cm/s 100.0 [\(none), -15.4, -16.17, \(none), \(least), -17.71, -18.48, \
                    \(none), \(least)]
                    [(0.0, -1.0, 'SIMULATED'), (0.0024, 0.002, 'missing samples (link)'), (0.0064, -1.0, 'button'), \
                    (0.0134, 0.001, 'missing samples (ring)')]
                    """)
            let physiology = try OtherReader.says(script, [files[1]])
            #expect(physiology.hasPrefix("ECG uV 250.0 [100.0, 200.0, -32768.0"))
            #expect(physiology.contains("Resp  250.0 [-5.0, -6.0, -32768.0"))
        }
    }

    @Test("as EDF+ keep their time over many records where a column has no even length")
    func unevenColumns() throws {
        var courses = VelocityCourses.five
        courses.columnSeconds = 64 / 5208.333
        let count = 5000
        var gate = VelocityCourse(gate: 0, depthMm: nil)
        gate.timeSeconds = (0..<count).map { 0.02 + Double($0) * courses.columnSeconds }
        let values = (0..<count).map { Double?(Double($0 % 300)) }
        gate.meanVelocityCmPerS = values
        gate.envelopeTowardsCmPerS = values
        gate.envelopeAwayCmPerS = values
        courses.gates = [gate]
        let taken = TakenRecording(
            pieces: [.iq(at: 0, [1, 2]), .lost(at: 1, pulses: 320_099)],
            settings: TakenRecording.settings(prfHz: 5208.333))
        try taken.written(as: .edf, courses: courses) { files in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[0])))
            func field(_ range: Range<Int>) -> Double {
                Double(String(decoding: bytes[range], as: UTF8.self).trimmingCharacters(in: .whitespaces)) ?? .nan
            }
            let columns = field(256 + 4 * 216..<256 + 4 * 216 + 8)
            // What the head says against what is: a millisecond in an hour.
            #expect(abs(field(244..<252) / (columns * courses.columnSeconds) - 1) < 3e-7)
            let begin = Int(field(184..<192))
            let record = 6 * Int(columns) + 2 * Int(field(256 + 4 * 216 + 24..<256 + 4 * 216 + 32))
            let place = 3000 + Int((0.02 / courses.columnSeconds).rounded(.down))
            let at = begin + place / Int(columns) * record + place % Int(columns) * 2
            #expect(Int(bytes[at]) + Int(bytes[at + 1]) << 8 == 3000 % 300 * 100)
        }
    }
}
