import Foundation
import ProbeLink

/// Files and sinks for the tests of importers.
enum ImportFiles {
    /// Makes a folder for a test and takes it away afterwards.
    static func withFolder(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, bytes) in files { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
        try body(folder.path)
    }

    /// What an importer says when it refuses.
    static func refusal<Source>(_ body: () throws -> Source) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    /// What an importer gives, or what it says when it refuses.
    static func attempt<Value>(_ body: () throws -> Value) -> (value: Value?, refusal: String) {
        do {
            return (try body(), "")
        } catch let error as SourceRunError {
            return (nil, error.reason.description)
        } catch {
            return (nil, "\(error)")
        }
    }

    static func littleEndian<Number: FixedWidthInteger>(_ value: Number, bytes count: Int? = nil) -> [UInt8] {
        (0..<(count ?? Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// Has room only at every third asking, and asks for an end after so many frames.
struct ReluctantSink: FrameSink {
    final class Asked { var times = 0 }

    let stop: StopSignal
    let stopAfterFrames: Int
    let asked = Asked()
    var collected = CollectingSink()

    init(stop: StopSignal = StopSignal(), stopAfterFrames: Int = .max) {
        self.stop = stop
        self.stopAfterFrames = stopAfterFrames
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        collected.receive(frame, payload)
        if collected.frames.count >= stopAfterFrames { stop.request() }
    }
    mutating func lost(_ loss: StreamLoss) { collected.lost(loss) }
    mutating func event(_ event: ProbeEvent) { collected.event(event) }
    func hasRoom(forBytes count: Int) -> Bool {
        asked.times += 1
        return asked.times % 3 == 0
    }
}
