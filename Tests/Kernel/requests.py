"""Requests on endpoint 0 by usbfs alone (Linux, include/uapi/linux/usbdevice_fs.h), as a witness beside the program."""
import ctypes
import fcntl

from guest import devices_in_sysfs, expect


class Control(ctypes.Structure):
    """struct usbdevfs_ctrltransfer."""

    _fields_ = [
        ("type", ctypes.c_uint8), ("request", ctypes.c_uint8), ("value", ctypes.c_uint16), ("index", ctypes.c_uint16),
        ("length", ctypes.c_uint16), ("timeout", ctypes.c_uint32), ("data", ctypes.c_void_p),
    ]


CONTROL = 3 << 30 | ctypes.sizeof(Control) << 16 | ord("U") << 8 | 0
VENDOR_IN = 0xC0
ODP_STATUS, ODP_STATUS_BYTES = 0x30, 32


def node():
    """The device node of the one simulated device."""
    folders = devices_in_sysfs()
    expect(len(folders) == 1, f"{len(folders)} simulated devices")
    numbers = []
    for name in "busnum", "devnum":
        with open(f"{folders[0]}/{name}") as file:
            numbers.append(int(file.read()))
    return "/dev/bus/usb/%03d/%03d" % tuple(numbers)


def odp_state():
    """State (0 idle, 1 running) and whether transmission is allowed, as the probe itself says."""
    data = ctypes.create_string_buffer(ODP_STATUS_BYTES)
    with open(node(), "r+b", buffering=0) as file:
        fcntl.ioctl(file, CONTROL, Control(VENDOR_IN, ODP_STATUS, 0, 0, len(data), 1000, ctypes.addressof(data)))
    return data.raw[0], data.raw[1]
