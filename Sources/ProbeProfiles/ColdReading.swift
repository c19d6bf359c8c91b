internal import ProbeLink
internal import StrictYAML

/// Reads what a board shows before its firmware is loaded.
enum ColdReading {
    /// The hexadecimal digits of a SHA-256.
    private static let digestDigits = 64
    /// The longest name of a firmware file (project choice: far beyond any).
    private static let longestFileName = 255

    static func identity(_ opened: ProfileSection<ProfileKey.Cold>, _ log: YAMLLog) -> ColdIdentity? {
        var section = opened
        let ids = 0...Int(UInt16.max)
        let vendor = section.int(.vendorID, in: ids)
        let product = section.int(.productID, in: ids)
        let release = section.take(.bcdDevice).flatMap { $0.int(ProfileKey.Cold.bcdDevice.rawValue, in: ids, log) }
        let file = section.require(.firmwareFile).flatMap { fileName($0, log) }
        let digest = section.require(.firmwareSHA256).flatMap { fingerprint($0, log) }
        section.finish()
        guard let vendor, let product, let file, let digest else { return nil }
        return ColdIdentity(
            vendorID: UInt16(clamping: vendor), productID: UInt16(clamping: product),
            bcdDevice: release.map { UInt16(clamping: $0) }, firmwareFile: file, firmwareSHA256: digest)
    }

    /// Notes a rule that does not tell the board with its firmware from the board without.
    static func check(_ cold: Placed<ColdIdentity>?, against match: USBMatchRule?, _ log: YAMLLog) {
        guard let cold, let match else { return }
        guard let vendorID = match.vendorID, let productID = match.productID else {
            log.note(
                "with `cold`, `match` must name vendorID and productID: the board must be known again", at: cold.place)
            return
        }
        let hasStrings = match.manufacturer != nil || match.product != nil || match.productPrefix != nil
        guard !hasStrings, vendorID == cold.value.vendorID, productID == cold.value.productID else { return }
        if let major = match.bcdDeviceMajor, let release = cold.value.bcdDevice, UInt8(release >> 8) != major { return }
        log.note(
            "the board fits `match` before its firmware is loaded, too: name a string or an id that only the firmware "
                + "shows", at: cold.place)
    }

    /// A path that stays within the profile's folder.
    private static func fileName(_ place: YAMLValue, _ log: YAMLLog) -> String? {
        guard let text = place.string(ProfileKey.Cold.firmwareFile.rawValue, log) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        guard isPlain, text.utf8.count <= longestFileName, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") })
        else {
            log.note(
                "`firmwareFile` must be a path within the profile's folder, in letters, digits, dots, hyphens and "
                    + "underscores, found \(text)", at: place)
            return nil
        }
        return text
    }

    private static func fingerprint(_ place: YAMLValue, _ log: YAMLLog) -> String? {
        guard let text = place.string(ProfileKey.Cold.firmwareSHA256.rawValue, log) else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        guard text.utf8.count == digestDigits, text.utf8.allSatisfy({ digits.contains($0) }) else {
            log.note(
                "`firmwareSHA256` must be the \(digestDigits) small hexadecimal digits that `sha256sum` prints, found "
                    + text, at: place)
            return nil
        }
        return text
    }
}
