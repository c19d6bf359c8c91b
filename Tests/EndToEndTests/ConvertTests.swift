import Foundation
import TestSupport
import Testing

@Suite("Files for other programs")
struct ConvertTests {
    private static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    /// What is looked at of an analysis.
    private struct Analysed: Decodable {
        struct Gate: Decodable { var meanVelocityCmPerS: [Double?] }
        struct Segment: Decodable { var gates: [Gate] }
        var segments: [Segment]
    }

    @Test("a recording goes out as SigMF and WAV and comes back bit for bit, still marked as simulated")
    func roundTrip() throws {
        try Program.inTemporaryFolder { folder in
            let take = folder + "/take.dbrec"
            let acquired = try Program.run(["acquire", "--probe", "sim:healthy", "--seconds", "2", "--output", take])
            #expect(acquired.status == 0, "\(acquired.errors)")
            let out = folder + "/out"
            let converted = try Program.run(
                ["convert", take, "--output", out, "--json", "--recorded-at", "2026-01-10T09:00:00+01:00"]
                    + ["wav", "wav-directions", "sigmf", "npz", "xdf", "hdf5", "edf", "csv", "dicom-audio"].flatMap {
                        ["--to", $0]
                    })
            #expect(converted.status == 0, "\(converted.errors)")
            let written = try JSONSerialization.jsonObject(with: Data(converted.output.utf8)) as? [[String: Any]]
            let files = written?.first?["files"] as? [String] ?? []
            #expect(files.count == 14 && files.allSatisfy { FileManager.default.fileExists(atPath: $0) })
            #expect(written?.first?["isSimulated"] as? Bool == true)
            let sources = [
                "sigmf:\(out)/take.sigmf-meta", "wav:\(out)/take.wav", "npz:\(out)/take.npz", "hdf5:\(out)/take.h5",
            ]
            for source in sources {
                let again = folder + "/again.dbrec"
                let back = try Program.run(["acquire", "--probe", source, "--output", again])
                #expect(back.status == 0 && back.output.contains("SIMULATED"), "\(back.errors)")
                let second = try Program.run(["convert", again, "--to", "sigmf", "--output", folder + "/second"])
                #expect(second.status == 0, "\(second.errors)")
                let samples = try Self.bytes(folder + "/second/again.sigmf-data")
                let first = try Self.bytes(out + "/take.sigmf-data")
                #expect(samples == first && samples.count > 10_000)
                try FileManager.default.removeItem(atPath: folder + "/second")
                try FileManager.default.removeItem(atPath: again)
            }
        }
    }

    @Test("velocities in a CSV file are those that `analyse` gives")
    func velocities() throws {
        try Program.inTemporaryFolder { folder in
            let take = folder + "/take.dbrec"
            _ = try Program.run(["acquire", "--probe", "sim:ccsvi", "--seconds", "2", "--output", take])
            let analysed = try Program.run(["analyse", "--probe", "replay:\(take)", "--json"])
            let document = try JSONDecoder().decode(Analysed.self, from: Data(analysed.output.utf8))
            let velocities = document.segments[0].gates[0].meanVelocityCmPerS
            _ = try Program.run(["convert", take, "--to", "csv", "--output", folder])
            let text = String(decoding: try Self.bytes(folder + "/take.csv"), as: UTF8.self)
            let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
            let written = rows.map { Double($0.split(separator: ",", omittingEmptySubsequences: false)[6]) }
            #expect(written == velocities && written.count > 50)
        }
    }

    @Test("a file that does not say what velocities need gives shifts alone, through a recording and back, and no exam")
    func notKnown() throws {
        try Program.inTemporaryFolder { folder in
            let text = (0..<5000).map {
                "\(200 * $0),\(Int(3000 * cos(Double($0) / 3))),\(Int(3000 * sin(Double($0) / 3)))"
            }
            try Data(text.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/flow.csv"))
            let source = "iq-text:\(folder)/flow.csv"
            let analysed = try Program.run(
                [
                    "analyse", "--probe", source, "--json", "--angle", "60", "--speed-of-sound", "1540", "--f0-hz",
                    "2000000",
                ])
            #expect(analysed.status == 1)
            #expect(analysed.errors.contains("not known: prfHz, normalDirection: only Doppler shifts are given"))
            let take = folder + "/take.dbrec"
            _ = try Program.run(
                ["acquire", "--probe", source, "--output", take, "--angle", "60", "--speed-of-sound", "1540"]
                    + ["--f0-hz", "2000000"])
            let converted = try Program.run(["convert", take, "--to", "csv", "--to", "sigmf", "--output", folder])
            #expect(converted.status == 0, "\(converted.errors)")
            let csv = String(decoding: try Self.bytes(folder + "/take.csv"), as: UTF8.self)
            #expect(csv.contains("# no velocities: not known: prfHz, normalDirection"))
            #expect(csv.contains("5000.0 Hz (only the sample rate is known)"))
            let back = try Program.run(["analyse", "--probe", "sigmf:\(folder)/take.sigmf-meta"])
            #expect(back.errors.contains("not known: prfHz, normalDirection"))
            let exam = try Program.run(["exam", "run", "--probe", source, "--output", folder + "/exam"])
            #expect(exam.status == 2 && exam.errors.contains("one recording is not an exam"))
        }
    }

    @Test("arrays that say nothing beyond samples and rate give shifts alone, and no exam")
    func arraysWithoutAngle() throws {
        guard FileManager.default.isExecutableFile(atPath: Peer.python) else {
            print("skipped: no NumPy in Tests/Peers/.venv; run .ci/peers")
            return
        }
        try Program.inTemporaryFolder { folder in
            let script = """
                import numpy, h5py, sys
                z = 3000 * numpy.exp(1j * numpy.arange(5000) / 3)
                iq = numpy.stack([z.real, z.imag], axis=1).astype('i2')
                numpy.savez(sys.argv[1] + '/flow.npz', iq=iq, prf_hz=5000)
                with h5py.File(sys.argv[1] + '/flow.h5', 'w') as f: f['iq'], f['prf_hz'] = z.astype('c8'), 5000
                """
            let python = Process()
            python.executableURL = URL(fileURLWithPath: Peer.python)
            python.arguments = ["-c", script, folder]
            try python.run()
            python.waitUntilExit()
            for source in ["npz:\(folder)/flow.npz", "hdf5:\(folder)/flow.h5"] {
                let analysed = try Program.run(["analyse", "--probe", source, "--f0-hz", "2000000"])
                #expect(analysed.status == 1)
                #expect(
                    analysed.errors.contains(
                        "not known: insonationAngleDegrees, speedOfSoundMPerS, normalDirection: only Doppler shifts"))
                let exam = try Program.run(["exam", "run", "--probe", source, "--output", folder + "/exam"])
                #expect(exam.status == 2 && exam.errors.contains("one recording is not an exam"))
            }
            let wrong = try Program.run(["analyse", "--probe", "npz:\(folder)/flow.h5"])
            #expect(wrong.status == 4 && wrong.errors.contains("flow.h5: is no archive of NumPy"))
            let none = try Program.run(["analyse", "--probe", "hdf5:\(folder)/none.h5"])
            #expect(none.status == 5 && none.errors.contains("none.h5: cannot be opened"))
        }
    }

    @Test("sound goes out as DICOM: the samples of the WAV file under the subject's code, the same bytes again")
    func dicomAudio() throws {
        try Program.inTemporaryFolder { folder in
            let take = folder + "/take.dbrec"
            _ = try Program.run(["acquire", "--probe", "sim:ccsvi", "--seconds", "1", "--output", take])
            for out in ["one", "two"] {
                let converted = try Program.run(
                    ["convert", take, "--output", "\(folder)/\(out)", "--to", "dicom-audio", "--to", "wav-directions"]
                        + ["--subject", "S001", "--recorded-at", "2026-01-10T09:00:00+01:00"])
                #expect(converted.status == 0, "\(converted.errors)")
            }
            let sound = try Self.bytes(folder + "/one/take.sound.dcm")
            #expect(try Self.bytes(folder + "/two/take.sound.dcm") == sound)
            let timeless = try Program.run(["convert", take, "--to", "dicom-audio", "--output", folder + "/three"])
            #expect(timeless.status == 2 && timeless.errors.contains("give --recorded-at"), "\(timeless.errors)")
            let unknown = try Program.run(
                ["convert", take, "--to", "dicom-audio", "--output", folder + "/three"]
                    + ["--recorded-at", "2026-01-10T09:00:00+01:00"])
            #expect(unknown.status == 0 && unknown.errors.contains("does not know the subject: Patient ID stays empty"))
            guard FileManager.default.isExecutableFile(atPath: Peer.python) else {
                print("skipped: no pydicom in Tests/Peers/.venv; run .ci/peers")
                return
            }
            let python = Process()
            python.executableURL = URL(fileURLWithPath: Peer.python)
            python.arguments = [
                Program.root + "/Tests/Peers/check_audio.py", folder + "/one/take.sound.dcm",
                folder + "/one/take.directions.wav", "S001",
            ]
            let pipe = Pipe()
            python.standardOutput = pipe
            python.standardError = pipe
            try python.run()
            let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            python.waitUntilExit()
            #expect(python.terminationStatus == 0 && said.contains("samples agree"), "\(said)")
        }
    }

    @Test("of a damaged HDF5 file one line says what is wrong, and its library says nothing beside it")
    func damagedHDF5() throws {
        try Program.inTemporaryFolder { folder in
            let take = folder + "/take.dbrec"
            _ = try Program.run(["acquire", "--probe", "sim:healthy", "--seconds", "2", "--output", take])
            #expect(try Program.run(["convert", take, "--to", "hdf5", "--output", folder]).status == 0)
            let whole = try Self.bytes(folder + "/take.h5")
            for seed in UInt64(0)..<12 {
                var random = SeededGenerator(seed: seed)
                var bytes = whole
                for _ in 0..<40 {
                    bytes[Int.random(in: 0..<20_000, using: &random)] = .random(in: 0...255, using: &random)
                }
                try bytes.write(to: URL(fileURLWithPath: folder + "/damaged.h5"))
                let answer = try Program.run(["analyse", "--probe", "hdf5:\(folder)/damaged.h5"])
                #expect(answer.status == 4, "seed \(seed): \(answer.errors)")
                let lines = answer.errors.split(separator: "\n")
                #expect(lines.count == 1 && lines[0].hasPrefix("dopplerbridge: damaged.h5: "), "seed \(seed): \(lines)")
            }
        }
    }

    @Test("what cannot be written ends with its code and says what to do")
    func refusals() throws {
        try Program.inTemporaryFolder { folder in
            let nothing = try Program.run(["convert", folder + "/none.dbrec", "--to", "wav", "--output", folder])
            #expect(nothing.status == 5 && nothing.errors.contains("none.dbrec: cannot read"))
            let noExam = try Program.run(["convert", folder, "--to", "wav", "--output", folder])
            #expect(noExam.status == 4 && noExam.errors.contains("it has no folder `recordings`"))
            let format = try Program.run(["convert", folder, "--to", "mp3", "--output", folder])
            #expect(format.status == 2)
            let take = folder + "/take.dbrec"
            _ = try Program.run(["acquire", "--probe", "sim:healthy", "--seconds", "1", "--output", take])
            #expect(try Program.run(["convert", take, "--to", "sigmf", "--output", folder]).status == 0)
            let again = try Program.run(["convert", take, "--to", "sigmf", "--output", folder])
            #expect(again.status == 5 && again.errors.contains("take.sigmf-data: cannot be written (File exists)"))
        }
    }
}
