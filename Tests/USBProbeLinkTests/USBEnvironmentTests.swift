import Foundation
import Testing

@testable import USBProbeLink

@Suite("USB environment")
struct USBEnvironmentTests {
    /// A file system with these files in a folder of its own, removed afterwards.
    static func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "usb-environment-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(root.path)
    }

    @Test("a system with USB shows its folder, udev and memory limit")
    func readsFacts() throws {
        try Self.withFiles([
            "dev/bus/usb/001/001": "", "run/udev/control": "",
            "sys/module/usbcore/parameters/usbfs_memory_mb": "16\n",
        ]) { root in
            let facts = USBEnvironment.read(root: root)
            #expect(facts.deviceFolder == .readable)
            #expect(facts.hasUdev)
            #expect(facts.memoryLimitMegabytes == 16)
            #expect(facts.libraryVersion.hasPrefix("1.0."))
        }
    }

    @Test("a system without USB shows that nothing is there")
    func readsAbsence() throws {
        try Self.withFiles([:]) { root in
            let facts = USBEnvironment.read(root: root)
            #expect(facts.deviceFolder == .missing)
            #expect(!facts.hasUdev)
            #expect(facts.memoryLimitMegabytes == nil)
        }
    }

    @Test("a limit of 0 is unlimited and not the same as no limit file")
    func readsUnlimited() throws {
        try Self.withFiles(["sys/module/usbcore/parameters/usbfs_memory_mb": "0\n"]) { root in
            #expect(USBEnvironment.read(root: root).memoryLimitMegabytes == 0)
        }
    }
}
