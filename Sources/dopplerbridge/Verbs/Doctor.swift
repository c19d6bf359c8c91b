import ArgumentParser
import Foundation
import USBProbeLink

/// Says what is installed and what USB probes need.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check what is installed, USB access, udevd and limits, and say what to do.")

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let findings = Self.findings()
        let console = Console()
        if json {
            try console.json(findings)
        } else {
            for finding in findings {
                console.result("\(finding.isGood ? "ok      " : "CHECK   ")\(finding.what)")
                if let remedy = finding.remedy { console.result("        \(remedy)") }
            }
        }
        if findings.contains(where: { !$0.isGood }) {
            throw Failure(.incomplete, "")
        }
    }

    /// One thing that was looked at.
    struct Finding: Encodable {
        var topic: String
        var isGood: Bool
        var what: String
        var remedy: String?
    }

    private static func findings() -> [Finding] {
        let usb = USBEnvironment.read()
        return [
            Finding(topic: "program", isGood: true, what: DopplerBridge.software, remedy: nil),
            Finding(topic: "libusb", isGood: true, what: "libusb \(usb.libraryVersion)", remedy: nil),
            deviceFolder(usb), udev(usb), memory(usb), font(),
        ]
    }

    private static func deviceFolder(_ usb: USBEnvironment) -> Finding {
        switch usb.deviceFolder {
        case .readable:
            Finding(topic: "usbAccess", isGood: true, what: "USB devices can be listed in /dev/bus/usb", remedy: nil)
        case .unreadable:
            Finding(
                topic: "usbAccess", isGood: false, what: "this user may not read /dev/bus/usb",
                remedy: "ask the administrator for a udev rule with TAG+=\"uaccess\" for the probe, or use its group")
        case .missing:
            Finding(
                topic: "usbAccess", isGood: false, what: "there is no /dev/bus/usb: this system offers no USB",
                remedy: "in a container pass the devices through; until then use --probe sim:healthy")
        }
    }

    private static func udev(_ usb: USBEnvironment) -> Finding {
        usb.hasUdev
            ? Finding(topic: "udevd", isGood: true, what: "udevd runs", remedy: nil)
            : Finding(
                topic: "udevd", isGood: false, what: "udevd does not run: probes plugged in later are not announced",
                remedy: "plug the probe in before starting, or start udevd")
    }

    private static func memory(_ usb: USBEnvironment) -> Finding {
        guard let limit = usb.memoryLimitMegabytes else {
            return Finding(
                topic: "usbMemory", isGood: true, what: "usbfs_memory_mb cannot be read here; it is checked at use",
                remedy: nil)
        }
        let enough = limit == 0 || limit >= 4
        return Finding(
            topic: "usbMemory", isGood: enough,
            what: "usbfs_memory_mb is \(limit) (\(limit == 0 ? "unlimited" : "for all USB programs together"))",
            remedy: enough ? nil : "as root: echo 16 > /sys/module/usbcore/parameters/usbfs_memory_mb")
    }

    private static func font() -> Finding {
        let path = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
        let isThere = FileManager.default.fileExists(atPath: path)
        return Finding(
            topic: "font", isGood: isThere,
            what: isThere ? "the report's font, DejaVu Sans, is installed" : "DejaVu Sans is not where Debian puts it",
            remedy: isThere ? nil : "install fonts-dejavu-core")
    }
}
