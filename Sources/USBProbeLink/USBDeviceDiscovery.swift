internal import CLibUSB
public import ProbeLink

/// Finds attached devices without sending any vendor request.
///
/// Devices are opened only to read their strings. Every call looks afresh and leaves nothing open.
public struct USBDeviceDiscovery: Sendable {
    /// A discovery.
    public init() {}

    /// Every attached device.
    ///
    /// - Throws: when the USB library cannot be started or the list cannot be read.
    public func attached() throws(TransportError) -> [USBAttachedDevice] {
        try devices { _ in true }
    }

    /// The one attached device that is all that `rule` describes.
    ///
    /// - Parameter serialNumber: which one, where several are attached; `nil` = there must be just one.
    /// - Throws: `notFound`, `mismatch` when ids agree but not the rest, `accessDenied`, or what `attached` throws.
    public func find(
        _ rule: USBMatchRule, serialNumber: String? = nil
    ) throws(TransportError) -> USBAttachedDevice {
        let candidates = try devices { $0.hasIDs(of: rule) }
        let matching = candidates.filter { device in
            guard case .match = device.matches(rule) else { return false }
            return serialNumber == nil || device.serialNumber.text == serialNumber
        }
        if matching.count == 1, let device = matching.first { return device }
        throw Self.problem(rule, serialNumber, candidates: candidates, matching: matching)
    }

    func devices(where isWanted: (DescriptorReader) -> Bool) throws(TransportError) -> [USBAttachedDevice] {
        let context = try USBContext()
        var found: [USBAttachedDevice] = []
        _ = try context.firstDevice { (device) throws(TransportError) -> Never? in
            let reader = try DescriptorReader(device)
            if isWanted(reader) { found.append(reader.factsByOpening()) }
            return nil
        }
        return found
    }

    private static func problem(
        _ rule: USBMatchRule, _ serialNumber: String?, candidates: [USBAttachedDevice], matching: [USBAttachedDevice]
    ) -> TransportError {
        let wanted = "usb " + rule.idWords
        if matching.count > 1 {
            let serials = matching.map { $0.serialNumber.text ?? "without a serial number" }
            return .notFound(
                wanted: "\(wanted) without saying which of \(matching.count) (name one of the serial numbers "
                    + "\(serials.joined(separator: ", ")), or unplug the others)")
        }
        for device in candidates {
            guard case .differences(let differences) = device.matches(rule) else { continue }
            if case .unreadable = device.product { return .accessDenied(device: device.label) }
            return .mismatch(device: device.label, differences: differences)
        }
        return .notFound(wanted: serialNumber.map { "\(wanted) with serial number \($0)" } ?? wanted)
    }
}
