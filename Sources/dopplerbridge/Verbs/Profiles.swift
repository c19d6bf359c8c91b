import ArgumentParser
import Foundation
import ProbeLink
import ProbeProfiles

/// Shows and checks device profiles.
struct Profiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show and check device profiles, and let users open the probes.",
        subcommands: [List.self, Show.self, Check.self, Udev.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the profiles that are known.")

        @Flag(help: "Print one JSON document.")
        var json = false

        /// The columns of the list: the longest id that is built in, and ids as `lsusb` writes them.
        private static let profileWidth = 24
        private static let idsWidth = 10

        func run() throws {
            let console = Console()
            let profiles = try USBComposition(profile: nil).library.profiles
            guard !json else { return try console.json(profiles.map(ProfileSummary.init)) }
            for profile in profiles {
                let ids = profile.match.idWords.padding(to: Self.idsWidth)
                console.result("\(profile.id.padding(to: Self.profileWidth)) \(ids) \(profile.name)")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one profile.")

        @Argument(help: "The profile's id, as `profiles list` prints it, or its file (.yaml).")
        var id: String

        @Flag(help: "Print one JSON document.")
        var json = false

        func run() throws {
            let console = Console()
            let profile: DeviceProfile
            do throws(ProfileError) {
                let library = try ProfileLibrary(naming: id)
                profile = try library.profile(library.namedID ?? id)
            } catch {
                if case .unknownID = error { throw Failure(.usage, error.description) }
                throw Failure(.data, error.description)
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
            let problems: [String]
            do throws(ProfileError) {
                problems = try ProfileLibrary.problems(inFiles: files)
            } catch {
                if case .notReadable = error { throw Failure(.storage, error.description) }
                throw Failure(.data, error.description)
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

    struct Udev: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the udev rules that let ordinary users open the probes.",
            discussion: "Install them: \(UdevRules.installCommand())")

        @Option(help: "A device profile (YAML) beside those that are built in.")
        var profile: String?

        @Option(help: "A group that may open the probes too, for use over ssh or in a service, such as plugdev.")
        var group: String?

        func validate() throws {
            guard let group, !UdevRules.isGroup(group) else { return }
            throw ValidationError("--group \(group): a group is named in small letters, digits, - and _")
        }

        func run() throws {
            let profiles: [DeviceProfile]
            do throws(ProfileError) {
                profiles = try ProfileLibrary(file: profile).profiles
            } catch {
                throw Failure(.data, error.description)
            }
            Console().result(String(UdevRules(profiles, group: group).text.dropLast()))
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
    /// Why it is used only when it is named; absent = it is found by itself.
    var namingReason: String?
    var coldIDs: String?
    var probeProtocol: String
    var quirks: [String]
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
        usbIDs = profile.match.idWords
        matches = Self.conditions(profile.match)
        namingReason = profile.namingReason
        coldIDs = profile.cold.map { USBMatchRule(vendorID: $0.vendorID, productID: $0.productID).idWords }
        probeProtocol = profile.probeProtocol.rawValue
        quirks = profile.quirks.map(\.rawValue)
        centreFrequencyLowestHz = profile.centreFrequencies.lowestHz
        centreFrequencyHighestHz = profile.centreFrequencies.highestHz
        prfLowestHz = profile.limits.prfHz.lowerBound
        prfHighestHz = profile.limits.prfHz.upperBound
        maximumMechanicalIndex = profile.acousticOutput?.maximumMechanicalIndex
        maximumThermalIndex = profile.acousticOutput?.maximumThermalIndex
    }

    private static func conditions(_ rule: USBMatchRule) -> [String] {
        var found: [String] = []
        if let text = rule.manufacturer { found.append("manufacturer is \"\(text)\"") }
        if let text = rule.product { found.append("product is \"\(text)\"") }
        if let text = rule.productPrefix { found.append("product begins with \"\(text)\"") }
        if let major = rule.bcdDeviceMajor { found.append("device release \(major).x") }
        found += rule.endpoints.map { "at least \($0.atLeast) \($0.kind.rawValue)" }
        if let audio = rule.audio {
            found.append("\(audio.channels) channels of \(audio.sampleBits) bits at \(audio.sampleRateHz) Hz")
        }
        return found
    }

    var text: String {
        let declared = { (index: Double?) in index.map { "at most \($0) (declared)" } ?? "not available" }
        var lines = [
            "\(id)  \(name)",
            "  source of the figures  \(source)",
            "  USB                    \(([usbIDs] + matches).joined(separator: ", "))",
        ]
        if let coldIDs { lines.append("  before its firmware    \(coldIDs); only when the profile is named") }
        lines.append("  found                  " + (namingReason.map { "only when it is named: \($0)" } ?? "by itself"))
        lines.append("  protocol               \(([probeProtocol] + quirks).joined(separator: ", "))")
        lines += [
            "  centre frequency       \(Int(centreFrequencyLowestHz)) to \(Int(centreFrequencyHighestHz)) Hz",
            "  PRF                    \(Int(prfLowestHz)) to \(Int(prfHighestHz)) Hz",
            "  MI                     \(declared(maximumMechanicalIndex))",
            "  TI                     \(declared(maximumThermalIndex))",
        ]
        return lines.joined(separator: "\n")
    }
}
