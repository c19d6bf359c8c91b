import CCSVIAnalysis
import Foundation
import LocalServer
import TestSupport
import Testing

@testable import WebConsole

/// The description of the interface for programs, as it stands in the sources.
struct InterfaceFile {
    typealias Object = [String: Any]

    static let path = Peer.root + "/Sources/WebConsole/API/openapi.json"
    private let document: Object

    init() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.path))
        document = try #require(try JSONSerialization.jsonObject(with: bytes) as? Object)
    }

    /// The operations by address and method.
    var paths: [String: Object] { get throws { try #require(document["paths"] as? [String: Object]) } }

    /// A schema by its name.
    private func schema(_ name: String) throws -> Object {
        let components = try #require(document["components"] as? Object)
        return try #require((components["schemas"] as? Object)?[name] as? Object, "there is no schema \(name)")
    }

    /// The words of a schema that lists some.
    func words(_ name: String) throws -> [String] { try #require(try schema(name)["enum"] as? [String], "\(name)") }

    /// What a schema says of one of its properties.
    func part(_ name: String, _ property: String) throws -> Object {
        let properties = try #require(try schema(name)["properties"] as? [String: Object])
        return try #require(properties[property], "\(name).\(property)")
    }
}

@Suite("the interface's description for programs")
struct DeskInterfaceTests {
    @Test("the console serves the description that stands in the sources")
    func served() async throws {
        let rig = try DeskRig()
        let answer = await rig.ask("GET", "api/openapi.json")
        #expect(answer.status == 200 && answer.contentType == "application/json")
        #expect(Data(answer.body) == (try Data(contentsOf: URL(fileURLWithPath: InterfaceFile.path))))
    }

    @Test("programs are told of every word that the code knows, and of no other")
    func words() throws {
        let known: [String: [String]] = [
            "Phase": ExamPhase.allCases.map(\.rawValue), "Posture": Posture.allCases.map(\.rawValue),
            "Side": Side.allCases.map(\.rawValue), "Vein": Vein.allCases.map(\.rawValue),
            "JugularLevel": JugularLevel.allCases.map(\.rawValue), "Manoeuvre": Manoeuvre.allCases.map(\.rawValue),
            "AskedFinding": AskedFinding.allCases.map(\.rawValue), "Verdict": Verdict.allCases.map(\.rawValue),
            "Criterion": Criterion.allCases.map(\.rawValue),
            "CriterionOutcome": CriterionOutcome.allCases.map(\.rawValue),
            "NotVisualisedReason": NotVisualisedReason.allCases.map(\.rawValue),
            "BreathingPhase": BreathingPhase.allCases.map(\.rawValue),
            "LumenDefect": LumenDefectKind.allCases.map(\.rawValue),
            "LeafletMotion": LeafletMotion.allCases.map(\.rawValue),
            "StepState": ExamState.Step.State.allCases.map(\.rawValue),
            "MeasurementStatus": ExamState.Measurement.Status.allCases.map(\.rawValue),
            "MarkState": OperatorMarks.Mark.State.allCases.map(\.rawValue),
            "TraceSide": HandTrace.Side.allCases.map(\.rawValue),
            "Plugged": DeviceFacts.Plugged.allCases.map(\.rawValue),
        ]
        let file = try InterfaceFile()
        for (name, words) in known { #expect(try file.words(name) == words, "\(name)") }
    }

    @Test("programs are told of the limits that the code keeps")
    func limits() throws {
        let file = try InterfaceFile()
        #expect(try file.part("Marks", "marks")["maxItems"] as? Int == OperatorMarks.mostOfARecording)
        #expect(try file.part("Trace", "points")["maxItems"] as? Int == HandTrace.mostPoints)
        #expect(try file.part("Patients", "exams")["maxItems"] as? Int == ConsoleDesk.mostExamsListed)
        #expect(try file.part("SignIn", "passphrase")["maxLength"] as? Int == ConsoleDesk.longestPassphrase)
        let wide = SettingsLimits.wide
        let ranges = [
            "centreFrequencyHz": wide.centreFrequencyHz, "prfHz": wide.prfHz, "gateDepthMm": wide.gateDepthMm,
            "gateLengthMm": wide.gateLengthMm, "receiveGainDb": wide.receiveGainDb,
            "transmitLevelPerMille": wide.transmitLevelPerMille,
            "insonationAngleDegrees": wide.insonationAngleDegrees, "wallFilterHz": wide.wallFilterHz,
        ]
        for (name, range) in ranges {
            let told = try file.part("SettingsChange", name)
            #expect(told["minimum"] as? Double == range.lowerBound && told["maximum"] as? Double == range.upperBound)
        }
    }
}
