import ArgumentParser
import DopplerDSP
import Foundation
import ProbeProfiles
import USBProbeLink

/// Says what is installed and what USB probes need.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check what is installed, USB access, udev rules and limits, and say what to do.")

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let findings = try Self.findings()
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

    /// Everything that is looked at.
    static func findings() throws -> [Finding] {
        let usb = USBEnvironment.read()
        let profiles = try USBComposition(profile: nil).library.profiles
        let ofUSB = usb.findings(profiles).map {
            Finding(topic: $0.topic.rawValue, isGood: $0.isGood, what: $0.what, remedy: $0.remedy)
        }
        return [
            Finding(topic: "program", isGood: true, what: DopplerBridge.software, remedy: nil),
            Finding(topic: "libusb", isGood: true, what: "libusb \(usb.libraryVersion)", remedy: nil),
        ] + ofUSB + [vectors(), font()]
    }

    private static func vectors() -> Finding {
        let asked = ProcessInfo.processInfo.environment["DOPPLERBRIDGE_SIMD"]
        let isHeard = asked.map { $0 == SIMDLevel.inUse.rawValue } ?? true
        let all = SIMDLevel.allCases.map(\.rawValue).joined(separator: ", ")
        return Finding(
            topic: "vectors", isGood: isHeard, what: "vector instructions: \(SIMDLevel.inUse.rawValue)",
            remedy: isHeard
                ? nil
                : "DOPPLERBRIDGE_SIMD asks for \(asked ?? ""): this processor's widest of \(all) is "
                    + "\(SIMDLevel.widest.rawValue)")
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
