import ArgumentParser
import ProbeLink
import ProbeProfiles
import USBProbeLink

/// Lists what is attached, and says which profile matches or what differs.
///
/// No vendor request is sent.
struct Devices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List attached USB devices, which profile matches each, and if not, what differs.")

    @Option(help: "A device profile (YAML) beside those that are built in.")
    var profile: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// One attached device.
    struct Row: Encodable {
        var label: String
        var bus: Int
        var address: Int
        var serialNumber: String?
        var profileID: String?
        /// For each profile with the same ids that does not match: what differs.
        var differences: [String: [String]]
    }

    func run() throws {
        let console = Console()
        let library = try USBComposition(profile: profile).library
        let rows: [Row]
        do throws(TransportError) {
            rows = try USBDeviceDiscovery().attached().map { Self.row($0, library.profiles) }
        } catch {
            throw Failure(.device, error.description)
        }
        if json { return try console.json(rows) }
        if rows.isEmpty { console.result("no USB device is attached (or this system offers no USB: see `doctor`)") }
        for row in rows {
            console.result("\(row.label)  \(row.profileID.map { "matches \($0)" } ?? "no profile")")
            for (id, differences) in row.differences.sorted(by: { $0.key < $1.key }) {
                console.result("    not \(id): \(differences.joined(separator: "; "))")
            }
        }
    }

    private static func row(_ device: USBAttachedDevice, _ profiles: [DeviceProfile]) -> Row {
        var row = Row(
            label: device.label, bus: Int(device.bus), address: Int(device.address),
            serialNumber: device.serialNumber.text, profileID: nil, differences: [:])
        for profile in profiles {
            switch device.matches(profile.match) {
            case .match: row.profileID = row.profileID ?? profile.id
            case .differences(let differences):
                let sameIDs = device.vendorID == profile.match.vendorID && device.productID == profile.match.productID
                if sameIDs { row.differences[profile.id] = differences }
            }
        }
        return row
    }
}
