// A simulated USB device behind the real libusb, in one process, by way of umockdev: sysfs and usbdevfs are
// emulated, so no USB is needed in the kernel. The device itself is a table of callbacks.
//
// One rig at a time in a process: the test bed lives in the process environment.
#ifndef UMOCKDEV_RIG_H
#define UMOCKDEV_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a device does. The rig never calls two of these at once; they run on the rig's threads and must not call
// the rig. Everything that the table points to must live until rig_stop has returned.
struct rig_device {
    void *context;
    // The device descriptor, then the configuration with all that belongs to it, as in sysfs `descriptors`.
    const uint8_t *descriptors;
    int descriptors_length;
    // String descriptors; index 0 is not used. A null entry has no such string.
    const char *const *strings;
    int strings_count;
    // Millions of bits per second: 12, 480 or 5000; 0 = 480.
    int speed_mbit;
    // One request on endpoint 0: vendor requests, and SET_CONFIGURATION, SET_INTERFACE and
    // CLEAR_FEATURE(ENDPOINT_HALT) as they go over the wire. `length` is wLength; `data` holds the OUT data or
    // takes the IN data. Returns 0, -EPIPE to refuse, or RIG_NO_ANSWER.
    int (*control)(void *context, const uint8_t setup[8], uint8_t *data, int length, int *actual);
    // The bytes with which one transfer from an IN endpoint ends: `capacity`, or fewer after a short or a
    // zero-length packet; RIG_NOTHING_YET; -EPIPE when the endpoint is stalled, until CLEAR_FEATURE.
    // An isochronous endpoint is asked for the packet of its oldest interval that nobody has collected.
    int (*read)(void *context, uint8_t endpoint, uint8_t *buffer, int capacity);
    // Lets the device's time pass, about every millisecond.
    void (*advance)(void *context, uint64_t nanoseconds);
};

enum { RIG_NOTHING_YET = -1, RIG_NO_ANSWER = -1000 };

// What the rig has seen since it was started.
struct rig_counts {
    uint64_t vendor_requests;
    uint64_t clear_halts;
    uint64_t bytes_sent;
    uint64_t packets_sent;  // isochronous, the lost ones among them
    int transfers_in_flight;
    int most_in_flight;
    int claimed;            // interfaces
    uint32_t claimed_mask;
};

typedef struct rig rig;

// Makes the device and plugs it in. Null on failure, which rig_problem names.
rig *rig_start(const struct rig_device *device);
const char *rig_problem(void);
// Ends the transfers in flight with -error (ESHUTDOWN as most host controllers do, or EPROTO), the first with what
// had come for it, and takes the device away; plugging it in again gives it the next address.
void rig_unplug(rig *rig, int error);
bool rig_plug(rig *rig);
// Close every handle of the device before this.
void rig_stop(rig *rig);

void rig_read_counts(rig *rig, struct rig_counts *counts);

// Ends the next `times` transfers of an IN endpoint with -error once `bytes` have been sent by it; -EPIPE holds
// the endpoint until its halt is cleared. No data of the device are lost by it.
void rig_fail(rig *rig, uint8_t endpoint, uint64_t bytes, int times, int error);
// Unplugs by itself once `bytes` have been sent.
void rig_unplug_after(rig *rig, uint64_t bytes, int error);
// The interfaces that a kernel driver holds, one bit each.
void rig_bind_drivers(rig *rig, uint32_t interfaces);
uint32_t rig_bound_drivers(rig *rig);
// Whether udevd runs: without it, plugging and unplugging send no uevents. Set it between two of them.
void rig_set_udev(rig *rig, bool runs);

// Loses `count` isochronous packets from number `first` on: each ends with -error and without its bytes.
void rig_lose_packets(rig *rig, uint64_t first, uint64_t count, int error);
// Overstates the length of every transfer and packet by so many bytes, as no honest controller does.
void rig_overstate(rig *rig, int bytes);
// The most bytes of all transfers at once; more are refused with ENOMEM. 0 = no limit.
void rig_limit_memory(rig *rig, int bytes);
// Refuses every transfer but control from `bytes` sent on with this error; 0 = no longer.
void rig_refuse(rig *rig, uint64_t bytes, int error);
// As `echo 0 > authorized`: what flies ends as if unplugged, submitting fails with EIO, control goes on working.
void rig_deauthorize(rig *rig);
// Ends what flies with EPROTO and answers everything so from then on, as some controllers do before they notice that
// the device is gone. `rig_unplug` ends it.
void rig_break(rig *rig);
// Sends nothing more of the stream, without an error.
void rig_silence(rig *rig, bool silent);

// What the C library has given out and not got back; 0 where a sanitizer takes its place.
size_t rig_heap_bytes(void);

#endif
