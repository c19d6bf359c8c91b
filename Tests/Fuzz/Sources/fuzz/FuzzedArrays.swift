@testable internal import Acquisition
internal import Foundation
internal import ProbeLink
@testable internal import SampleFiles

/// The readers of arrays that NumPy writes.
enum FuzzedArrays {
    /// An even first byte: the head of an array; an odd one: a whole archive.
    static func npz(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        if first & 1 == 0 { head(rest) } else { archive(rest) }
    }

    private static func head(_ bytes: [UInt8]) {
        do throws(NPYProblem) {
            let header = try NPYHeader(bytes)
            promise(header.byteCount <= bytes.count, "a head lies within the array")
            promise(header.form.byteCount != nil, "a shape is a number of bytes")
        } catch {
            promise(!error.what.isEmpty, "a refusal says why")
        }
    }

    private static func archive(_ bytes: [UInt8]) {
        do throws(SourceError) {
            let arrays = try ArrayImport.arrays(of: try NPZFile(bytes: bytes, name: "fuzz.npz")) {
                () throws(SourceError) in try NPZFile(bytes: bytes, name: "fuzz.npz")
            }
            let source = try ArraySource(path: "fuzz.npz", kind: "npz", arrays: arrays)
            var tally = FrameTally()
            do throws(SourceRunError) {
                let counters = try source.run(into: &tally, until: StopSignal())
                promise(tally.pulses + tally.missing == UInt64(arrays.pulses), "each pulse is played or missing")
                promise(counters.pulses == tally.pulses, "the pulses delivered are the pulses counted")
            } catch {
                _ = error.reason.description
            }
        } catch {
            _ = error.description
        }
    }
}

extension Seeds {
    /// The archive of a small recording, what others put into one, and heads of arrays.
    static func npzFiles() throws -> [[UInt8]] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fuzz-npz-\(getpid())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { unlink(folder + "/a.dbrec"); unlink(folder + "/a.npz"); rmdir(folder) }
        let recording = Array(try recordings()[0].dropFirst())
        try Data(recording).write(to: URL(fileURLWithPath: folder + "/a.dbrec"))
        let export = SampleExport(
            try RecordedSamples(of: try Recording(path: folder + "/a.dbrec")), sha256: "", courses: nil,
            software: "fuzz")
        _ = try export.write(.npz, to: folder + "/a")
        let archive = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/a.npz")))
        let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
        let heads = [
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 1, 2), }\n",
            "{\"shape\":(3,),\"descr\":\">c8\",\"fortran_order\":True}", "{'descr': [('a', '<i2')], 'shape': ()}",
        ].map { Array($0.utf8) }
        return [[1] + archive, [1] + archive.dropLast(40)]
            + heads.map { [0] + magic + [1, 0, UInt8($0.count), 0] + $0 }
            + heads.map { [0] + magic + [2, 0, UInt8($0.count), 0, 0, 0] + $0 }
    }
}
