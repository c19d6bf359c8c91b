import ArgumentParser
import Foundation
import ProbeLink
import ProbeProfiles
import USBProbeLink

/// Lists what is attached, says which profile matches or what differs, and how things stand with each probe.
///
/// No vendor request is sent.
struct Devices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List attached USB devices, which profile matches each, and if not, what differs.",
        discussion: "--json also gives the state of each probe and what went wrong with it last.")

    @Option(help: "The id of a profile, or a profile's file (YAML) beside those that are built in.")
    var profile: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// What is attached, and how it would be noticed.
    struct Listing: Encodable {
        /// `hotplug` where udevd reports devices, `polling` where they are looked for.
        var noticedBy: String
        var devices: [Row]
        /// The probes that running programs of this user hold.
        var sessions: [ProbeSessionRecord]
    }

    /// One attached device.
    struct Row: Encodable {
        var label: String
        var bus: Int
        var address: Int
        var serialNumber: String?
        var profileID: String?
        /// `attached`, `mismatched`, `not-permitted`, `busy`, or `no-profile`.
        var state: String
        /// What is in the way, in words.
        var lastError: String?
        /// For each profile with the same ids that does not match: what differs.
        var differences: [String: [String]]
    }

    func run() throws {
        let console = Console()
        let library = try USBComposition(profile: profile).library
        let rows: [Row]
        do throws(TransportError) {
            rows = try USBDeviceDiscovery().attached().map { Self.row($0, library.candidates) }
        } catch {
            throw Failure(.device, error.description)
        }
        let listing = Listing(
            noticedBy: (USBEnvironment.read().hasUdev ? USBProbeWatch.Method.hotplug : .polling).rawValue,
            devices: rows, sessions: try ProbeSessionRecord.running())
        if json { return try console.json(listing) }
        Self.show(listing, on: console)
    }

    private static func show(_ listing: Listing, on console: Console) {
        if listing.devices.isEmpty {
            console.result("no USB device is attached (or this system offers no USB: see `doctor`)")
        }
        for row in listing.devices {
            console.result("\(row.label)  \(row.profileID.map { "matches \($0), \(row.state)" } ?? "no profile")")
            for (id, differences) in row.differences.sorted(by: { $0.key < $1.key }) {
                console.result("    not \(id): \(differences.joined(separator: "; "))")
            }
        }
        for session in listing.sessions {
            console.result("\(session.device)  \(session.state) in process \(session.processID)")
            if let error = session.lastError { console.result("    last error: \(error)") }
        }
    }

    private static func row(_ device: USBAttachedDevice, _ profiles: [DeviceProfile]) -> Row {
        var row = Row(
            label: device.label, bus: Int(device.bus), address: Int(device.address),
            serialNumber: device.serialNumber.text, profileID: nil, state: "no-profile", lastError: nil,
            differences: [:])
        for profile in profiles {
            let ids = [(profile.match.vendorID, device.vendorID), (profile.match.productID, device.productID)]
            let hasIDs = profile.match.vendorID != nil && ids.allSatisfy { $0 == nil || $0 == $1 }
            guard hasIDs || profiles.count == 1 else { continue }
            let connection = device.connection(for: profile.match)
            if connection.state == .attached {
                row.profileID = row.profileID ?? profile.id
            } else if case .mismatched(let differences) = connection.state {
                row.differences[profile.id] = differences
            }
            if row.profileID == nil || connection.state == .attached {
                row.state = connection.state.word
                row.lastError = connection.lastError?.description
            }
        }
        return row
    }
}
