public import ProbeLink

/// Where in a device the endpoints of a matching interface are.
public struct USBMatch: Sendable, Hashable {
    /// The alternate setting of the interface that has everything that was asked for.
    public let setting: USBInterfaceSetting
    /// The interfaces to claim, in this order: that of `setting` is the last.
    ///
    /// A stream of USB audio has a control interface beside it: as long as the system's sound driver holds that one,
    /// it may change the alternate setting under running transfers.
    public let interfaceNumbers: [UInt8]
}

/// Whether a device is the one that a rule describes.
public enum USBMatchVerdict: Sendable, Hashable {
    /// Everything that the rule states holds.
    case match(USBMatch)
    /// What differs, in words; nothing may be sent to the device.
    case differences([String])
}

extension USBAttachedDevice {
    /// Whether everything that `rule` states holds for this device.
    public func matches(_ rule: USBMatchRule) -> USBMatchVerdict {
        var differences = identityDifferences(from: rule)
        differences += stringDifferences(from: rule)
        guard let setting = interfaces.first(where: { $0.differences(from: rule).isEmpty }) else {
            return .differences(differences + interfaceDifferences(from: rule))
        }
        guard differences.isEmpty else { return .differences(differences) }
        return .match(USBMatch(setting: setting, interfaceNumbers: controlInterfaces(of: setting) + [setting.number]))
    }

    /// The AudioControl interface that stands nearest before a setting of USB audio.
    private func controlInterfaces(of setting: USBInterfaceSetting) -> [UInt8] {
        guard setting.interfaceClass.first == AudioClass.audio else { return [] }
        let controls = interfaces.filter { other in
            other.interfaceClass.prefix(2) == [AudioClass.audio, AudioClass.control] && other.number < setting.number
        }
        return controls.map(\.number).max().map { [$0] } ?? []
    }

    /// Whether the ids alone are those of `rule`.
    func hasIDs(of rule: USBMatchRule) -> Bool {
        vendorID == rule.vendorID ?? vendorID && productID == rule.productID ?? productID
    }

    private func identityDifferences(from rule: USBMatchRule) -> [String] {
        var differences: [String] = []
        if !hasIDs(of: rule) {
            differences.append("ids \(hexadecimal(vendorID)):\(hexadecimal(productID)) instead of \(rule.idWords)")
        }
        if let major = rule.bcdDeviceMajor, UInt8(bcdDevice >> 8) != major {
            let found = String(bcdDevice >> 8, radix: 16)
            differences.append("device release \(found) instead of \(String(major, radix: 16))")
        }
        if let wanted = rule.deviceClass, deviceClass != wanted {
            differences.append("device class \(words(deviceClass)) instead of \(words(wanted))")
        }
        return differences
    }

    private func stringDifferences(from rule: USBMatchRule) -> [String] {
        var differences: [String] = []
        if let wanted = rule.manufacturer {
            differences += difference("manufacturer", manufacturer, "\"\(wanted)\"") { $0 == wanted }
        }
        if let wanted = rule.product {
            differences += difference("product", product, "\"\(wanted)\"") { $0 == wanted }
        }
        if let wanted = rule.productPrefix {
            differences += difference("product", product, "\"\(wanted)...\"") { $0.hasPrefix(wanted) }
        }
        return differences
    }

    private func difference(
        _ name: String, _ string: USBDeviceString, _ wanted: String, accepts: (String) -> Bool
    ) -> [String] {
        switch string {
        case .read(let text): accepts(text) ? [] : ["\(name) \"\(text)\" instead of \(wanted)"]
        case .absent: ["no \(name) string instead of \(wanted)"]
        case .unreadable(let reason): ["\(name) string could not be read (\(reason))"]
        }
    }

    /// The differences of the interface that comes nearest.
    private func interfaceDifferences(from rule: USBMatchRule) -> [String] {
        let all = interfaces.map { $0.differences(from: rule) }
        return all.min { $0.count < $1.count } ?? ["no active configuration with an interface"]
    }
}

extension USBInterfaceSetting {
    /// What this setting lacks, in words.
    func differences(from rule: USBMatchRule) -> [String] {
        var differences: [String] = []
        if let wanted = rule.interfaceClass, interfaceClass != wanted {
            differences.append(
                "interface \(number) has class \(words(interfaceClass)) instead of \(words(wanted))")
        }
        for need in rule.endpoints where usableEndpoints(need.kind).count < need.atLeast {
            let found = usableEndpoints(need.kind).count
            differences.append("interface \(number) has \(found) \(need.kind.rawValue) instead of \(need.atLeast)")
        }
        if let wanted = rule.audio { differences += audioDifferences(from: wanted) }
        return differences
    }

    private func audioDifferences(from need: USBAudioNeed) -> [String] {
        let name = "interface \(number), setting \(alternate),"
        guard interfaceClass == AudioClass.streaming else {
            return [
                "\(name) has class \(words(interfaceClass)) instead of \(words(AudioClass.streaming)) (USB Audio 1.0)"
            ]
        }
        guard let format = AudioStreamingFormat(classDescriptors: classDescriptors) else {
            return ["\(name) states no format of plain samples"]
        }
        guard format.satisfies(need) else {
            return [
                "\(name) has \(format.words) instead of \(need.channels) channels of \(need.sampleBits) bits at "
                    + "\(need.sampleRateHz) Hz"
            ]
        }
        return usableEndpoints(.isochronousIn).isEmpty ? ["\(name) does not record"] : []
    }
}

/// Classes of USB Audio 1.0, tables.
private enum AudioClass {
    static let audio: UInt8 = 1
    static let control: UInt8 = 1
    static let streaming: [UInt8] = [1, 2, 0]
}

/// A class triple as it is usually written: `ff/44/01`.
private func words(_ triple: [UInt8]) -> String {
    triple.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: "/")
}
