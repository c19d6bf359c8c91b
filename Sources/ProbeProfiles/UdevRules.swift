internal import ProbeLink

/// The rules that let the person at the machine use the probes of profiles, for udev.
///
/// They ask for what a profile asks for as far as udev can see it: ids, release, strings and the class of the device.
/// Permission is given to whoever sits at the machine (`uaccess`), and to a group where one is named.
public struct UdevRules: Sendable, Hashable {
    /// Where the rules are installed.
    ///
    /// The number must be below 73, where systemd's rules act on `uaccess` (73-seat-late.rules).
    public static let path = "/etc/udev/rules.d/70-dopplerbridge.rules"

    /// Applies installed rules to what is plugged in.
    public static let reloadCommand = "sudo udevadm control --reload && sudo udevadm trigger"

    /// What an ordinary user with `sudo` types to install the rules.
    ///
    /// - Parameter arguments: what else to give to `profiles udev`, such as `--group plugdev`.
    public static func installCommand(arguments: [String] = []) -> String {
        let command = (["dopplerbridge", "profiles", "udev"] + arguments).joined(separator: " ")
        return "\(command) | sudo tee \(path) && \(reloadCommand)"
    }

    /// The rules that one profile needs.
    private struct Entry: Hashable {
        var id: String
        var rules: [String]
        var comment: String
    }

    private let entries: [Entry]
    private let arguments: [String]

    /// Rules for profiles.
    ///
    /// - Parameters:
    ///   - profiles: the profiles, in the order of the file.
    ///   - group: a group that may use the probes too, for machines where nobody sits: over ssh, in a service;
    ///     `nil` = none. Small letters, digits, `-` and `_`; anything else is left out.
    public init(_ profiles: [DeviceProfile], group: String? = nil) {
        let allowed = group.flatMap { Self.isGroup($0) ? $0 : nil }
        arguments = allowed.map { ["--group", $0] } ?? []
        entries = profiles.map { Self.entry($0, group: allowed) }
    }

    /// Whether a text is a group's name as udev takes it: small letters, digits, `-` and `_`, at most 32.
    public static func isGroup(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 32 else { return false }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let others = Array("0123456789-_".utf8)
        return letters.contains(first) && text.utf8.allSatisfy { letters.contains($0) || others.contains($0) }
    }

    /// The file, ending in a line feed.
    public var text: String {
        let head = """
            # Lets the person at this machine use Doppler probes without being root.
            # Made by `dopplerbridge profiles udev` from the device profiles; make it anew when they change.
            #
            # Install it:
            #   \(Self.installCommand(arguments: arguments))
            # Remove it:
            #   sudo rm \(Self.path) && \(Self.reloadCommand)
            """
        return ([head] + entries.map { ($0.comment.isEmpty ? [] : [$0.comment]) + $0.rules }.map(joined))
            .joined(separator: "\n\n") + "\n"
    }

    /// The ids of the profiles whose rules an installed file lacks, in their order; empty when it is up to date.
    ///
    /// Comments, rules of its own and a group that the file names do not make it out of date.
    public func idsMissing(in installed: String) -> [String] {
        let lines = Set(installed.split(separator: "\n").map { Self.withoutGroup(String($0)) })
        return entries.filter { !$0.rules.allSatisfy { lines.contains(Self.withoutGroup($0)) } }.map(\.id)
    }

    private static func withoutGroup(_ rule: String) -> String {
        rule.split(separator: ", ").filter { !$0.hasPrefix("GROUP=") }.joined(separator: ", ")
    }

    private func joined(_ lines: [String]) -> String { lines.joined(separator: "\n") }
}

extension UdevRules {
    private static func entry(_ profile: DeviceProfile, group: String?) -> Entry {
        let name = plainComment("\(profile.id): \(profile.name)")
        guard let vendorID = profile.match.vendorID else {
            return Entry(
                id: profile.id, rules: [],
                comment: "# \(name)\n# No rule: it names no ids. The system lets the person at the machine use sound "
                    + "interfaces by ALSA;\n# for direct use copy the profile and name the ids of yours.")
        }
        var rules = [rule(conditions(profile.match, vendorID: vendorID), group: group)]
        var comment = "# \(name)"
        if let cold = profile.cold {
            var conditions = ids(cold.vendorID, cold.productID)
            if let release = cold.bcdDevice { conditions.append(("ATTR{bcdDevice}", digits(release))) }
            rules.append(rule(conditions, group: group))
            comment += "\n# The second line is the board before its firmware is loaded: any board with this chip."
        }
        return Entry(id: profile.id, rules: rules, comment: comment)
    }

    private static func conditions(_ match: USBMatchRule, vendorID: UInt16) -> [(String, String)] {
        var conditions = ids(vendorID, match.productID)
        if let major = match.bcdDeviceMajor {
            conditions.append(("ATTR{bcdDevice}", digits(UInt16(major)).suffix(2) + "??"))
        }
        let classNames = ["bDeviceClass", "bDeviceSubClass", "bDeviceProtocol"]
        for (name, value) in zip(classNames, match.deviceClass ?? []) {
            conditions.append(("ATTR{\(name)}", String(digits(UInt16(value)).suffix(2))))
        }
        if let manufacturer = match.manufacturer { conditions.append(("ATTR{manufacturer}", pattern(manufacturer))) }
        if let product = match.product {
            conditions.append(("ATTR{product}", pattern(product)))
        } else if let prefix = match.productPrefix {
            conditions.append(("ATTR{product}", pattern(prefix) + "*"))
        }
        return conditions
    }

    private static func ids(_ vendorID: UInt16, _ productID: UInt16?) -> [(String, String)] {
        [("ATTR{idVendor}", digits(vendorID))] + (productID.map { [("ATTR{idProduct}", digits($0))] } ?? [])
    }

    private static func rule(_ conditions: [(String, String)], group: String?) -> String {
        let whole = [("SUBSYSTEM", "usb"), ("ENV{DEVTYPE}", "usb_device")] + conditions
        let permissions = ["MODE=\"0660\""] + (group.map { ["GROUP=\"\($0)\""] } ?? []) + ["TAG+=\"uaccess\""]
        return (whole.map { "\($0)==\"\($1)\"" } + permissions).joined(separator: ", ")
    }

    /// Four hexadecimal digits, as the files of sysfs have them.
    private static func digits(_ value: UInt16) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// A string as a pattern of udev: what could mean something to udev stands for any one character, what is not
    /// ASCII for any number.
    private static func pattern(_ text: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;_-+/()#=@!&<>~'")
        return String(text.map { plain.contains($0) ? $0 : $0.isASCII ? "?" : "*" })
    }

    /// A text that stays within one comment.
    private static func plainComment(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
