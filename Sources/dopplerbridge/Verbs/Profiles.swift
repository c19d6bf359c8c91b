import ArgumentParser
import Foundation
import ProbeLink
import ProbeProfiles

/// Shows and checks device profiles.
struct Profiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show and check device profiles.", subcommands: [List.self, Show.self, Check.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the profiles that are known.")

        @Flag(help: "Print one JSON document.")
        var json = false

        func run() throws {
            let console = Console()
            let profiles = try USBComposition(profile: nil).library.profiles
            guard !json else { return try console.json(profiles.map(ProfileSummary.init)) }
            for profile in profiles {
                console.result("\(profile.id.padding(to: 20)) \(ProfileSummary.ids(profile.match))  \(profile.name)")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one profile.")

        @Argument(help: "The profile's id, as `profiles list` prints it.")
        var id: String

        @Flag(help: "Print one JSON document.")
        var json = false

        func run() throws {
            let console = Console()
            let library = try USBComposition(profile: nil).library
            let profile: DeviceProfile
            do throws(ProfileError) { profile = try library.profile(id) } catch {
                throw Failure(.usage, error.description)
            }
            let summary = ProfileSummary(profile)
            guard !json else { return try console.json(summary) }
            console.result(summary.text)
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check profile files: every problem at its file, line and column.")

        @Argument(help: "The files; they are also checked against each other and the profiles that are built in.")
        var files: [String]

        @Flag(help: "Print one JSON document.")
        var json = false

        func run() throws {
            let console = Console()
            var problems: [String] = []
            for file in files {
                do throws(ProfileError) {
                    _ = try ProfileLibrary(file: file)
                } catch {
                    if case .notReadable = error { throw Failure(.storage, error.description) }
                    problems += error.description.split(separator: "\n").map(String.init)
                }
            }
            if json {
                try console.json(problems)
            } else if problems.isEmpty {
                console.result("\(files.count) checked, no problem")
            } else {
                for problem in problems { console.result(problem) }
            }
            if !problems.isEmpty { throw Failure(.incomplete, "") }
        }
    }
}

/// What a person wants to know of a profile.
struct ProfileSummary: Encodable {
    var id: String
    var name: String
    var source: String
    var usbIDs: String
    var matches: [String]
    var probeProtocol: String
    var centreFrequencyLowestHz: Double
    var centreFrequencyHighestHz: Double
    var prfLowestHz: Double
    var prfHighestHz: Double
    var maximumMechanicalIndex: Double?
    var maximumThermalIndex: Double?

    init(_ profile: DeviceProfile) {
        id = profile.id
        name = profile.name
        source = profile.source
        usbIDs = Self.ids(profile.match)
        matches = Self.conditions(profile.match)
        probeProtocol = profile.probeProtocol.rawValue
        centreFrequencyLowestHz = profile.centreFrequencies.lowestHz
        centreFrequencyHighestHz = profile.centreFrequencies.highestHz
        prfLowestHz = profile.limits.prfHz.lowerBound
        prfHighestHz = profile.limits.prfHz.upperBound
        maximumMechanicalIndex = profile.acousticOutput?.maximumMechanicalIndex
        maximumThermalIndex = profile.acousticOutput?.maximumThermalIndex
    }

    /// `1209:0001`.
    static func ids(_ rule: USBMatchRule) -> String {
        [rule.vendorID, rule.productID].map { id in
            String(repeating: "0", count: max(0, 4 - String(id, radix: 16).count)) + String(id, radix: 16)
        }.joined(separator: ":")
    }

    private static func conditions(_ rule: USBMatchRule) -> [String] {
        var found: [String] = []
        if let text = rule.manufacturer { found.append("manufacturer is \"\(text)\"") }
        if let text = rule.product { found.append("product is \"\(text)\"") }
        if let text = rule.productPrefix { found.append("product begins with \"\(text)\"") }
        if let major = rule.bcdDeviceMajor { found.append("device release \(major).x") }
        return found + rule.endpoints.map { "at least \($0.atLeast) \($0.kind.rawValue)" }
    }

    var text: String {
        let declared = { (index: Double?) in index.map { "at most \($0) (declared)" } ?? "not available" }
        return """
            \(id)  \(name)
              source of the figures  \(source)
              USB                    \(usbIDs), \(matches.joined(separator: ", "))
              protocol               \(probeProtocol)
              centre frequency       \(Int(centreFrequencyLowestHz)) to \(Int(centreFrequencyHighestHz)) Hz
              PRF                    \(Int(prfLowestHz)) to \(Int(prfHighestHz)) Hz
              MI                     \(declared(maximumMechanicalIndex))
              TI                     \(declared(maximumThermalIndex))
            """
    }
}
