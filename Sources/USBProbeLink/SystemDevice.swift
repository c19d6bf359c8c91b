internal import Foundation
internal import ProbeLink
public import ProbeProfiles

/// What the system tells of one plugged-in USB device in its files, without opening it.
public struct SystemDevice: Sendable, Hashable {
    /// Whether this user may open the device's node.
    public enum Access: Sendable, Hashable {
        /// It may be read and written, as every use needs.
        case allowed
        /// It may not.
        case denied(mode: String, group: String)
        /// There is no node: a container to which the device was not passed.
        case missing
    }

    /// `idVendor`.
    public var vendorID: UInt16
    /// `idProduct`.
    public var productID: UInt16
    /// `bcdDevice`, binary coded decimal as on the wire.
    public var bcdDevice: UInt16
    /// Manufacturer string; `nil` = the device has none.
    public var manufacturer: String?
    /// Product string; `nil` = the device has none.
    public var product: String?
    /// The device's node, `/dev/bus/usb/001/004`.
    public var node: String
    /// Whether this user may open it.
    public var access: Access
    /// The kernel drivers that hold its interfaces, each once, in the order of the alphabet.
    public var drivers: [String]

    /// A device from its fields.
    public init(
        vendorID: UInt16, productID: UInt16, bcdDevice: UInt16, manufacturer: String? = nil, product: String? = nil,
        node: String, access: Access, drivers: [String] = []
    ) {
        self.vendorID = vendorID
        self.productID = productID
        self.bcdDevice = bcdDevice
        self.manufacturer = manufacturer
        self.product = product
        self.node = node
        self.access = access
        self.drivers = drivers
    }

    /// The device in words: `1209:0001 ODP Reference`.
    public var label: String {
        hexadecimal(vendorID) + ":" + hexadecimal(productID) + (product.map { " " + $0 } ?? "")
    }

    /// Whether the device could be a profile's, as far as ids, release and strings tell; warm or cold.
    ///
    /// Profiles that are used only when they are named are left out.
    public func couldBe(_ profile: DeviceProfile) -> Bool {
        let hasStrings = manufacturer != nil || product != nil
        if let cold = profile.cold,
            cold.isShown(vendorID: vendorID, productID: productID, bcdDevice: bcdDevice, hasStrings: hasStrings)
        {
            return true
        }
        let rule = profile.match
        return !profile.needsNaming && vendorID == rule.vendorID && productID == rule.productID ?? productID
            && bcdDevice >> 8 == rule.bcdDeviceMajor.map(UInt16.init) ?? bcdDevice >> 8
            && manufacturer == rule.manufacturer ?? manufacturer && product == rule.product ?? product
            && (product ?? "").hasPrefix(rule.productPrefix ?? "")
    }
}

extension SystemDevice {
    /// The most devices that are looked at (USB 2.0 has 127 addresses a bus; project choice: eight full buses).
    private static let most = 1024
    /// The longest file of sysfs that is read, bytes (a page, the most that such a file has).
    private static let longestFileBytes = 4096

    /// The plugged-in devices, in the order of their names; root hubs are left out.
    ///
    /// - Parameter root: where the file system begins; another folder in tests.
    static func all(root: String) -> [SystemDevice] {
        let folder = root + "/sys/bus/usb/devices"
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            // No sysfs, or a kernel without USB: nothing is plugged in.
            return []
        }
        let interfaces = names.filter { $0.contains(":") }
        return names.filter { !$0.contains(":") && !$0.hasPrefix("usb") }.prefix(most).compactMap { name in
            let drivers = interfaces.filter { $0.hasPrefix(name + ":") }.compactMap { driver(folder + "/" + $0) }
            return device(folder + "/" + name, drivers: Set(drivers).sorted(), root: root)
        }
    }

    private static func device(_ folder: String, drivers: [String], root: String) -> SystemDevice? {
        func number(_ file: String, radix: Int) -> UInt16? {
            text(folder + "/" + file).flatMap { UInt16($0, radix: radix) }
        }
        guard let vendorID = number("idVendor", radix: 16), let productID = number("idProduct", radix: 16),
            let bus = number("busnum", radix: 10), let address = number("devnum", radix: 10)
        else { return nil }
        let node = "/dev/bus/usb/" + threeDigits(bus) + "/" + threeDigits(address)
        return SystemDevice(
            vendorID: vendorID, productID: productID, bcdDevice: number("bcdDevice", radix: 16) ?? 0,
            manufacturer: text(folder + "/manufacturer"), product: text(folder + "/product"), node: node,
            access: access(root + node), drivers: drivers)
    }

    private static func access(_ path: String) -> Access {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { return .missing }
        if files.isReadableFile(atPath: path), files.isWritableFile(atPath: path) { return .allowed }
        do {
            let facts = try files.attributesOfItem(atPath: path)
            let mode = (facts[.posixPermissions] as? NSNumber).map { String($0.intValue, radix: 8) }
            return .denied(mode: mode ?? "unknown", group: facts[.groupOwnerAccountName] as? String ?? "unknown")
        } catch {
            return .denied(mode: "unknown", group: "unknown")
        }
    }

    private static func driver(_ folder: String) -> String? {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/driver")
                .split(separator: "/").last.map(String.init)
        } catch {
            // No link: no driver holds the interface.
            return nil
        }
    }

    /// A file of one line, as it is; `nil` when it is absent or cannot be read.
    private static func text(_ path: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= longestFileBytes else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private static func threeDigits(_ value: UInt16) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(3 - digits.count, 0)) + digits
    }
}
