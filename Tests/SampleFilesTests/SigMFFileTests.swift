import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import TestSupport
import Testing

@Suite("SigMF files")
struct SigMFFileTests {
    @Test("hold the samples as they are, gaps filled and annotated, and say that they are simulated")
    func golden() throws {
        let taken = TakenRecording(
            pieces: [.iq(at: 0, [1, -2]), .lost(at: 1, pulses: 1), .iq(at: 2, [258, 3])],
            settings: TakenRecording.settings())
        try taken.written(as: .sigmf) { files in
            let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[1])))
            #expect(data == [1, 0, 0xFE, 0xFF, 0, 0, 0, 0, 2, 1, 3, 0])
            let meta =
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: files[0])))
                as? [String: Any]
            let global = meta?["global"] as? [String: Any]
            #expect(global?["core:datatype"] as? String == "ci16_le")
            #expect(global?["core:sample_rate"] as? Double == 5000)
            #expect((global?["core:description"] as? String)?.hasPrefix("SIMULATED") == true)
            let capture = (meta?["captures"] as? [[String: Any]])?.first
            #expect(capture?["core:frequency"] as? Double == 2_000_000)
            let annotation = (meta?["annotations"] as? [[String: Any]])?.first
            #expect(annotation?["core:sample_start"] as? Int == 1)
            #expect(annotation?["core:sample_count"] as? Int == 1)
            #expect(annotation?["core:label"] as? String == "missing samples")
        }
    }

    @Test(
        "come back bit for bit: samples, gaps, settings, context and the mark of simulation",
        arguments: 0..<10 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        let (taken, numbers, gaps) = TakenRecording.drawn(seed: seed)
        try taken.written(as: .sigmf) { files in
            let source = try SigMFSource(path: files[0])
            let delivered = try Delivered(source)
            #expect(delivered.bytes == TakenRecording.bytes(of: numbers, taken.format))
            #expect(delivered.gaps == gaps)
            #expect(source.recording?.context == taken.context)
            #expect(source.origin.isSimulated && source.missingForScoring.isEmpty)
            var settings = taken.settings
            settings.streams = .iq
            #expect(try source.prepare(taken.settings) == settings)
        }
    }

    @Test("keep which pulses were not transmitted")
    func silent() throws {
        try TakenRecording.eventful.written(as: .sigmf) { files in
            let delivered = try Delivered(try SigMFSource(path: files[0]))
            let silent = zip(delivered.headers, delivered.pulses).filter { !$0.0.flags.contains(.transmitting) }
            #expect(silent.map(\.1) == [80..<95])
        }
    }

    @Test("are refused when a single byte of the samples was changed")
    func changed() throws {
        try TakenRecording.eventful.written(as: .sigmf) { files in
            var data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[1])))
            data[17] ^= 1
            try Data(data).write(to: URL(fileURLWithPath: files[1]))
            #expect {
                try SigMFSource(path: files[0])
            } throws: {
                "\($0)".contains("its SHA-512 is not that of its metadata")
            }
        }
    }

    @Test("never say more than the recording knew: a rate that was taken for the PRF stays so")
    func assumedPRF() throws {
        var taken = TakenRecording.eventful
        taken.context.assumesPRF = true
        taken.context.insonationAngleDegrees = nil
        try taken.written(as: .sigmf) { files in
            let source = try SigMFSource(path: files[0])
            #expect(source.missingForScoring == ["prfHz", "insonationAngleDegrees"])
        }
    }

    @Test(
        "are valid for the reader of the format's makers, which sees the same numbers",
        .enabled(if: OtherReader.isThere, OtherReader.comment))
    func otherReader() throws {
        try TakenRecording.eventful.written(as: .sigmf) { files in
            let said = try OtherReader.says(
                """
                import sigmf, sys, numpy
                f = sigmf.sigmffile.fromfile(sys.argv[1]); f.validate()
                s = f.read_samples(autoscale=False) if 'autoscale' in f.read_samples.__code__.co_varnames else f.read_samples()
                i, q = numpy.real(s).ravel(), numpy.imag(s).ravel()
                k = 1 if abs(i[0]) > 1.5 else 32768
                print(len(i), int(round(i[0]*k)), int(round(i[50]*k)), int(round(q[50]*k)), i[45], f.sample_rate)
                print([(a['core:sample_start'], a['core:sample_count'], a['core:label']) for a in f.get_annotations()])
                """, [files[0]])
            #expect(
                said == """
                    100 1000 1050 -50 0.0 5000
                    [(40, 10, 'missing samples'), (60, 1, 'button'), (70, 10, 'clipped'), (80, 15, 'transmitter off'), \
                    (95, 5, 'missing samples')]
                    """)
        }
    }
}
