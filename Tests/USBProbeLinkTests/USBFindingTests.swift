import Foundation
import ProbeProfiles
import Testing

@testable import USBProbeLink

@Suite("USB findings")
struct USBFindingTests {
    private static let install =
        "dopplerbridge profiles udev | sudo tee /etc/udev/rules.d/70-dopplerbridge.rules "
        + "&& sudo udevadm control --reload && sudo udevadm trigger"

    /// A probe that may not be opened.
    private static let probe = SystemDevice(
        vendorID: 0x1209, productID: 1, bcdDevice: 0x0100, manufacturer: "Maker", product: "ODP Reference",
        node: "/dev/bus/usb/001/004", access: .denied(mode: "664", group: "root"))

    private func profiles() throws -> [DeviceProfile] { try ProfileLibrary().profiles }

    /// An ordinary user's system after a change: nothing plugged in, no rules.
    private func system(_ change: (inout USBEnvironment) -> Void) -> USBEnvironment {
        var system = USBEnvironment(
            libraryVersion: "1.0.26", deviceFolder: .readable, hasUdev: true, memoryLimitMegabytes: 16,
            installedRules: nil, isRoot: false, devices: [])
        change(&system)
        return system
    }

    private func finding(_ topic: USBFinding.Topic, _ change: (inout USBEnvironment) -> Void) throws -> USBFinding? {
        try system(change).findings(profiles()).first { $0.topic == topic }
    }

    @Test("an ordinary user without rules is told the exact command")
    func noRules() throws {
        let found = try finding(.udevRules) { _ in }
        #expect(found?.isGood == false)
        #expect(found?.what == "the udev rules are not installed: this user may not open a probe")
        #expect(found?.remedy == Self.install)
    }

    @Test("root needs no rules, and is told that others do")
    func root() throws {
        let found = try finding(.udevRules) { $0.isRoot = true }
        #expect(found?.isGood == true)
        #expect(found?.what.contains("every other user does") == true)
    }

    @Test("installed rules are compared with those of the profiles")
    func comparison() throws {
        let text = UdevRules(try profiles()).text
        let good = try finding(.udevRules) { $0.installedRules = text }
        #expect(good?.isGood == true)
        #expect(good?.what == "the udev rules are installed and up to date")
        let old = try finding(.udevRules) { $0.installedRules = text.replacing("\"1fc9\"", with: "\"1fca\"") }
        #expect(old?.isGood == false)
        #expect(old?.what == "the installed udev rules are out of date: they lack hs-ulm/usd3.0")
        #expect(old?.remedy == Self.install)
    }

    @Test("a probe that may not be opened is named with its node and what to do, step by step")
    func denied() throws {
        let text = UdevRules(try profiles()).text
        let first = try finding(.probeAccess) { $0.devices = [Self.probe] }
        #expect(
            first?.what
                == "1209:0001 ODP Reference (odp/reference) at /dev/bus/usb/001/004: this user may not open it "
                + "(group root, mode 664)")
        #expect(first?.remedy == Self.install + ", then unplug the probe and plug it in again")
        let second = try finding(.probeAccess) { ($0.devices, $0.installedRules) = ([Self.probe], text) }
        #expect(second?.remedy?.contains("logged in at the machine's own screen") == true)
        #expect(second?.remedy?.contains("profiles udev --group plugdev | sudo tee") == true)
        var grouped = Self.probe
        grouped.access = .denied(mode: "660", group: "plugdev")
        let third = try finding(.probeAccess) { ($0.devices, $0.installedRules) = ([grouped], text) }
        #expect(third?.remedy == "sudo usermod -aG plugdev $USER, then log in again")
        let fourth = try finding(.probeAccess) { ($0.devices, $0.hasUdev) = ([Self.probe], false) }
        #expect(fourth?.remedy?.hasPrefix("udevd does not run, so rules have no effect") == true)
    }

    @Test("a probe that may be opened is good, one without a node is not")
    func allowedAndMissing() throws {
        var allowed = Self.probe
        allowed.access = .allowed
        #expect(try finding(.probeAccess) { $0.devices = [allowed] }?.isGood == true)
        var missing = Self.probe
        missing.access = .missing
        let found = try finding(.probeAccess) { $0.devices = [missing] }
        #expect(found?.isGood == false)
        #expect(found?.what.hasSuffix("the node is missing") == true)
    }

    @Test("a device with a probe's ids and other strings, release or shape is no probe")
    func others() throws {
        func isProbe(_ change: (inout SystemDevice) -> Void) throws -> Bool {
            var device = Self.probe
            change(&device)
            return try finding(.probeAccess) { $0.devices = [device] } != nil
        }
        #expect(try isProbe { _ in })
        #expect(try !isProbe { $0.product = "Mouse" })
        #expect(try !isProbe { $0.product = nil })
        #expect(try !isProbe { $0.bcdDevice = 0x0200 })
        #expect(try !isProbe { $0.productID = 2 })
    }

    @Test("a board before its firmware is loaded is named, and not when it has strings")
    func cold() throws {
        var board = SystemDevice(
            vendorID: 0x04B4, productID: 0x8613, bcdDevice: 0xA001, node: "/dev/bus/usb/001/005",
            access: .denied(mode: "664", group: "root"))
        let found = try finding(.probeAccess) { $0.devices = [board] }
        #expect(found?.what.hasPrefix("04b4:8613 (template/cypress-fx2) at") == true)
        board.product = "Something else"
        #expect(try finding(.probeAccess) { $0.devices = [board] } == nil)
    }

    @Test("a sound interface that the kernel's driver holds is named, with who takes it")
    func sound() throws {
        let card = SystemDevice(
            vendorID: 0x08BB, productID: 0x2902, bcdDevice: 0x0100, product: "USB Audio CODEC",
            node: "/dev/bus/usb/001/006", access: .allowed, drivers: ["snd-usb-audio", "usbhid"])
        let found = try finding(.soundDriver) { $0.devices = [card, Self.probe] }
        #expect(found?.isGood == true)
        #expect(found?.what == "08bb:2902 USB Audio CODEC is held by snd-usb-audio")
        #expect(found?.remedy?.hasPrefix("with generic/usb-audio-stereo or hs-ulm/digidop it is taken") == true)
        #expect(try finding(.soundDriver) { $0.devices = [Self.probe] } == nil)
    }

    @Test("without udevd it says that polling is used and rules have no effect")
    func polling() throws {
        let found = try finding(.udevd) { $0.hasUdev = false }
        #expect(found?.isGood == true)
        #expect(found?.what.hasSuffix("found by polling") == true)
        #expect(found?.remedy?.contains("rules have no effect") == true)
    }

    @Test("memory for transfers is judged by what a probe needs; 0 is unlimited")
    func memory() throws {
        func isGood(_ limit: Int?) throws -> Bool? {
            try finding(.usbMemory) { $0.memoryLimitMegabytes = limit }?.isGood
        }
        #expect(try isGood(0) == true)
        #expect(try isGood(4) == true)
        #expect(try isGood(3) == false)
        #expect(try isGood(nil) == true)
        let found = try finding(.usbMemory) { $0.memoryLimitMegabytes = 1 }
        #expect(found?.remedy == "echo 16 | sudo tee /sys/module/usbcore/parameters/usbfs_memory_mb")
    }

    @Test("reads plugged-in devices, their strings, drivers and nodes from plain files")
    func readsDevices() throws {
        let device = "sys/bus/usb/devices/1-2/"
        try USBEnvironmentTests.withFiles([
            device + "idVendor": "1209\n", device + "idProduct": "0001\n", device + "bcdDevice": "0100\n",
            device + "busnum": "1\n", device + "devnum": "4\n", device + "product": "ODP Reference\n",
            "sys/bus/usb/devices/1-2:1.0/bInterfaceNumber": "00\n",
            "sys/bus/usb/devices/1-2:1.1/bInterfaceNumber": "01\n",
            "sys/bus/usb/devices/usb1/idVendor": "1d6b\n", "sys/bus/usb/devices/1-3/idVendor": "nonsense\n",
            "dev/bus/usb/001/004": "", "etc/udev/rules.d/70-dopplerbridge.rules": "# ours\n",
        ]) { root in
            for interface in ["1-2:1.0", "1-2:1.1"] {
                try FileManager.default.createSymbolicLink(
                    atPath: root + "/sys/bus/usb/devices/\(interface)/driver",
                    withDestinationPath: "../../../drivers/snd-usb-audio")
            }
            let facts = USBEnvironment.read(root: root)
            #expect(
                facts.devices == [
                    SystemDevice(
                        vendorID: 0x1209, productID: 1, bcdDevice: 0x0100, product: "ODP Reference",
                        node: "/dev/bus/usb/001/004", access: .allowed, drivers: ["snd-usb-audio"])
                ])
            #expect(facts.installedRules == "# ours\n")
            try FileManager.default.removeItem(atPath: root + "/dev/bus/usb/001/004")
            #expect(USBEnvironment.read(root: root).devices.first?.access == .missing)
        }
    }

    @Test("rules that a package installed count, and those of the administrator come first")
    func rulesFolders() throws {
        try USBEnvironmentTests.withFiles(["usr/lib/udev/rules.d/70-dopplerbridge.rules": "# package\n"]) { root in
            let packaged = USBEnvironment.read(root: root).installedRules
            #expect(packaged == "# package\n")
            try FileManager.default.createDirectory(
                atPath: root + "/etc/udev/rules.d", withIntermediateDirectories: true)
            try Data("# admin\n".utf8).write(to: URL(filePath: root + "/etc/udev/rules.d/70-dopplerbridge.rules"))
            #expect(USBEnvironment.read(root: root).installedRules == "# admin\n")
        }
    }
}
