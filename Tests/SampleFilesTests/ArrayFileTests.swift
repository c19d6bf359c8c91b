import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import Testing

@Suite("Arrays for other programs")
struct ArrayFileTests {
    @Test("an NPZ archive holds these bytes: an array in NumPy's own format, stored")
    func golden() throws {
        let taken = TakenRecording(pieces: [.iq(at: 0, [1, -2])], settings: TakenRecording.settings())
        try taken.written(as: .npz) { files in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[0])))
            // Local file header: signature, version, flags, method 0 = stored, 1 January 1980.
            #expect(Array(bytes[0..<4]) == [0x50, 0x4B, 3, 4])
            #expect(Array(bytes[8..<14]) == [0, 0, 0, 0, 0x21, 0])
            let name = Int(bytes[26]) + Int(bytes[27]) << 8
            let extra = Int(bytes[28]) + Int(bytes[29]) << 8
            #expect(String(decoding: bytes[30..<30 + name], as: UTF8.self) == "iq.npy")
            let array = bytes[(30 + name + extra)...].prefix(132)
            let head = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 1, 2, ), }"
            let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0]
            #expect(Array(array.prefix(10)) == magic)
            #expect(String(decoding: array.dropFirst(10).prefix(head.utf8.count), as: UTF8.self) == head)
            let end: [UInt8] = [10, 1, 0, 0xFE, 0xFF]
            #expect(Array(array.suffix(5)) == end)
        }
    }

    @Test("the same recording gives the same NPZ archive")
    func reproducible() throws {
        try TakenRecording.eventful.with { folder, recording in
            let export = SampleExport(
                try RecordedSamples(of: recording), sha256: "", courses: .five, software: "test")
            _ = try export.write(.npz, to: folder + "/one")
            _ = try export.write(.npz, to: folder + "/two")
            let one = try Data(contentsOf: URL(fileURLWithPath: folder + "/one.npz"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/two.npz")) == one)
        }
    }

    @Test(
        "an HDF5 file begins with its signature, and no file is overwritten", arguments: [SampleFileFormat.hdf5, .npz])
    func exclusive(format: SampleFileFormat) throws {
        try TakenRecording.eventful.with { folder, recording in
            let export = SampleExport(
                try RecordedSamples(of: recording), sha256: "", courses: nil, software: "test")
            let path = try export.write(format, to: folder + "/take")[0]
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            if format == .hdf5 { #expect(Array(before.prefix(4)) == [0x89, 0x48, 0x44, 0x46]) }
            #expect(throws: SampleFileError.self) { try export.write(format, to: folder + "/take") }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    /// What both readers have to say of the eventful recording.
    private static let expected = """
        (100, 1, 2) int16 [1000, 0] [1050, -50] [0, 0]
        15 [[40, 10], [95, 5]] 5000.0 True
        [-7.7, -8.47, nan, -10.01, -10.8185] [0.0256, 0.0356]
        [100, 200] [-5, -6] 250.0 0
        SIMULATED dopplerbridge-samples-1 ijv.left.j2.supine
        """
    private static let questions = """
        print(d['iq'].shape, d['iq'].dtype, d['iq'][0,0].tolist(), d['iq'][50,0].tolist(), d['iq'][45,0].tolist())
        print(int(d['missing'].sum()), d['gaps'].tolist(), float(d['prf_hz']), bool(d['simulated']))
        print(d['gate0_mean_velocity_cm_per_s'].tolist(), d['gate0_time_s'][:2].tolist())
        print(d['ecg_micro_v'].tolist(), d['respiration'].tolist(), float(d['physiology_rate_hz']), \
        int(d['physiology_missing'].sum()))
        m = json.loads(metadata)
        print(m['nature'], m['schema'], m['recording']['context']['siteID'])
        """

    @Test(
        "NumPy reads an NPZ archive and sees the same numbers", .enabled(if: OtherReader.isThere, OtherReader.comment))
    func numpy() throws {
        try TakenRecording.eventful.written(as: .npz, courses: .five) { files in
            let script = "import numpy, sys, json\nd = numpy.load(sys.argv[1])\nmetadata = str(d['metadata'])\n"
            let said = try OtherReader.says(script + Self.questions, files)
            #expect(said == Self.expected)
        }
    }

    @Test("h5py reads an HDF5 file and sees the same numbers", .enabled(if: OtherReader.isThere, OtherReader.comment))
    func h5py() throws {
        try TakenRecording.eventful.written(as: .hdf5, courses: .five) { files in
            let script = """
                import h5py, sys, json
                f = h5py.File(sys.argv[1]); d = {k: f[k][()] for k in f}
                metadata = d['metadata'].decode()

                """
            let said = try OtherReader.says(script + Self.questions, files)
            #expect(said == Self.expected)
            let attributes =
                "import h5py, sys; f = h5py.File(sys.argv[1]); print(f.attrs['nature'], f['iq'].attrs['meaning'])"
            let nature = try OtherReader.says(attributes, files)
            #expect(nature.hasPrefix("SIMULATED samples: pulse, gate, I and Q") || nature.hasPrefix("b'SIMULATED'"))
        }
    }

    @Test(
        "samples of 32 bits are the same numbers for both readers",
        .enabled(if: OtherReader.isThere, OtherReader.comment))
    func wide() throws {
        let taken = TakenRecording(
            pieces: [.iq(at: 0, [.max, .min, 1 << 24 | 1, -7, 5, 6, 7, 8])],
            settings: TakenRecording.settings(gates: 2),
            format: .iqInt32)
        let numbers = "[[[2147483647, -2147483648], [16777217, -7]], [[5, 6], [7, 8]]]"
        try taken.written(as: .npz) { files in
            let said = try OtherReader.says(
                "import numpy, sys; print(numpy.load(sys.argv[1])['iq'].tolist())", files)
            #expect(said == numbers)
        }
        try taken.written(as: .hdf5) { files in
            let said = try OtherReader.says(
                "import h5py, sys; print(h5py.File(sys.argv[1])['iq'][()].tolist())", files)
            #expect(said == numbers)
        }
        try taken.written(as: .xdf) { files in
            let script = """
                import pyxdf, sys
                s = {s['info']['name'][0]: s for s in pyxdf.load_xdf(sys.argv[1])[0]}
                print(s['DopplerIQ']['time_series'].astype(int).reshape(2, 2, 2).tolist())
                """
            let said = try OtherReader.says(script, files)
            #expect(said == numbers)
        }
    }
}
