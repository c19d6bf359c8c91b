import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import Testing

@Suite("XDF files")
struct XDFFileTests {
    @Test("begin with these bytes, and hold a sample after its time")
    func golden() throws {
        let taken = TakenRecording(pieces: [.iq(at: 0, [1, -2])], settings: TakenRecording.settings())
        try taken.written(as: .xdf) { files in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[0])))
            let header = "<?xml version=\"1.0\"?><info><version>1.0</version></info>"
            let length = UInt8(header.utf8.count + 2)
            let begin: [UInt8] = [0x58, 0x44, 0x46, 0x3A, 8, length, 0, 0, 0, 0, 0, 0, 0, 1, 0]
            #expect(bytes.starts(with: begin + Array(header.utf8)))
            // Chunk 3 of stream 1: one sample, its time 0 in 8 bytes, then 1 and -2 as floating-point numbers.
            let sample: [UInt8] = [
                3, 0, 1, 0, 0, 0, 4, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
            ]
            #expect(Data(bytes).range(of: Data(sample)) != nil)
        }
    }

    @Test(
        "are read by pyxdf: lost pulses are NaN at their place, and markers tell of them",
        .enabled(if: OtherReader.isThere, OtherReader.comment))
    func otherReader() throws {
        try TakenRecording.eventful.written(as: .xdf, courses: .five) { files in
            let said = try OtherReader.says(
                """
                import pyxdf, sys, numpy
                streams, header = pyxdf.load_xdf(sys.argv[1])
                s = {s['info']['name'][0]: s for s in streams}
                iq = s['DopplerIQ']; v = iq['time_series']; t = iq['time_stamps']
                print(v.shape, v[0].tolist(), v[50].tolist(), numpy.isnan(v[:, 0]).nonzero()[0].tolist())
                print(numpy.abs(t - numpy.arange(100) / 5000).max() < 1e-9, iq['info']['nominal_srate'][0])
                m = s['Markers']
                print([(round(float(t), 6), x[0]) for t, x in zip(m['time_stamps'], m['time_series'])])
                e = s['DopplerEnvelope gate0']
                print(e['time_series'][:, 3].tolist(), e['time_stamps'].tolist())
                print(s['Physiology']['time_series'].tolist())
                d = iq['info']['desc'][0]
                print([c['label'][0] for c in d['channels'][0]['channel']], d['dopplerbridge'][0]['nature'][0])
                """, files)
            #expect(
                said == """
                    (100, 2) [1000.0, 0.0] [1050.0, -50.0] [40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 95, 96, 97, 98, 99]
                    True 5000.0
                    [(0.0, 'SIMULATED'), (0.008, 'missing samples: 10 pulses from 40 (link)'), (0.012, 'button'), \
                    (0.019, 'missing samples: 5 pulses from 95 (ring)')]
                    [-7.7, -8.47, nan, -10.01, -10.8185] [0.0256, 0.0356, 0.0656, 0.0756, 0.0856]
                    [[100.0, -5.0], [200.0, -6.0]]
                    ['gate0 I', 'gate0 Q'] SIMULATED
                    """)
        }
    }
}
