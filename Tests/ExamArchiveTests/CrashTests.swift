import ExamArchive
import Foundation
import Testing
import TestSupport

/// An act that is ended in the middle, with what comes before it.
struct CrashingAct: Sendable, CustomTestStringConvertible {
    var words: [String]
    var before: [[String]] = []

    var testDescription: String { words[0] }

    private static let added = [["add", "EXAM"]]
    private static let signed = added + [["sign", "EX-1"]]
    static let all = [
        CrashingAct(words: ["add", "EXAM"]),
        CrashingAct(words: ["sign", "EX-1"], before: added),
        CrashingAct(words: ["send"], before: signed),
        CrashingAct(words: ["commit"], before: signed + [["send"]]),
        CrashingAct(words: ["purge"], before: signed + [["send"]]),
    ]

    /// Makes the archive, does what comes before, and gives the act's arguments.
    func prepare(_ place: Place) throws -> [String] {
        let exam = try place.exam("EX-1")
        // More than one write, and no whole number of sectors.
        try place.write(String(repeating: "samples ", count: 20_001), to: "EX-1/recordings/02.dbrec")
        let arguments = { (words: [String]) in
            [words[0], place.archivePath] + words.dropFirst().map { $0 == "EXAM" ? exam : $0 }
        }
        for words in [["init"]] + before {
            let run = try ActProcess.run(arguments(words))
            #expect(run.status == 0, "\(words): \(run.errors)")
        }
        return arguments(words)
    }

    /// Opens an archive for writing, which clears what was left, looks at everything, and tells what is there; last
    /// `clean`, or what is wrong.
    static func state(_ path: String) throws -> [String] {
        var lines: [String] = []
        let error = try archiveError {
            let archive = try Archive(writing: path, act: Place.act(0))
            for exam in try archive.exams(withEarlierVersions: true) {
                lines.append("\(exam.examID) \(exam.state.rawValue)")
            }
            for delivery in try archive.deliveries() {
                let bytes = try archive.payload(of: delivery, secret: Place.secret)
                let isWhole = bytes.count == 6000 && Set(bytes).count == 1
                lines.append("\(delivery.identifier) \(delivery.state.rawValue)\(isWhole ? "" : ", other bytes")")
            }
            let found = try archive.verify(reader: Place.reader)
            lines += found.findings.map { "\($0.place): \($0.what)" } + found.remarks
            if found.isClean && found.remarks.isEmpty { lines.append("clean") }
        }
        return lines + (error.map { ["\($0)"] } ?? [])
    }

    /// Checks what is left of an archive: without a finding, each act whole or not there, and all there that was told.
    func check(_ archive: String, told: [String], _ place: String) throws {
        let lines = try Self.state(archive)
        #expect(lines.last == "clean", "\(place): \(lines)")
        #expect(!lines.contains { $0.contains("other bytes") }, "\(place): \(lines)")
        let isSigned = lines.contains("EX-1 signed")
        #expect(lines.filter { $0.hasPrefix("EX-1.") }.count == (isSigned ? 3 : 0), "\(place): \(lines)")
        for line in told {
            let parts = line.split(separator: " ").map(String.init)
            let isThere =
                switch parts[0] {
                case "added": lines.contains("EX-1 analysed")
                case "signed": isSigned
                case "purged": !lines.contains { $0.hasPrefix("EX-1") }
                default: lines.contains("\(parts[1]) \(parts[0])")
                }
            #expect(isThere, "\(place): it was told `\(line)`: \(lines)")
        }
    }
}

@Suite("an archive whose process was ended in the middle")
struct CrashTests {
    /// Power cuts for each act, at places by chance, the last behind everything.
    private static let cuts: UInt64 = 40
    /// Places at which each act is killed, evenly spread.
    private static let places = 25

    @Test(
        "after a power cut that loses what was not synced, all is there that was told, and the archive is without a finding",
        arguments: CrashingAct.all)
    func powerCut(_ act: CrashingAct) throws {
        try Place.with { place in
            guard let library = try PreloadedLibrary.build("record", in: place.path) else {
                return print("skipped: no C compiler")
            }
            let arguments = try act.prepare(place)
            let disk = try LossyDisk(place.archivePath)
            let run = try ActProcess.run(
                arguments,
                [
                    "LD_PRELOAD": library, "WATCH_FOLDER": place.archivePath,
                    "WATCH_LOG": place.path + "/log",
                ])
            #expect(run.status == 0, "\(run.errors)")
            let records = try DiskRecord.read(place.path + "/log")
            #expect(records.count > 30)
            #expect(records.contains { $0.kind == .synced } && records.contains { $0.kind == .told })
            var random = SeededGenerator(seed: 7)
            for seed in 0..<Self.cuts {
                let count = seed == 0 ? records.count : Int.random(in: 0...records.count, using: &random)
                let left = place.path + "/left"
                try disk.cut(after: count, of: records, seed: seed, to: left)
                let told = records.prefix(count).filter { $0.kind == .told }
                    .flatMap { String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n").map(String.init) }
                try act.check(left, told: told, "seed \(seed), after \(count) of \(records.count) calls")
                try FileManager.default.removeItem(atPath: left)
            }
        }
    }

    @Test("a disk that loses everything that was not synced shows where a sync is missing")
    func withoutSyncs() throws {
        try Place.with { place in
            guard let library = try PreloadedLibrary.build("record", in: place.path) else {
                return print("skipped: no C compiler")
            }
            let act = CrashingAct.all[0]
            let arguments = try act.prepare(place)
            let disk = try LossyDisk(place.archivePath)
            let log = place.path + "/log"
            _ = try ActProcess.run(
                arguments, ["LD_PRELOAD": library, "WATCH_FOLDER": place.archivePath, "WATCH_LOG": log])
            let records = try DiskRecord.read(log).filter { $0.kind != .synced }
            var lost = 0
            for seed in 0..<UInt64(6) {
                let left = place.path + "/left"
                try disk.cut(after: records.count, of: records, seed: seed, to: left)
                let lines = try CrashingAct.state(left)
                if lines.last != "clean" || !lines.contains("EX-1 analysed") { lost += 1 }
                try FileManager.default.removeItem(atPath: left)
            }
            #expect(lost > 0)
        }
    }

    @Test("killed at any place, an archive has all of an act or nothing of it, and goes on", arguments: CrashingAct.all)
    func kill(_ act: CrashingAct) throws {
        try Place.with { place in
            guard let library = try PreloadedLibrary.build("kill", in: place.path) else {
                return print("skipped: no C compiler")
            }
            let arguments = try act.prepare(place)
            let files = FileManager.default
            try files.moveItem(atPath: place.archivePath, toPath: place.path + "/whole")
            try files.copyItem(atPath: place.path + "/whole", toPath: place.archivePath)
            let counted = try ActProcess.run(arguments, ["LD_PRELOAD": library, "KILL_COUNT": place.path + "/count"])
            #expect(counted.status == 0, "\(counted.errors)")
            let total = try #require(Int(try String(contentsOfFile: place.path + "/count", encoding: .utf8)))
            #expect(total > 10)
            for number in 0..<Self.places {
                let at = 1 + number * (total - 1) / (Self.places - 1)
                try files.removeItem(atPath: place.archivePath)
                try files.copyItem(atPath: place.path + "/whole", toPath: place.archivePath)
                let killed = try ActProcess.run(arguments, ["LD_PRELOAD": library, "KILL_AT": "\(at)"])
                #expect(killed.status == SIGKILL, "place \(at) of \(total): \(killed.errors)")
                try act.check(place.archivePath, told: killed.lines, "killed at \(at) of \(total)")
            }
        }
    }

    @Test(
        "killed at any place, a backup or an export is whole or not there, and the next one works",
        arguments: ["backup", "export"])
    func killCopy(_ verb: String) throws {
        try Place.with { place in
            guard let library = try PreloadedLibrary.build("kill", in: place.path) else {
                return print("skipped: no C compiler")
            }
            _ = try CrashingAct.all[2].prepare(place)
            let target = place.path + "/copy"
            let arguments = [verb, place.archivePath] + (verb == "export" ? ["EX-1"] : []) + [target]
            let counted = try ActProcess.run(arguments, ["LD_PRELOAD": library, "KILL_COUNT": place.path + "/count"])
            #expect(counted.status == 0, "\(counted.errors)")
            let total = try #require(Int(try String(contentsOfFile: place.path + "/count", encoding: .utf8)))
            let whole = try LossyDisk.files(below: target).count
            for number in 0..<Self.places {
                let at = 1 + number * (total - 1) / (Self.places - 1)
                if FileManager.default.fileExists(atPath: target) {
                    try FileManager.default.removeItem(atPath: target)
                }
                let killed = try ActProcess.run(arguments, ["LD_PRELOAD": library, "KILL_AT": "\(at)"])
                #expect(killed.status == SIGKILL, "place \(at) of \(total): \(killed.errors)")
                if !FileManager.default.fileExists(atPath: target) {
                    let again = try ActProcess.run(arguments)
                    #expect(again.status == 0, "killed at \(at) of \(total): \(again.errors)")
                }
                let found = try LossyDisk.files(below: target)
                #expect(found.filter { !$0.key.hasSuffix("-wal") && !$0.key.hasSuffix("-shm") }.count >= whole)
                #expect(!FileManager.default.fileExists(atPath: target + ".incomplete"))
                let lines = try CrashingAct.state(verb == "backup" ? target : place.archivePath)
                #expect(lines.last == "clean", "killed at \(at) of \(total): \(lines)")
            }
        }
    }
}
