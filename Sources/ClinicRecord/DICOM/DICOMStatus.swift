/// The status of a DICOM answer (PS3.7 annex C, PS3.4 table B.2-1).
public struct DICOMStatus: Sendable, Hashable {
    /// The number.
    public var code: UInt16

    /// A status from its number.
    public init(_ code: UInt16) { self.code = code }

    /// Duplicate SOP instance: it is there already.
    public static let duplicate: UInt16 = 0x0111
    private static let classMask: UInt16 = 0xF000
    private static let rangeMask: UInt16 = 0xFF00
    private static let warningClass: UInt16 = 0xB000
    private static let namedWarnings: Set<UInt16> = [0x0001, 0x0107, 0x0116]

    /// Success, or a warning with which it was taken.
    public var isTaken: Bool {
        code == 0 || code & Self.classMask == Self.warningClass || Self.namedWarnings.contains(code)
    }

    /// `0xA700 out of resources`.
    public var words: String {
        let digits = String(code, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits + " " + meaning
    }

    /// What the number means and what to do.
    private var meaning: String {
        if isTaken { return "taken" }
        switch code {
        case 0x0105, 0x0106, 0x0120, 0x0121:
            return "an attribute is missing or not as it must be: its log tells which"
        case 0x0110: return "processing failure there: its log tells why"
        case Self.duplicate: return "it has this already"
        case 0x0112: return "it does not know this instance"
        case 0x0118, 0x0119, 0x0122:
            return "this kind of object is not supported there: switch it on, or off in the settings"
        case 0x0124: return "not authorised there: enter our AE title with this right"
        case 0x0210, 0x0211, 0x0212: return "the request was not understood there: check what listens on this port"
        case 0x0213: return "resource limitation there: look after its disk and load"
        default: break
        }
        switch code & Self.rangeMask {
        case 0xA700: return "out of resources there: look after its disk and load"
        case 0xA800, 0xA900: return "the object does not match its class there: report this object"
        case 0xC000..<0xD000: return "it cannot understand the object: report this object"
        default: return "not taken: its log tells why"
        }
    }
}
