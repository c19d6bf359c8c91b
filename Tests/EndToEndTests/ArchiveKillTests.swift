import Foundation
import Testing

@Suite("an archive whose process is killed")
struct ArchiveKillTests {
    /// How many places each act is killed at here.
    private static let places = 6

    /// An act that is killed, what is run before it, and what the list says before and after it.
    struct Act: CustomTestStringConvertible, Sendable {
        var verb: String
        var arguments: [String]
        var before: [[String]] = []
        var listedBefore: String
        var listedAfter: String

        var testDescription: String { verb }
    }

    private static let add = ["add", "EXAM"]
    static let acts = [
        Act(verb: "add", arguments: ["EXAM"], listedBefore: "holds no exam", listedAfter: "EX-1  analysed"),
        Act(
            verb: "sign", arguments: ["EX-1"], before: [add], listedBefore: "EX-1  analysed",
            listedAfter: "EX-1  signed"),
        Act(
            verb: "update", arguments: ["EX-1", "EXAM"], before: [add], listedBefore: "EX-1  analysed",
            listedAfter: "EX-1  analysed"),
        Act(
            verb: "amend", arguments: ["EX-1", "EXAM", "--reason", "r"], before: [add, ["sign", "EX-1"]],
            listedBefore: "EX-1  signed", listedAfter: "EX-1 version 2  analysed"),
    ]

    @Test(
        "killed at any place, an archive has all of an act or nothing of it, verifies clean, and goes on",
        arguments: acts)
    func kill(_ act: Act) throws {
        try ArchiveRig.with { rig in
            guard let library = try KillPoint.library(in: rig.path) else { return print("skipped: no C compiler") }
            for words in act.before { #expect(try rig.run(words[0], filled(words.dropFirst(), rig)).status == 0) }
            let files = FileManager.default
            try files.moveItem(atPath: rig.archive, toPath: rig.path + "/whole")
            let arguments = filled(act.arguments[...], rig)
            // Once to its end, to know how many places there are.
            try files.copyItem(atPath: rig.path + "/whole", toPath: rig.archive)
            let counted = try rig.run(
                act.verb, arguments, through: "LD_PRELOAD='\(library)' KILL_COUNT='\(rig.path)/count'")
            #expect(counted.status == 0, "\(counted.errors)")
            let total = try #require(Int(try String(contentsOfFile: rig.path + "/count", encoding: .utf8)))
            #expect(total > 20)
            var outcomes: Set<Bool> = []
            for number in 0..<Self.places {
                let place = 1 + number * (total - 1) / (Self.places - 1)
                try files.removeItem(atPath: rig.archive)
                try files.copyItem(atPath: rig.path + "/whole", toPath: rig.archive)
                let killed = try rig.run(
                    act.verb, arguments, through: "LD_PRELOAD='\(library)' KILL_AT=\(place)")
                #expect(killed.status == SIGKILL, "place \(place) of \(total): \(killed.errors)")
                outcomes.insert(try isDone(act, rig, "place \(place) of \(total)"))
            }
            #expect(outcomes.contains(false) || act.listedBefore == act.listedAfter)
        }
    }

    private func filled(_ words: ArraySlice<String>, _ rig: ArchiveRig) -> [String] {
        words.map { $0 == "EXAM" ? rig.exam : $0 }
    }

    /// Whether a killed act was done, in an archive that must be without a finding either way.
    private func isDone(_ act: Act, _ rig: ArchiveRig, _ place: String) throws -> Bool {
        let verified = try rig.run("verify")
        #expect(verified.status == 0, "\(place): \(verified.output)\(verified.errors)")
        #expect(!verified.errors.contains("incoming"), "\(place): leftovers")
        let listed = try rig.run("list").output.replacing(/[ ]{2,}/, with: "  ")
        let isDone = listed.contains(act.listedAfter)
        #expect(isDone || listed.contains(act.listedBefore), "\(place): \(listed)")
        if !isDone {
            let again = try rig.run(act.verb, filled(act.arguments[...], rig))
            #expect(again.status == 0, "\(place): \(again.errors)")
        }
        return isDone
    }
}
