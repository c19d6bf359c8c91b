import CCSVIAnalysis
import ExamSession
import Foundation
import TestSupport
import Testing
import VesselImaging
import WebConsole

@Suite("acts, marks and state as documents")
struct ExamWordsTests {
    private func act(_ text: String) throws -> ConsoleAct {
        try JSONDecoder().decode(ConsoleAct.self, from: Data(text.utf8))
    }

    @Test("every act is read as the page sends it")
    func acts() throws {
        let wanted: [(String, ConsoleAct)] = [
            (#"{"act":"live"}"#, .live), (#"{"act":"freeze"}"#, .freeze), (#"{"act":"stop"}"#, .stop),
            (#"{"act":"record"}"#, .record(manoeuvreStarted: false)),
            (#"{"act":"record","manoeuvreStarted":true}"#, .record(manoeuvreStarted: true)),
            (#"{"act":"accept"}"#, .accept(take: nil)), (#"{"act":"accept","take":2}"#, .accept(take: 2)),
            (#"{"act":"repeat"}"#, .repeatStep), (#"{"act":"skip","reason":" no time\n"}"#, .skip(reason: "no time")),
            (#"{"act":"notVisualised","code":"noBoneWindow"}"#, .notVisualised(.noBoneWindow, note: nil)),
            (#"{"act":"notVisualised","code":"other","note":"x"}"#, .notVisualised(.other, note: "x")),
            (#"{"act":"notAssessable","reason":"r"}"#, .notAssessable(reason: "r")), (#"{"act":"rested"}"#, .rested),
            (#"{"act":"postureNotPossible"}"#, .postureNotPossible(note: nil)), (#"{"act":"valsalva"}"#, .valsalva),
            (#"{"act":"mark","seconds":1.5,"label":"cough"}"#, .mark(seconds: 1.5, label: "cough")),
            (#"{"act":"mark"}"#, .mark(seconds: nil, label: "")), (#"{"act":"noArea"}"#, .noArea),
            (#"{"act":"leave"}"#, .leave),
            (
                #"{"act":"area","areaMm2":52.5,"breathingPhase":"endExpiration"}"#,
                .area(AreaEntered(.entered(areaMm2: 52.5), breathingPhase: .endExpiration))
            ),
            (
                #"{"act":"area","outline":[[0,1],[2,3]]}"#,
                .area(
                    AreaEntered(
                        .outline([
                            PicturePoint(acrossMm: 0, depthMm: 1), PicturePoint(acrossMm: 2, depthMm: 3),
                        ])))
            ),
            (
                #"{"act":"area","ellipse":{"first":[[0,1]],"second":[]}}"#,
                .area(AreaEntered(.ellipse(first: [PicturePoint(acrossMm: 0, depthMm: 1)], second: [])))
            ),
            (#"{"act":"lumen","status":"normal"}"#, .lumen(LumenEntered(status: .examined))),
            (
                #"{"act":"lumen","status":"defects","defects":["web"],"leafletMotion":"immobile"}"#,
                .lumen(LumenEntered(status: .examined, defects: [.web], leafletMotion: .immobile))
            ),
            (
                #"{"act":"lumen","status":"notAssessable","reason":"dark"}"#,
                .lumen(LumenEntered(status: .notAssessable, reason: "dark"))
            ),
            (#"{"act":"lumen","status":"notLookedAt"}"#, .lumen(LumenEntered(status: .notExamined))),
        ]
        for (text, wanted) in wanted { #expect(try act(text) == wanted) }
    }

    @Test(
        "an act that says too little or too much is refused",
        arguments: [
            #"{}"#, #"{"act":"dance"}"#, #"{"act":"skip"}"#, #"{"act":"skip","reason":"  "}"#,
            #"{"act":"notVisualised","code":"other"}"#, #"{"act":"notVisualised","code":"x"}"#,
            #"{"act":"mark","seconds":-1}"#, #"{"act":"area"}"#, #"{"act":"area","areaMm2":-1}"#,
            #"{"act":"area","outline":[[1]]}"#, #"{"act":"lumen","status":"normal","defects":["web"]}"#,
            #"{"act":"lumen","status":"defects"}"#, #"{"act":"lumen","status":"notAssessable"}"#,
            #"{"act":"lumen","status":"examined"}"#, #"{"act":"accept","take":"one"}"#, #"[]"#,
        ])
    func badActs(text: String) {
        #expect(throws: (any Error).self) { try act(text) }
        let long = #"{"act":"skip","reason":""# + String(repeating: "a", count: 2001) + #""}"#
        #expect(throws: RoomRefusal.self) { try act(long) }
    }

    @Test("cut and changed documents are refused or read, never a trap", arguments: 0..<50)
    func hostileActs(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var bytes = Array(#"{"act":"area","ellipse":{"first":[[0,1],[2,3]],"second":[[4,5],[6,7]]},"take":2}"#.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 32...126, using: &generator)
        }
        bytes.removeLast(Int.random(in: 0...3, using: &generator))
        do { _ = try JSONDecoder().decode(ConsoleAct.self, from: Data(bytes)) } catch { #expect(!"\(error)".isEmpty) }
    }

    @Test("marks stand beside the exam with the proposals, byte for byte as written")
    func marks() throws {
        let place = try TrialFolder()
        let folder = try ExamFolder(new: place.path + "/e")
        #expect(try OperatorMarks(in: folder).recordings.isEmpty)
        var marks = OperatorMarks()
        try marks.set(
            [
                OperatorMarks.Mark(
                    startSeconds: 1, endSeconds: 2.5, state: .moved,
                    proposed: OperatorMarks.Stretch(startSeconds: 1.25, endSeconds: 2.5))
            ], of: "01-a")
        try marks.write(to: folder)
        let text = try String(contentsOfFile: folder.file(OperatorMarks.fileName), encoding: .utf8)
        #expect(text.contains(#""schema" : "dopplerbridge-marks-1""#) && text.contains(#""state" : "moved""#))
        #expect(try OperatorMarks(in: folder) == marks)
        try marks.set([], of: "01-a")
        #expect(marks.recordings["01-a"]?.refluxes == [])
    }

    @Test("an envelope by hand stands beside the marks, one a side, and goes when it has no points")
    func traces() throws {
        let place = try TrialFolder()
        let folder = try ExamFolder(new: place.path + "/e")
        var marks = OperatorMarks()
        let towards = HandTrace(
            side: .towards,
            points: [.init(seconds: 1, velocityCmPerS: 20), .init(seconds: 1.5, velocityCmPerS: 31.25)])
        let away = HandTrace(side: .away, points: [.init(seconds: 0, velocityCmPerS: -4)])
        try marks.set(HandTrace(side: .towards, points: [.init(seconds: 3, velocityCmPerS: 1)]), of: "01-a")
        try marks.set(towards, of: "01-a")
        try marks.set(away, of: "01-a")
        #expect(marks.recordings["01-a"]?.traces == [towards, away])
        #expect(marks.recordings["01-a"]?.refluxes == nil)
        try marks.write(to: folder)
        let text = try String(contentsOfFile: folder.file(OperatorMarks.fileName), encoding: .utf8)
        #expect(text.contains(#""side" : "towards""#) && text.contains(#""velocityCmPerS" : 31.25"#))
        #expect(try OperatorMarks(in: folder) == marks)
        try marks.set(HandTrace(side: .towards, points: []), of: "01-a")
        try marks.set(HandTrace(side: .away, points: []), of: "01-a")
        #expect(marks.recordings["01-a"]?.traces == nil)
    }

    @Test(
        "an envelope that is none is refused, and what was kept stays",
        arguments: [
            HandTrace(
                side: .towards, points: [.init(seconds: 2, velocityCmPerS: 1), .init(seconds: 2, velocityCmPerS: 1)]),
            HandTrace(side: .towards, points: [.init(seconds: -1, velocityCmPerS: 1)]),
            HandTrace(side: .towards, points: [.init(seconds: 1, velocityCmPerS: -1)]),
            HandTrace(side: .away, points: [.init(seconds: 1, velocityCmPerS: 1)]),
            HandTrace(side: .away, points: [.init(seconds: 1, velocityCmPerS: .nan)]),
            HandTrace(
                side: .away, points: (0...HandTrace.mostPoints).map { .init(seconds: Double($0), velocityCmPerS: 0) }),
        ])
    func badTraces(_ trace: HandTrace) throws {
        var marks = OperatorMarks()
        let kept = HandTrace(side: trace.side, points: [.init(seconds: 1, velocityCmPerS: 0)])
        try marks.set(kept, of: "r")
        #expect(throws: RoomRefusal.self) { try marks.set(trace, of: "r") }
        #expect(marks.recordings["r"]?.traces == [kept])
    }

    @Test("marks that contradict themselves are refused")
    func badMarks() {
        let stretch = OperatorMarks.Stretch(startSeconds: 1, endSeconds: 2)
        let bad: [OperatorMarks.Mark] = [
            .init(startSeconds: 2, endSeconds: 2, state: .added, proposed: nil),
            .init(startSeconds: -1, endSeconds: 2, state: .added, proposed: nil),
            .init(startSeconds: 1, endSeconds: .infinity, state: .added, proposed: nil),
            .init(startSeconds: 1, endSeconds: 2, state: .added, proposed: stretch),
            .init(startSeconds: 1, endSeconds: 2, state: .accepted, proposed: nil),
            .init(
                startSeconds: 1, endSeconds: 2, state: .moved,
                proposed: OperatorMarks.Stretch(startSeconds: 3, endSeconds: 2)),
        ]
        for mark in bad {
            var marks = OperatorMarks()
            #expect(throws: RoomRefusal.self) { try marks.set([mark], of: "r") }
            #expect(marks.recordings.isEmpty)
        }
        var marks = OperatorMarks()
        let many = (0...OperatorMarks.mostOfARecording).map {
            OperatorMarks.Mark(
                startSeconds: Double($0), endSeconds: Double($0) + 0.5, state: .added, proposed: nil)
        }
        #expect(throws: RoomRefusal.self) { try marks.set(many, of: "r") }
    }

    @Test("the limits are written and read by their names, and ends out of order are refused")
    func limits() throws {
        let text = String(decoding: try JSONEncoder().encode(SettingsLimits.wide), as: UTF8.self)
        #expect(text.contains(#""insonationAngleDegrees":{"#) && text.contains(#""most":89"#))
        #expect(try JSONDecoder().decode(SettingsLimits.self, from: Data(text.utf8)) == .wide)
        let turned = text.replacingOccurrences(of: #""most":89"#, with: #""most":-1"#)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(SettingsLimits.self, from: Data(turned.utf8))
        }
    }
}
