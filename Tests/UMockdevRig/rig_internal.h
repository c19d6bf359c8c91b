#ifndef RIG_INTERNAL_H
#define RIG_INTERNAL_H

#include "umockdev_rig.h"

#include <errno.h>
#include <glib.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <stdatomic.h>
#include <umockdev.h>

#define RIG_PACKET_BYTES 512  // of a high-speed bulk endpoint
#define RIG_LAST_ADDRESS 127  // USB 2.0, 9.4.6
#define RIG_LONGEST_STEP_NS 4000000u
#define RIG_SYSFS_PATH "/devices/pci0000:00/usb1/1-1"

// One URB of one opened node.
struct rig_transfer {
    struct usbdevfs_urb *urb;  // the program's own: one address space
    UMockdevIoctlClient *client;
    int packets_done;  // isochronous
};

struct rig {
    struct rig_device device;
    pthread_mutex_t lock;
    pthread_t ticker;
    atomic_bool quit;
    UMockdevIoctlBase *handler;
    int address;
    char node[32];
    GQueue flying, done;  // rig_transfer, in the order of submission and of completion
    bool gone, gate_open, no_udev, deauthorized, broken, silent;
    uint32_t drivers, alternates;  // by interface: a driver holds it; a setting other than 0 is chosen
    uint64_t halted[2];   // by endpoint number; [1] = IN
    int gate_master, gate_slave;
    struct rig_counts counts;
    uint8_t fail_endpoint;
    uint64_t fail_at;
    int fail_times, fail_error;
    uint64_t unplug_at;
    int unplug_error;
    uint64_t lose_first, lose_count;
    int lose_error, overstate, memory_limit, refuse_error;
    uint64_t refuse_at;
    rig *retired;
};

void rig_connect(rig *r);
// All of these with the lock held.
void rig_gate(rig *r, bool open);
void rig_complete(rig *r, struct rig_transfer *transfer, int status, int length);
void rig_end(rig *r, struct rig_transfer *transfer, int status, bool first);
void rig_serve(rig *r);
// Fills the packets that are due; whether all of them are.
bool rig_fill_packets(rig *r, struct rig_transfer *transfer);

#endif
