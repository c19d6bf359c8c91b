/// Why a probe could not be reached, or no longer.
///
/// Each case is named by what the device meant.
public enum TransportError: Error, Sendable, Equatable {
    /// No attached device answers to what was asked for.
    case notFound(wanted: String)
    /// A device with the right ids is not the one that the profile describes; nothing was sent to it.
    case mismatch(device: String, differences: [String])
    /// The operating system does not let this user open the device.
    case accessDenied(device: String)
    /// Another program holds the device.
    case busy(device: String)
    /// The device was unplugged or switched off.
    case disconnected(device: String)
    /// The probe refused a request.
    case stalled(request: UInt8)
    /// The probe did not answer in time.
    case timedOut(what: String, milliseconds: Int)
    /// The transfers in flight need more kernel memory than USB file access may use.
    case memoryLimit(neededBytes: Int, limitBytes: Int)
    /// What the probe answered is not what its protocol allows.
    case protocolViolation(what: String)
    /// The probe ended its stream by itself; the bits are those of ODP STATUS.
    case faulted(device: String, faultBits: UInt32)
    /// The probe cannot do what a setting asks for.
    case settingNotPossible(setting: String, wanted: String, possible: String)
    /// Any other failure of the USB library, with its own code and what was being done.
    case usb(code: Int32, doing: String)
}

extension TransportError: CustomStringConvertible {
    /// What happened and what to do next.
    public var description: String {
        switch self {
        case .notFound(let wanted):
            "no probe found for \(wanted): check the cable and the probe's power, then run `dopplerbridge devices`"
        case .mismatch(let device, let differences):
            "\(device) is not the probe that its profile describes (\(differences.joined(separator: "; "))): "
                + "nothing was sent to it; choose or write the right profile"
        case .accessDenied(let device):
            "no permission to open \(device): run `dopplerbridge doctor`, which names the missing udev rule"
        case .busy(let device):
            "\(device) is in use by another program: end that program and try again"
        case .disconnected(let device):
            "\(device) was unplugged or switched off: what arrived before is kept; plug it in and start again"
        case .stalled(let request):
            "the probe refused request 0x\(String(request, radix: 16)): check its settings and its fault bits"
        case .timedOut(let what, let milliseconds):
            "\(what) did not answer within \(milliseconds) ms: unplug the probe, plug it in and try again"
        case .memoryLimit(let needed, let limit):
            "the transfers need \(needed) bytes but usbfs_memory_mb allows \(limit): close other USB programs "
                + "or raise /sys/module/usbcore/parameters/usbfs_memory_mb"
        case .protocolViolation(let what):
            "the probe broke its protocol: \(what); update its firmware or choose another profile"
        case .faulted(let device, let bits):
            "\(device) stopped by itself (fault bits 0x\(String(bits, radix: 16)): bit 0 over-temperature, bit 2 "
                + "supply): let it cool, check its supply, then start again"
        case .settingNotPossible(let setting, let wanted, let possible):
            "the probe cannot do \(setting) \(wanted): choose \(possible)"
        case .usb(let code, let doing):
            "USB error \(code) while \(doing): unplug the probe, plug it in and try again"
        }
    }
}
