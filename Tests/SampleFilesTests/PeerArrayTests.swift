import Acquisition
import Foundation
import ProbeLink
import SampleFiles
import Testing

/// Files that NumPy and h5py write.
@Suite("Arrays that others wrote", .enabled(if: OtherReader.isThere, OtherReader.comment))
struct PeerArrayTests {
    /// Writes arrays by a script that has numpy, h5py, a counting `iq` and `path`, and hands on what it wrote.
    private func written(_ kind: ArrayKind, _ script: String, _ body: (String) throws -> Void) throws {
        let head = """
            import numpy, h5py, sys
            path = sys.argv[1]
            iq = numpy.arange(24, dtype=numpy.int16).reshape(12, 1, 2)
            def save(**arrays):
                if sys.argv[2] == 'npz':
                    with open(path, 'wb') as file: numpy.savez(file, **arrays)
                else:
                    with h5py.File(path, 'w') as file:
                        for name, array in arrays.items(): file[name] = array

            """
        try ArrayKind.withFile([]) { path in
            let said = try OtherReader.says(head + script, [path, kind.rawValue])
            #expect(said == "")
            try body(path)
        }
    }

    private func refusal(_ kind: ArrayKind, _ script: String) throws -> String {
        var said = ""
        try written(kind, script) { path in
            do {
                _ = try kind.source(path)
                said = "no error"
            } catch {
                said = "\(error)"
            }
        }
        return said
    }

    private static let counting: [UInt8] = (0..<24).flatMap { [UInt8($0), 0] }

    @Test("whole numbers come as they are, and what is not said is not known", arguments: ArrayKind.allCases)
    func plain(kind: ArrayKind) throws {
        try written(kind, "save(iq=iq, prf_hz=5000.0)") { path in
            let source = try kind.source(path)
            let delivered = try Delivered(source)
            #expect(delivered.bytes == Self.counting)
            #expect(delivered.headers.map(\.format) == [.iqInt16] && delivered.gaps.isEmpty)
            #expect(
                source.missingForScoring == [
                    "centreFrequencyHz", "insonationAngleDegrees", "speedOfSoundMPerS", "normalDirection",
                ])
            #expect(!source.origin.isSimulated && source.recording == nil)
            #expect(source.origin.device == "\(kind.rawValue) file, int16, 5000.0 Hz")
        }
    }

    @Test("everything that the layout has is taken", arguments: ArrayKind.allCases)
    func everything(kind: ArrayKind) throws {
        let script = """
            save(iq=iq.astype('i4')[:, 0], prf_hz=numpy.float32(4000), gaps=numpy.array([[2, 3], [10, 2]]),
                 missing=numpy.array([0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1], dtype=bool), simulated=True,
                 centre_frequency_hz=2000000, insonation_angle_degrees=60.0, speed_of_sound_m_per_s=1540,
                 normal_direction='away', other=numpy.zeros(3, dtype=complex))
            """
        try written(kind, script) { path in
            let source = try kind.source(path)
            let delivered = try Delivered(source)
            #expect(source.missingForScoring.isEmpty && source.origin.isSimulated)
            #expect(source.parameters.insonationAngleDegrees == 60 && source.parameters.normalDirection == .away)
            #expect(delivered.gaps == [[2, 3], [10, 2]])
            #expect(delivered.headers.map(\.format) == [.iqInt32, .iqInt32])
            #expect(delivered.bytes.count == 7 * 8 && delivered.bytes[16] == 10)
            #expect(try source.prepare(.ofTest).prfMilliHz == 4_000_000)
        }
    }

    @Test("complex numbers fill 32 bits, and what is no number is lost", arguments: ArrayKind.allCases)
    func complex(kind: ArrayKind) throws {
        try written(
            kind, "save(iq=numpy.array([0.5 - 1j, complex(numpy.nan, 0), 3.0], dtype='c8'), prf_hz=5000)"
        ) { path in
            let source = try kind.source(path)
            let delivered = try Delivered(source)
            #expect(source.scaleExponent == 2)
            #expect(source.origin.device.hasSuffix("full scale taken to be 2^2"))
            // 3 lies below 2^2, which becomes the full scale: 0.5 = 2^31 / 8.
            #expect(
                delivered.bytes
                    == TakenRecording.bytes(of: [1 << 28, -(1 << 29), 3 << 29, 0], .iqInt32))
            #expect(delivered.gaps == [[1, 1]])
        }
    }

    @Test(
        "big-endian, deflated and chunked arrays are the same samples",
        arguments: [
            (ArrayKind.npz, "save(iq=iq.astype('>i2'), prf_hz=numpy.array([5000.0], dtype='>f8'))"),
            (.hdf5, "save(iq=iq.astype('>i2'), prf_hz=numpy.array([5000.0], dtype='>f8'))"),
            (.npz, "numpy.savez_compressed(open(path, 'wb'), iq=iq, prf_hz=5000)"),
            (
                .hdf5,
                """
                with h5py.File(path, 'w') as file:
                    file.create_dataset('iq', data=iq, chunks=(5, 1, 2), compression='gzip', shuffle=True, fletcher32=True)
                    file['prf_hz'] = 5000
                """
            ),
        ])
    func stored(kind: ArrayKind, script: String) throws {
        try written(kind, script) { path in
            let delivered = try Delivered(try kind.source(path))
            #expect(delivered.bytes == Self.counting)
        }
    }

    @Test("the rate may be told beside the file, and must be told", arguments: ArrayKind.allCases)
    func rate(kind: ArrayKind) throws {
        #expect(
            try refusal(kind, "save(iq=iq)")
                == "a.file: does not say how many pulses there are in a second: put `prf_hz` into it, or prfHz into "
                + "a.file.yaml, or give --prf-hz")
        try written(kind, "save(iq=iq); open(path + '.yaml', 'w').write('prfHz: 3000\\n')") { path in
            let settings = try kind.source(path).prepare(.ofTest)
            #expect(settings.prfHz == 3000)
            let said = #expect(throws: SourceError.self) { try kind.source(path, FileParameters(prfHz: 5)) }
            #expect(said?.description == "a.file: has 5.0 pulses a second: 100 to 1000000 are read")
        }
    }

    @Test(
        "what is not read is refused with the array's name",
        arguments: [
            ("save(prf_hz=5000)", "a.file: has no array `iq` of I and Q, by pulse, gate and part: put it in"),
            ("save(iq=iq.astype('c16'), prf_hz=5000)", "a.file: iq: is complex128 (12, 1, 2): int16 or int32"),
            ("save(iq=iq.astype('u2'), prf_hz=5000)", "a.file: iq: is uint16 (12, 1, 2): int16 or int32"),
            ("save(iq=iq[:0], prf_hz=5000)", "a.file: holds no whole sample: record again"),
            ("save(iq=iq, prf_hz=numpy.nan)", "a.file: prf_hz: is no finite number: leave out what is not known"),
            ("save(iq=iq, prf_hz=[5000, 1])", "a.file: prf_hz: is int64 (2): a single number stands there"),
            (
                "save(iq=iq, prf_hz=5000, gaps=[[3, 10]])",
                "a.file: gaps: says in row 0 that 10 pulses are missing from 3"
            ),
            ("save(iq=iq, prf_hz=5000, gaps=[[-1, 2]])", "a.file: gaps: says in row 0"),
            ("save(iq=iq, prf_hz=5000, gaps=[[5, 2], [4, 1]])", "a.file: gaps: says in row 1"),
            (
                "save(iq=iq, prf_hz=5000, gaps=[[5, 2]], missing=numpy.zeros(12, bool))",
                "a.file: missing: does not say the same as `gaps`: leave one of them out"
            ),
            ("save(iq=iq, prf_hz=5000, missing=[True])", "a.file: missing: is bool (1): a bool for each of the 12"),
            ("save(iq=iq, prf_hz=5000, normal_direction='up')", "a.file: normal_direction: is `up`: `towards` and"),
            ("save(iq=iq, prf_hz=5000, metadata='mine')", "a.file: metadata: is no document of this program; another"),
            (
                "save(iq=iq, prf_hz=5000, insonation_angle_degrees=91)",
                "a.file: insonationAngleDegrees must be from 0.0"
            ),
        ])
    func refused(script: String, words: String) throws {
        for kind in ArrayKind.allCases {
            let said = try refusal(kind, script)
            #expect(said.hasPrefix(words), "\(kind): \(said)")
        }
    }

    @Test(
        "what NumPy alone can write is refused in words, pickled objects first of all",
        arguments: [
            (
                "numpy.savez(open(path, 'wb'), iq=numpy.array([object()], dtype=object), allow_pickle=True)",
                "a.file: iq: holds pickled Python objects, which are never read: save numbers"
            ),
            (
                "save(iq=numpy.asfortranarray(numpy.zeros((4, 3, 2), 'i2')), prf_hz=5000)",
                "a.file: iq: is in Fortran order: save numpy.ascontiguousarray of it"
            ),
            (
                "save(iq=numpy.zeros(3, dtype=[('i', 'i2'), ('q', 'i2')]), prf_hz=5000)",
                "a.file: iq: its head has fields (a structured type), which are not read (character 12 of it)"
            ),
            (
                """
                import zipfile, io
                with zipfile.ZipFile(path, 'w', zipfile.ZIP_BZIP2) as file:
                    data = io.BytesIO(); numpy.save(data, iq); file.writestr('iq.npy', data.getvalue())
                """,
                "a.file: iq: is compressed by method 12: stored and deflated ones are read"
            ),
            (
                """
                import zipfile, io
                with zipfile.ZipFile(path, 'w') as file:
                    data = io.BytesIO(); numpy.save(data, iq)
                    for name in ['iq', 'iq.npy']: file.writestr(name, data.getvalue())
                """,
                "a.file: has two members `iq`: save it again"
            ),
            (
                """
                import zipfile, io
                with zipfile.ZipFile(path, 'w') as file:
                    data = io.BytesIO(); numpy.save(data, iq); file.writestr('iq.npy', data.getvalue()[:-2])
                """,
                "a.file: iq: has 46 bytes, which are not those of int16 (12, 1, 2): it was cut off"
            ),
        ])
    func refusedOfNumPy(script: String, words: String) throws {
        let said = try refusal(.npz, script)
        #expect(said.hasPrefix(words), "\(said)")
    }

    @Test(
        "HDF5 that leads out of its file, or was never written, is refused in words",
        arguments: [
            ("file['iq'] = h5py.SoftLink('/other')", "a.file: iq: is a soft or external link, or damaged"),
            ("file['iq'] = h5py.ExternalLink('/etc/passwd', '/iq')", "a.file: iq: is a soft or external link"),
            (
                "file.create_dataset('iq', shape=(4, 1, 2), dtype='i2', external=[('/etc/passwd', 0, 16)])",
                "a.file: iq: stands in another file: external storage is not read"
            ),
            (
                """
                layout = h5py.VirtualLayout(shape=(12, 1, 2), dtype='i2')
                    layout[:] = h5py.VirtualSource('/tmp/other.h5', 'iq', shape=(12, 1, 2))
                    file.create_virtual_dataset('iq', layout)
                """,
                "a.file: iq: is put together of other data sets: virtual ones are not read"
            ),
            (
                "file.create_dataset('iq', data=iq, compression='lzf')",
                "a.file: iq: is stored with filter 32000: gzip, shuffle and fletcher32 are read; save it so"
            ),
            ("file.create_dataset('iq', shape=(12, 1, 2), dtype='i2')", "a.file: iq: was never written, or not all"),
            (
                "file.create_dataset('iq', shape=(12, 1, 2), dtype='i2', chunks=(6, 1, 2))[:6] = iq[:6]",
                "a.file: iq: was never written, or not all of it"
            ),
            (
                "file.create_dataset('iq', shape=(1 << 25, 1, 2), dtype='i2', chunks=(1 << 25, 1, 2),\n        compression=1)[0] = 1",
                "a.file: iq: has chunks of more than 67108864 bytes"
            ),
            ("file.create_group('iq')", "a.file: iq: is no data set, or is damaged"),
            ("file['iq'] = h5py.Empty('i2')", "a.file: iq: has no shape: it is empty"),
            ("file['iq'] = numpy.zeros(3, dtype=[('i', 'i2'), ('q', 'i2')])", "a.file: iq: is a compound that is no"),
        ])
    func refusedOfHDF5(script: String, words: String) throws {
        let said = try refusal(.hdf5, "with h5py.File(path, 'w') as file:\n    " + script)
        #expect(said.hasPrefix(words), "\(said)")
    }
}

extension AcquisitionSettings {
    /// Settings that a file does not take.
    fileprivate static let ofTest = TakenRecording.settings()
}
