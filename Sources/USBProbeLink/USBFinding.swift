internal import ProbeLink
public import ProbeProfiles

/// One thing that was looked at before a probe is used, and what to do about it.
public struct USBFinding: Sendable, Hashable, Codable {
    /// What was looked at.
    public enum Topic: String, Sendable, Hashable, Codable {
        /// The folder of the device nodes.
        case usbAccess
        /// The installed udev rules.
        case udevRules
        /// Whether a plugged-in probe may be opened.
        case probeAccess
        /// A kernel driver that holds a sound interface.
        case soundDriver
        /// Whether udev runs.
        case udevd
        /// The memory for transfers.
        case usbMemory
    }

    /// What was looked at.
    public var topic: Topic
    /// Whether nothing needs to be done.
    public var isGood: Bool
    /// What was found.
    public var what: String
    /// What to do, or what to know; `nil` = nothing.
    public var remedy: String?
}

extension USBEnvironment {
    /// The name of the file of this program's rules, in whatever folder of udev's it lies.
    static let rulesName = String(UdevRules.path.split(separator: "/").last ?? "")
    /// The least memory that a probe's transfers need, MiB (`TransferPlan.mostBytes`).
    static let leastMemoryMegabytes = 4
    /// The memory that is advised, MiB: the kernel's own default.
    private static let advisedMemoryMegabytes = 16
    /// The kernel's driver for USB sound interfaces.
    private static let soundDriver = "snd-usb-audio"

    /// What an ordinary user has to know and do before a probe can be used.
    ///
    /// - Parameter profiles: the profiles in force; the rules are compared with theirs.
    public func findings(_ profiles: [DeviceProfile]) -> [USBFinding] {
        let rules = UdevRules(profiles)
        let missing = installedRules.map { rules.idsMissing(in: $0) }
        let probes = devices.compactMap { device in
            profiles.first { device.couldBe($0) }.map { access(to: device, as: $0, missing: missing) }
        }
        return [folder(), self.rules(missing: missing)] + probes + sound(profiles) + [udev(), memory()]
    }

    private func folder() -> USBFinding {
        switch deviceFolder {
        case .readable:
            USBFinding(topic: .usbAccess, isGood: true, what: "USB devices can be listed in /dev/bus/usb", remedy: nil)
        case .unreadable:
            USBFinding(
                topic: .usbAccess, isGood: false, what: "this user may not read /dev/bus/usb",
                remedy: "as root: chmod 755 /dev/bus/usb /dev/bus/usb/*")
        case .missing:
            USBFinding(
                topic: .usbAccess, isGood: false, what: "there is no /dev/bus/usb: this system offers no USB",
                remedy: "in a container pass the devices through; until then use --probe sim:healthy")
        }
    }

    private func rules(missing: [String]?) -> USBFinding {
        guard let missing else {
            return USBFinding(
                topic: .udevRules, isGood: isRoot,
                what: isRoot
                    ? "the udev rules are not installed; root needs none, every other user does"
                    : "the udev rules are not installed: this user may not open a probe",
                remedy: UdevRules.installCommand())
        }
        return missing.isEmpty
            ? USBFinding(
                topic: .udevRules, isGood: true, what: "the udev rules are installed and up to date", remedy: nil)
            : USBFinding(
                topic: .udevRules, isGood: false,
                what: "the installed udev rules are out of date: they lack \(missing.joined(separator: ", "))",
                remedy: UdevRules.installCommand())
    }

    private func access(to device: SystemDevice, as profile: DeviceProfile, missing: [String]?) -> USBFinding {
        let probe = "\(device.label) (\(profile.id)) at \(device.node)"
        switch device.access {
        case .allowed:
            return USBFinding(topic: .probeAccess, isGood: true, what: "\(probe) may be opened", remedy: nil)
        case .missing:
            return USBFinding(
                topic: .probeAccess, isGood: false, what: "\(probe): the node is missing",
                remedy: "in a container pass /dev/bus/usb through; elsewhere unplug the probe and plug it in again")
        case .denied(let mode, let group):
            return USBFinding(
                topic: .probeAccess, isGood: false,
                what: "\(probe): this user may not open it (group \(group), mode \(mode))",
                remedy: remedy(group: group, areRulesThere: missing.map { !$0.contains(profile.id) } ?? false))
        }
    }

    /// What to do for a node that may not be opened.
    private func remedy(group: String, areRulesThere: Bool) -> String {
        guard hasUdev else {
            return "udevd does not run, so rules have no effect: have root give you the node, or start udevd"
        }
        guard areRulesThere else {
            return "\(UdevRules.installCommand()), then unplug the probe and plug it in again"
        }
        if group != "root", group != "unknown" {
            return "sudo usermod -aG \(group) $USER, then log in again"
        }
        return "unplug the probe and plug it in again; the rules serve whoever is logged in at the machine's own "
            + "screen: over ssh and for services use a group instead: sudo usermod -aG plugdev $USER && "
            + UdevRules.installCommand(arguments: ["--group", "plugdev"]) + ", then log in again"
    }

    private func sound(_ profiles: [DeviceProfile]) -> [USBFinding] {
        let users = profiles.filter { $0.match.endpoints.contains { $0.kind == .isochronousIn } }.map(\.id)
        guard !users.isEmpty else { return [] }
        return devices.filter { $0.drivers.contains(Self.soundDriver) }.map { device in
            USBFinding(
                topic: .soundDriver, isGood: true, what: "\(device.label) is held by \(Self.soundDriver)",
                remedy:
                    "with \(users.joined(separator: " or ")) it is taken from that driver while the probe runs, and "
                    + "given back; other programs cannot use its sound meanwhile")
        }
    }

    private func udev() -> USBFinding {
        hasUdev
            ? USBFinding(topic: .udevd, isGood: true, what: "udevd runs", remedy: nil)
            : USBFinding(
                topic: .udevd, isGood: true, what: "udevd does not run: probes plugged in later are found by polling",
                remedy: "udev rules have no effect either: whoever makes the nodes decides who may open them")
    }

    private func memory() -> USBFinding {
        guard let limit = memoryLimitMegabytes else {
            return USBFinding(
                topic: .usbMemory, isGood: true, what: "usbfs_memory_mb cannot be read here; it is checked at use",
                remedy: nil)
        }
        let enough = limit == 0 || limit >= Self.leastMemoryMegabytes
        return USBFinding(
            topic: .usbMemory, isGood: enough,
            what: "usbfs_memory_mb is \(limit) (\(limit == 0 ? "unlimited" : "for all USB programs together"))",
            remedy: enough
                ? nil
                : "echo \(Self.advisedMemoryMegabytes) | sudo tee /sys/module/usbcore/parameters/usbfs_memory_mb")
    }
}
