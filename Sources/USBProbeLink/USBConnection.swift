internal import CLibUSB
internal import ProbeLink
internal import Synchronization

/// One opened device whose interface is claimed; gives everything back when nobody holds it any more.
// Sound: libusb takes calls on a handle from any thread; all fields are constant or atomic and live until `deinit`.
final class USBConnection: @unchecked Sendable {
    let context: USBContext
    let handle: OpaquePointer
    let device: USBAttachedDevice
    let setting: USBInterfaceSetting
    let errors: USBErrorTable
    private let departure: Departure
    private let departureWatch: libusb_hotplug_callback_handle?

    /// Opens the device at the place of `device`, checks it against `rule` and claims the matching interface.
    ///
    /// - Throws: `mismatch` before anything is sent, when it is not, or no longer, what the rule describes.
    init(opening device: USBAttachedDevice, matching rule: USBMatchRule) throws(TransportError) {
        let context = try USBContext()
        let errors = USBErrorTable(device: device.label)
        let handle = try Self.open(device, in: context, errors)
        do throws(TransportError) {
            let reader = try DescriptorReader(libusb_get_device(handle))
            let facts = reader.facts(through: handle)
            setting = try Self.setting(of: facts, rule)
            try Self.claim(setting, of: handle, errors)
            self.device = facts
        } catch {
            libusb_close(handle)
            throw error
        }
        self.context = context
        self.handle = handle
        self.errors = errors
        departure = Departure(of: libusb_get_device(handle))
        departureWatch = departure.watch(in: context, device)
    }

    deinit {
        if let departureWatch { libusb_hotplug_deregister_callback(context.pointer, departureWatch) }
        // Both fail when the device is gone, which leaves nothing to give back. A kernel driver that was detached
        // is attached again by the release.
        libusb_release_interface(handle, Int32(setting.number))
        libusb_close(handle)
    }

    /// Whether the device has left the bus, as far as has been noticed while handling events.
    var hasLeft: Bool { departure.hasHappened.load(ordering: .acquiring) }

    private static func open(
        _ device: USBAttachedDevice, in context: USBContext, _ errors: USBErrorTable
    ) throws(TransportError) -> OpaquePointer {
        let opened = try context.firstDevice { (candidate) throws(TransportError) -> OpaquePointer? in
            guard
                libusb_get_bus_number(candidate) == device.bus,
                libusb_get_device_address(candidate) == device.address
            else { return nil }
            var handle: OpaquePointer?
            let code = libusb_open(candidate, &handle)
            guard code == 0 else { throw errors.error(code, doing: "opening \(device.label)") }
            return handle
        }
        guard let opened else { throw .disconnected(device: device.label) }
        return opened
    }

    private static func setting(
        of facts: USBAttachedDevice, _ rule: USBMatchRule
    ) throws(TransportError) -> USBInterfaceSetting {
        switch facts.matches(rule) {
        case .differences(let differences): throw .mismatch(device: facts.label, differences: differences)
        case .match(let match): return match.setting
        }
    }

    private static func claim(
        _ setting: USBInterfaceSetting, of handle: OpaquePointer, _ errors: USBErrorTable
    ) throws(TransportError) {
        // Where the system cannot detach drivers, claiming says that the device is busy.
        libusb_set_auto_detach_kernel_driver(handle, 1)
        let number = Int32(setting.number)
        let claimed = libusb_claim_interface(handle, number)
        guard claimed == 0 else { throw errors.error(claimed, doing: "claiming interface \(number)") }
        guard setting.alternate != 0 else { return }
        let chosen = libusb_set_interface_alt_setting(handle, number, Int32(setting.alternate))
        guard chosen == 0 else {
            libusb_release_interface(handle, number)
            throw errors.error(chosen, doing: "choosing alternate setting \(setting.alternate)")
        }
    }
}

/// Notices that one device has left the bus.
private final class Departure: Sendable {
    let hasHappened = Atomic<Bool>(false)
    private let devicePlace: UInt

    init(of device: OpaquePointer?) { devicePlace = UInt(bitPattern: device) }

    /// Asks to be told; `nil` where the library cannot, and then only failing transfers tell.
    ///
    /// This object must outlive the returned registration.
    func watch(in context: USBContext, _ device: USBAttachedDevice) -> libusb_hotplug_callback_handle? {
        guard libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG.rawValue) != 0 else { return nil }
        var registration: libusb_hotplug_callback_handle = 0
        let code = libusb_hotplug_register_callback(
            context.pointer, Int32(LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue), 0, Int32(device.vendorID),
            Int32(device.productID), LIBUSB_HOTPLUG_MATCH_ANY,
            { _, device, _, userData in
                guard let userData else { return 0 }
                let departure = Unmanaged<Departure>.fromOpaque(userData).takeUnretainedValue()
                if UInt(bitPattern: device) == departure.devicePlace {
                    departure.hasHappened.store(true, ordering: .releasing)
                }
                return 0
            }, Unmanaged.passUnretained(self).toOpaque(), &registration)
        return code == 0 ? registration : nil
    }
}
