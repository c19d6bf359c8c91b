import Acquisition
import Foundation
import ProbeLink
@testable import SampleFiles
import TestSupport
import Testing

/// The two kinds of files of arrays.
enum ArrayKind: String, CaseIterable, CustomTestStringConvertible {
    case npz, hdf5

    var testDescription: String { rawValue }
    var format: SampleFileFormat { self == .npz ? .npz : .hdf5 }

    func source(_ path: String, _ parameters: FileParameters = FileParameters()) throws -> ArraySource {
        switch self {
        case .npz: try ArrayImport.npz(path: path, parameters: parameters)
        case .hdf5: try ArrayImport.hdf5(path: path, parameters: parameters)
        }
    }

    /// What a file of these bytes is refused with; what is found beside the file's own folder.
    func refusal(_ bytes: [UInt8], sideFile: String? = nil) throws -> String {
        try Self.withFile(bytes, sideFile: sideFile) { path in
            do {
                _ = try source(path)
                return "no error"
            } catch {
                return "\(error)"
            }
        }
    }

    /// Writes a file into a folder of its own.
    static func withFile<Value>(
        _ bytes: [UInt8], sideFile: String? = nil, _ body: (String) throws -> Value
    ) throws -> Value {
        let folder = NSTemporaryDirectory() + "arrays-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a.file"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        if let sideFile { try Data(sideFile.utf8).write(to: URL(fileURLWithPath: path + ".yaml")) }
        return try body(path)
    }
}

@Suite("Files of arrays as sources")
struct ArrayImportTests {
    @Test(
        "come back bit for bit: samples, gaps, settings, context and the mark of simulation",
        arguments: ArrayKind.allCases, 0..<8 as Range<UInt64>)
    func roundTrip(kind: ArrayKind, seed: UInt64) throws {
        let (taken, numbers, gaps) = TakenRecording.drawn(seed: seed)
        try taken.written(as: kind.format) { files in
            let source = try kind.source(files[0])
            let delivered = try Delivered(source)
            #expect(delivered.bytes == TakenRecording.bytes(of: numbers, taken.format))
            #expect(delivered.gaps == gaps)
            #expect(source.recording?.context == taken.context)
            #expect(source.origin.isSimulated && source.missingForScoring.isEmpty)
            #expect(source.origin.specifier == "\(kind.rawValue):\((files[0] as NSString).lastPathComponent)")
            var settings = taken.settings
            settings.streams = .iq
            #expect(try source.prepare(taken.settings) == settings)
        }
    }

    @Test("keep which pulses were not transmitted, and which were clipped", arguments: ArrayKind.allCases)
    func silent(kind: ArrayKind) throws {
        try TakenRecording.eventful.written(as: kind.format, courses: .five) { files in
            let delivered = try Delivered(try kind.source(files[0]))
            let silent = zip(delivered.headers, delivered.pulses).filter { !$0.0.flags.contains(.transmitting) }
            #expect(silent.map(\.1) == [80..<95])
            #expect(delivered.gaps == [[40, 10], [95, 5]])
        }
    }

    @Test(
        "never say more than the recording knew: a rate that was taken for the PRF stays so",
        arguments: ArrayKind.allCases)
    func assumedPRF(kind: ArrayKind) throws {
        var taken = TakenRecording.eventful
        taken.context.assumesPRF = true
        taken.context.insonationAngleDegrees = nil
        try taken.written(as: kind.format) { files in
            let source = try kind.source(files[0])
            #expect(source.missingForScoring == ["prfHz", "insonationAngleDegrees"])
            #expect(try source.prepare(taken.settings).prfHz == 5000)
        }
    }

    @Test("a single changed byte of the samples or the metadata is found", arguments: ArrayKind.allCases)
    func changed(kind: ArrayKind) throws {
        try TakenRecording.eventful.written(as: kind.format) { files in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[0])))
            // I and Q of pulse 50, and a letter of the site.
            for wanted in [[0x1A, 4, 0xCE, 0xFF], Array("supine".utf8), Array("s\0\0\0u\0\0\0p\0\0\0".utf8)] {
                guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: wanted) }) else { continue }
                var damaged = bytes
                damaged[place] ^= 1
                let said = try kind.refusal(damaged)
                #expect(said.hasPrefix("a.file") && (said.contains("CRC") || said.contains("SHA-512")), "\(said)")
            }
        }
    }

    @Test(
        "are an error or the same samples when bytes of them are damaged, never a trap",
        arguments: ArrayKind.allCases, 0..<150 as Range<UInt64>)
    func damaged(kind: ArrayKind, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        try TakenRecording.eventful.written(as: kind.format) { files in
            let whole = try Delivered(try kind.source(files[0]))
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: files[0])))
            for _ in 0..<(1 + Int(generator.next() % 3)) {
                // Half of them where the file's structure is.
                let reach = seed % 2 == 0 ? bytes.count : min(bytes.count, 2048)
                bytes[Int(generator.next() % UInt64(reach))] = UInt8(truncatingIfNeeded: generator.next())
            }
            if seed % 5 == 0 { bytes.removeLast(Int(generator.next() % UInt64(bytes.count))) }
            try ArrayKind.withFile(bytes) { path in
                do {
                    let source = try kind.source(path)
                    let delivered = try Delivered(source)
                    #expect(delivered.bytes == whole.bytes || source.recording == nil)
                    #expect(source.origin.isSimulated)
                } catch let error as SourceRunError {
                    #expect(error.reason.description.hasPrefix("a.file"))
                } catch {
                    #expect("\(error)".hasPrefix("a.file"))
                }
            }
        }
    }

    @Test("a gap or a pause of transmission that is none is seen, wherever it stands in the document")
    func stretchesThatAreNone() throws {
        var whole: RecordingDescription?
        try TakenRecording.eventful.written(as: .npz) { files in
            whole = try ArrayImport.npz(path: files[0], parameters: FileParameters()).recording
        }
        let recording = String(decoding: try JSONEncoder().encode(try #require(whole)), as: UTF8.self)
        func document(gaps: String, transmitterOff: String) throws -> ArrayDocument {
            try JSONDecoder().decode(
                ArrayDocument.self,
                from: Data(
                    """
                    {"schema": "dopplerbridge-samples-1", "recording": \(recording), "gates": 1, "pulses": 100,
                     "prfHz": 5000, "gaps": [\(gaps)], "transmitterOff": [\(transmitterOff)]}
                    """.utf8))
        }
        let good = #"{"firstPulse": 5, "pulses": 3}"#
        #expect(try document(gaps: good, transmitterOff: good).hasWholeStretches)
        let none = [(5, 0), (-1, 4), (5, -2), (Int.max, 2)].map { #"{"firstPulse": \#($0), "pulses": \#($1)}"# }
        for bad in none {
            #expect(try !document(gaps: bad, transmitterOff: good).hasWholeStretches)
            #expect(try !document(gaps: good, transmitterOff: bad).hasWholeStretches)
        }
    }

    @Test("what is no such file is refused in words", arguments: ArrayKind.allCases)
    func noSuchFile(kind: ArrayKind) throws {
        let what = kind == .npz ? "is no archive of NumPy, or is damaged" : "is no HDF5 file, is damaged"
        #expect(try kind.refusal(Array("t,I,Q\n".utf8)).hasPrefix("a.file: \(what)"))
        #expect(try kind.refusal([]).hasPrefix("a.file: \(what)"))
        #expect {
            try kind.source("/nowhere/a")
        } throws: {
            "\($0)" == "a: cannot be opened (No such file or directory): check the name and the permissions"
        }
        #expect {
            try kind.source(NSTemporaryDirectory())
        } throws: {
            "\($0)".hasSuffix("is no regular file: give the name of a recording")
        }
    }
}
