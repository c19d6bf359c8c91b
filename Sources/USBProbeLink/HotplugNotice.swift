internal import CLibUSB
internal import ProbeLink
internal import Synchronization

/// Is told by the library that devices came or went, while its events are handled.
final class HotplugNotice: Sendable {
    private let context: USBContext
    private let devices: DeviceChanges
    private let registration: libusb_hotplug_callback_handle

    /// A notice in a context of its own; `nil` where the library cannot tell.
    init?() throws(TransportError) {
        guard libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG.rawValue) != 0 else { return nil }
        let context = try USBContext()
        let devices = DeviceChanges()
        var registration: libusb_hotplug_callback_handle = 0
        let code = libusb_hotplug_register_callback(
            context.pointer,
            Int32(LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue), 0,
            LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            { _, _, _, userData in
                guard let userData else { return 0 }
                Unmanaged<DeviceChanges>.fromOpaque(userData).takeUnretainedValue().note()
                return 0
            }, Unmanaged.passUnretained(devices).toOpaque(), &registration)
        guard code == 0 else { return nil }
        self.context = context
        self.devices = devices
        self.registration = registration
    }

    deinit { libusb_hotplug_deregister_callback(context.pointer, registration) }

    /// Whether a device came or went since the last `forget`.
    var hasChanged: Bool { devices.haveChanged }

    /// Begins anew.
    func forget() { devices.forget() }

    /// Waits for events and handles them.
    func handleEvents(forNs wait: UInt64) throws(TransportError) {
        var time = timeval(tv_sec: 0, tv_usec: Int(clamping: wait / 1_000))
        let code = libusb_handle_events_timeout_completed(context.pointer, &time, nil)
        guard code == 0 || code == LIBUSB_ERROR_INTERRUPTED.rawValue else {
            throw USBErrorTable(device: "usb").error(code, doing: "waiting for a probe")
        }
    }
}

/// The flag that the library's callback sets.
private final class DeviceChanges: Sendable {
    private let flag = Atomic<Bool>(false)

    var haveChanged: Bool { flag.load(ordering: .acquiring) }
    func note() { flag.store(true, ordering: .releasing) }
    func forget() { flag.store(false, ordering: .releasing) }
}
