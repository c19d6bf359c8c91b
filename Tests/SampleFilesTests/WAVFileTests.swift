import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import TestSupport
import Testing

@Suite("WAV files")
struct WAVFileTests {
    private static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    @Test("hold these bytes: PCM of 16 bits, I left and Q right, and that they are simulated")
    func golden() throws {
        let taken = TakenRecording(pieces: [.iq(at: 0, [1, -2, 258, 3])], settings: TakenRecording.settings())
        try taken.written(as: .wav) { files in
            let bytes = try Self.bytes(files[0])
            #expect(bytes.starts(with: Array("RIFF".utf8)))
            #expect(Array(bytes[4..<8]) == [UInt8(bytes.count - 8), 0, 0, 0])
            let format: [UInt8] = [16, 0, 0, 0, 1, 0, 2, 0, 0x88, 0x13, 0, 0, 0x20, 0x4E, 0, 0, 4, 0, 16, 0]
            #expect(Array(bytes[8..<16]) == Array("WAVEfmt ".utf8))
            #expect(Array(bytes[16..<36]) == format)
            let data: [UInt8] = [8, 0, 0, 0, 1, 0, 0xFE, 0xFF, 2, 1, 3, 0]
            #expect(Array(bytes.suffix(12)) == data)
            #expect(Array(bytes.suffix(16).prefix(4)) == Array("data".utf8))
            #expect(String(decoding: bytes, as: UTF8.self).contains("SIMULATED; Doppler samples of gate 0: left I"))
            #expect(files.map { ($0 as NSString).lastPathComponent } == ["take.wav", "take.wav.yaml", "take.wav.json"])
        }
    }

    @Test("have beside them what they cannot say")
    func sideFiles() throws {
        try TakenRecording.eventful.written(as: .wav) { files in
            let yaml = String(decoding: try Self.bytes(files[1]), as: UTF8.self)
            #expect(
                yaml == """
                    # What the WAV file cannot say. Written by test 1; SIMULATED.
                    centreFrequencyHz: 2000000.0
                    prfHz: 5000.0
                    insonationAngleDegrees: 60.0
                    speedOfSoundMPerS: 1540.0
                    normalDirection: away
                    isSimulated: true
                    missing:
                      - { firstPulse: 40, pulses: 10 }
                      - { firstPulse: 95, pulses: 5 }

                    """)
            let json = try JSONSerialization.jsonObject(with: Data(try Self.bytes(files[2]))) as? [String: Any]
            #expect(json?["schema"] as? String == "dopplerbridge-samples-1")
            #expect(json?["nature"] as? String == "SIMULATED")
            #expect(json?["gateDepthsMm"] as? [Double] == [30])
            #expect((json?["clipped"] as? [[String: Int]]) == [["firstPulse": 70, "pulses": 10]])
            #expect((json?["transmitterOff"] as? [[String: Int]]) == [["firstPulse": 80, "pulses": 15]])
            #expect((json?["events"] as? [[String: Any]])?.first?["name"] as? String == "button")
            #expect((json?["notKnown"] as? [String]) == [])
        }
    }

    @Test("come back bit for bit with their gaps, gate by gate", arguments: [SampleFormat.iqInt16, .iqInt32], 0..<5)
    func roundTrip(format: SampleFormat, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let limit: Int32 = format == .iqInt16 ? 32_767 : .max
        func numbers(_ pulses: Int) -> [Int32] {
            (0..<4 * pulses).map { _ in Int32.random(in: -limit...limit, using: &generator) }
        }
        let (first, second) = (numbers(130), numbers(20))
        let taken = TakenRecording(
            pieces: [.iq(at: 0, first), .lost(at: 130, pulses: 7), .iq(at: 137, second)],
            settings: TakenRecording.settings(prfHz: 4999.75, gates: 2), format: format)
        try taken.written(as: .wav) { files in
            for gate in 0..<2 {
                let source = try WAVSource(path: files[3 * gate])
                let delivered = try Delivered(source)
                let ofGate = (first + second).enumerated().filter { $0.offset / 2 % 2 == gate }.map(\.element)
                #expect(delivered.bytes == TakenRecording.bytes(of: ofGate, format))
                #expect(delivered.gaps == [[130, 7]])
                #expect(source.missingForScoring.isEmpty && source.origin.isSimulated)
                #expect(try source.prepare(taken.settings).prfMilliHz == 4_999_750)
            }
        }
    }

    @Test("are not written where their name is taken, and nothing is lost of what stands there")
    func taken() throws {
        try TakenRecording.eventful.with { folder, recording in
            try Data([7]).write(to: URL(fileURLWithPath: folder + "/take.wav"))
            let export = SampleExport(
                try RecordedSamples(of: recording), sha256: "", courses: nil, software: "test")
            #expect(throws: SampleFileError.self) { try export.write(.wav, to: folder + "/take") }
            #expect(try Self.bytes(folder + "/take.wav") == [7])
        }
    }

    @Test("to listen to have flow towards the transducer left and away from it right", arguments: [1, -1])
    func directions(sign: Double) throws {
        let numbers = (0..<4000).flatMap { pulse -> [Int32] in
            let phase = sign * 2 * Double.pi * 700 * Double(pulse) / 5000
            return [Int32((10_000 * cos(phase)).rounded()), Int32((10_000 * sin(phase)).rounded())]
        }
        let taken = TakenRecording(pieces: [.iq(at: 0, numbers)], settings: TakenRecording.settings())
        try taken.written(as: .wavDirections) { files in
            let bytes = try Self.bytes(files[0])
            let data = bytes.suffix(16_000)
            var power = [0.0, 0.0]
            for index in 1000..<3000 {
                for channel in 0..<2 {
                    let at = data.startIndex + 4 * index + 2 * channel
                    let value = Double(Int16(bitPattern: UInt16(data[at]) | UInt16(data[at + 1]) << 8))
                    power[channel] += value * value / 2000
                }
            }
            let (flow, other) = sign > 0 ? (power[0], power[1]) : (power[1], power[0])
            #expect(abs((2 * flow).squareRoot() - 10_000) < 200)
            // The filter's own figure is 43 dB; a swapped or unsplit channel would show -0 dB.
            #expect(10 * log10(flow / max(other, 1)) > 38)
        }
    }
}
