internal import CLibUSB
internal import ProbeLink
internal import Synchronization

/// One opened device whose interfaces are claimed; gives everything back when nobody holds it any more.
// Sound: libusb takes calls on a handle from any thread; all fields are constant or atomic and live until `deinit`.
final class USBConnection: @unchecked Sendable {
    let context: USBContext
    let handle: OpaquePointer
    let device: USBAttachedDevice
    let setting: USBInterfaceSetting
    /// Where the samples come from.
    let streamEndpoint: USBEndpoint
    let errors: USBErrorTable
    private let claimed: [UInt8]
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
            let match = try Self.match(of: facts, rule)
            setting = match.setting
            streamEndpoint = try Self.streamEndpoint(of: match.setting, facts)
            try Self.claim(match, of: handle, errors)
            claimed = match.interfaceNumbers
            self.device = facts
        } catch {
            libusb_close(handle)
            throw error
        }
        let chosen = Self.choose(setting, of: handle)
        guard chosen == 0 else {
            Self.giveBack(claimed, of: handle)
            Self.close(handle, in: context, after: chosen)
            throw errors.error(chosen, doing: "choosing alternate setting \(setting.alternate)")
        }
        self.context = context
        self.handle = handle
        self.errors = errors
        departure = Departure(of: libusb_get_device(handle))
        departureWatch = departure.watch(in: context, device)
    }

    deinit {
        if let departureWatch { libusb_hotplug_deregister_callback(context.pointer, departureWatch) }
        // All of it fails when the device is gone, which leaves nothing to give back.
        Self.giveBack(claimed, of: handle)
        libusb_close(handle)
    }

    /// Whether the device has left the bus, as far as has been noticed while handling events.
    var hasLeft: Bool { departure.hasHappened.load(ordering: .acquiring) }

    /// Whether the device is still listed at its place on the bus, looked up afresh.
    ///
    /// When the list cannot be read, it counts as listed.
    var isListed: Bool {
        do throws(TransportError) {
            let found = try USBContext().firstDevice { (candidate) throws(TransportError) -> Bool? in
                libusb_get_bus_number(candidate) == device.bus
                    && libusb_get_device_address(candidate) == device.address ? true : nil
            }
            return found ?? false
        } catch {
            return true
        }
    }

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

    private static func match(of facts: USBAttachedDevice, _ rule: USBMatchRule) throws(TransportError) -> USBMatch {
        switch facts.matches(rule) {
        case .differences(let differences): throw .mismatch(device: facts.label, differences: differences)
        case .match(let match): return match
        }
    }

    private static func streamEndpoint(
        of setting: USBInterfaceSetting, _ facts: USBAttachedDevice
    ) throws(TransportError) -> USBEndpoint {
        if let endpoint = setting.streamEndpoint { return endpoint }
        throw .mismatch(
            device: facts.label,
            differences: ["interface \(setting.number) has no bulk or isochronous IN endpoint to stream from"])
    }

    private static func claim(
        _ match: USBMatch, of handle: OpaquePointer, _ errors: USBErrorTable
    ) throws(TransportError) {
        // Where the system cannot detach drivers, claiming says that the device is busy.
        libusb_set_auto_detach_kernel_driver(handle, 1)
        for (count, number) in match.interfaceNumbers.enumerated() {
            let code = libusb_claim_interface(handle, Int32(number))
            guard code != 0 else { continue }
            giveBack(Array(match.interfaceNumbers.prefix(count)), of: handle)
            throw errors.error(code, doing: "claiming interface \(number)")
        }
    }

    /// Chooses the alternate setting: it stays until the interface is released.
    ///
    /// - Returns: the library's error code or 0.
    private static func choose(_ setting: USBInterfaceSetting, of handle: OpaquePointer) -> Int32 {
        guard setting.alternate != 0 else { return 0 }
        return libusb_set_interface_alt_setting(handle, Int32(setting.number), Int32(setting.alternate))
    }

    /// Closes a handle after a failed choice of an alternate setting.
    ///
    /// When the device has left by then, libusb before 1.0.27 unlocks a lock of the handle that it does not hold, and
    /// closing the handle would abort the program (libusb issue 1199). Such a handle and its context are left open.
    private static func close(_ handle: OpaquePointer, in context: USBContext, after code: Int32) {
        if code == LIBUSB_ERROR_NO_DEVICE.rawValue {
            _ = Unmanaged.passRetained(context)
        } else {
            libusb_close(handle)
        }
    }

    /// Releases the interfaces: the kernel sets alternate setting 0 again, and libusb attaches its drivers again.
    ///
    /// The last claimed is the first released: the driver of USB audio looks for the streams of a control interface
    /// when it is given that one.
    private static func giveBack(_ claimed: [UInt8], of handle: OpaquePointer) {
        for number in claimed.reversed() { libusb_release_interface(handle, Int32(number)) }
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
