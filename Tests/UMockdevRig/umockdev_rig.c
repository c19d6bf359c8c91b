// The plug side: test bed, device node, faults and the clock. The usbdevfs side is in usbdevfs.c.
#define _GNU_SOURCE
#include "rig_internal.h"

#include <glob.h>
#include <malloc.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// One test bed for the life of the process: setting and removing its environment variable again and again would
// race with every getenv of other tests.
static UMockdevTestbed *bed;
static char problem[256];
static rig *retired;

const char *rig_problem(void) { return problem; }

static void remove_bed(void) { g_clear_object(&bed); }

static bool make_bed(void) {
    if (bed) return true;
    bed = umockdev_testbed_new();
    // Only now: it looks whether /sys is diverted and remembers the answer.
    if (!umockdev_in_mock_environment()) {
        snprintf(problem, sizeof problem, "not linked with libumockdev-preload ahead of libc");
        return false;
    }
    atexit(remove_bed);
    return true;
}

static bool failed(const char *what, GError *error) {
    snprintf(problem, sizeof problem, "%s: %s", what, error ? error->message : strerror(errno));
    if (error) g_error_free(error);
    return false;
}

// umockdev's own node is a plain file, which poll finds writable for ever. A terminal's slave side can be made
// writable (usbfs: something can be reaped) or not by tcflow, and hangs up when its master is closed.
static bool make_node(rig *r) {
    g_autofree char *root = umockdev_testbed_get_root_dir(bed);
    g_autofree char *node = g_strconcat(root, r->node, NULL);
    g_autofree char *folder = g_path_get_dirname(node);
    char name[64];
    struct termios settings;
    if (r->gate_slave >= 0) close(r->gate_slave);
    r->gate_slave = -1;
    if (openpty(&r->gate_master, &r->gate_slave, name, NULL, NULL)) return failed("openpty", NULL);
    tcgetattr(r->gate_slave, &settings);
    cfmakeraw(&settings);
    tcsetattr(r->gate_slave, TCSANOW, &settings);
    if (g_mkdir_with_parents(folder, 0755) || symlink(name, node)) return failed(node, NULL);
    r->gate_open = true;
    pthread_mutex_lock(&r->lock);
    rig_gate(r, false);
    pthread_mutex_unlock(&r->lock);
    return true;
}

static GString *describe(const rig *r) {
    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "P: %s\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: DRIVER=usb\nE: BUSNUM=001\nE: DEVNUM=%03d\n"
        "E: DEVNAME=%s\nA: bConfigurationValue=1\\n\nA: busnum=1\\n\nA: devnum=%d\\n\nA: speed=%d\\n\n"
        "H: descriptors=",
        RIG_SYSFS_PATH, r->address, r->node, r->address, r->device.speed_mbit ? r->device.speed_mbit : 480);
    for (int i = 0; i < r->device.descriptors_length; i++)
        g_string_append_printf(text, "%02x", r->device.descriptors[i]);
    g_string_append(text, "\n");
    return text;
}

// umockdev sends its uevents to the sockets `event*` of the test bed, one for each monitor. Where no udevd is to
// run, they are out of its way meanwhile.
static void hide_monitors(bool hide) {
    g_autofree char *root = umockdev_testbed_get_root_dir(bed);
    g_autofree char *pattern = g_strconcat(root, hide ? "/event*" : "/hidden-event*", NULL);
    glob_t found;
    if (glob(pattern, 0, NULL, &found)) return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        g_autofree char *other = g_strconcat(root, hide ? "/hidden-" : "/", hide ? name : name + 7, NULL);
        rename(found.gl_pathv[i], other);
    }
    globfree(&found);
}

// Plugging and unplugging take turns: a device may unplug itself on the rig's thread.
static pthread_mutex_t hand = PTHREAD_MUTEX_INITIALIZER;

static bool plug(rig *r) {
    static int address = 1;  // counted up at every plug, and from 2 on again after the last of USB 2.0, as Linux does
    GError *error = NULL;
    address = address < RIG_LAST_ADDRESS ? address + 1 : 2;
    r->address = address;
    snprintf(r->node, sizeof r->node, "/dev/bus/usb/001/%03d", r->address);
    pthread_mutex_lock(&r->lock);
    r->gone = r->deauthorized = r->broken = false;
    r->halted[0] = r->halted[1] = 0;
    r->counts.claimed = 0;
    r->counts.claimed_mask = 0;
    r->alternates = 0;
    pthread_mutex_unlock(&r->lock);
    if (!umockdev_testbed_attach_ioctl(bed, r->node, r->handler, &error)) return failed("attach_ioctl", error);
    if (!make_node(r)) return false;
    GString *text = describe(r);
    if (r->no_udev) hide_monitors(true);
    bool added = umockdev_testbed_add_from_string(bed, text->str, &error);
    if (r->no_udev) hide_monitors(false);
    g_string_free(text, TRUE);
    return added || failed("add_from_string", error);
}

bool rig_plug(rig *r) {
    pthread_mutex_lock(&hand);
    bool plugged = plug(r);
    pthread_mutex_unlock(&hand);
    return plugged;
}

static void unplug(rig *r, int error) {
    pthread_mutex_lock(&r->lock);
    bool was_gone = r->gone;
    r->gone = true;
    for (bool first = true; r->flying.length; first = false) rig_end(r, g_queue_pop_head(&r->flying), -error, first);
    rig_gate(r, true);
    pthread_mutex_unlock(&r->lock);
    if (was_gone) return;
    close(r->gate_master);  // an error and a hang-up on the program's descriptor
    r->gate_master = -1;
    g_autofree char *path = g_strconcat("/sys", RIG_SYSFS_PATH, NULL);
    g_autofree char *root = umockdev_testbed_get_root_dir(bed);
    g_autofree char *node = g_strconcat(root, r->node, NULL);
    if (!r->no_udev) umockdev_testbed_uevent(bed, path, "remove");  // while the properties that it sends are still there
    if (r->no_udev) hide_monitors(true);
    umockdev_testbed_remove_device(bed, path);
    if (r->no_udev) hide_monitors(false);
    umockdev_testbed_detach_ioctl(bed, r->node, NULL);
    unlink(node);
    // The slave stays open until the next plug: the program may still reap through it.
}

void rig_unplug(rig *r, int error) {
    pthread_mutex_lock(&hand);
    unplug(r, error);
    pthread_mutex_unlock(&hand);
}

static void *tick(void *argument) {
    rig *r = argument;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t last = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    while (!atomic_load(&r->quit)) {
        struct timespec pause = {0, 1000000};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
        uint64_t time = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
        // A device that cannot keep up, as under a sanitizer, gets a slower clock instead of ever longer steps.
        uint64_t step = time - last < RIG_LONGEST_STEP_NS ? time - last : RIG_LONGEST_STEP_NS;
        pthread_mutex_lock(&r->lock);
        r->device.advance(r->device.context, step);
        rig_serve(r);
        bool unplug = !r->gone && r->unplug_error && r->counts.bytes_sent >= r->unplug_at;
        int error = r->unplug_error;
        if (unplug) r->unplug_error = 0;
        pthread_mutex_unlock(&r->lock);
        if (unplug) rig_unplug(r, error);
        last = time;
    }
    return NULL;
}

rig *rig_start(const struct rig_device *device) {
    signal(SIGHUP, SIG_IGN);        // the terminals of the gate hang up
    prctl(PR_SET_TIMERSLACK, 1);    // umockdev naps after every emulated ioctl; threads inherit this
    if (!make_bed()) return NULL;
    rig *r = calloc(1, sizeof *r);
    r->device = *device;
    r->gate_master = r->gate_slave = -1;
    r->gone = true;
    pthread_mutex_init(&r->lock, NULL);
    r->handler = umockdev_ioctl_base_new();
    rig_connect(r);
    if (!rig_plug(r) || pthread_create(&r->ticker, NULL, tick, r)) {
        g_object_unref(r->handler);
        free(r);
        return NULL;
    }
    return r;
}

void rig_stop(rig *r) {
    atomic_store(&r->quit, true);
    pthread_join(r->ticker, NULL);
    rig_unplug(r, ESHUTDOWN);
    if (r->gate_slave >= 0) close(r->gate_slave);
    r->gate_slave = -1;
    g_object_unref(r->handler);
    // umockdev does not tell when a node is closed, and until then its program may call the handler: what is left
    // of the rig stays for good.
    r->retired = retired;
    retired = r;
}

void rig_read_counts(rig *r, struct rig_counts *counts) {
    pthread_mutex_lock(&r->lock);
    *counts = r->counts;
    counts->transfers_in_flight = (int)(r->flying.length + r->done.length);
    pthread_mutex_unlock(&r->lock);
}

void rig_fail(rig *r, uint8_t endpoint, uint64_t bytes, int times, int error) {
    pthread_mutex_lock(&r->lock);
    r->fail_endpoint = endpoint;
    r->fail_at = bytes;
    r->fail_times = times;
    r->fail_error = error;
    pthread_mutex_unlock(&r->lock);
}

void rig_unplug_after(rig *r, uint64_t bytes, int error) {
    pthread_mutex_lock(&r->lock);
    r->unplug_at = bytes;
    r->unplug_error = error;
    pthread_mutex_unlock(&r->lock);
}

void rig_bind_drivers(rig *r, uint32_t interfaces) {
    pthread_mutex_lock(&r->lock);
    r->drivers = interfaces;
    pthread_mutex_unlock(&r->lock);
}

uint32_t rig_bound_drivers(rig *r) {
    pthread_mutex_lock(&r->lock);
    uint32_t drivers = r->drivers;
    pthread_mutex_unlock(&r->lock);
    return drivers;
}

void rig_set_udev(rig *r, bool runs) { r->no_udev = !runs; }

void rig_lose_packets(rig *r, uint64_t first, uint64_t count, int error) {
    pthread_mutex_lock(&r->lock);
    r->lose_first = first;
    r->lose_count = count;
    r->lose_error = error;
    pthread_mutex_unlock(&r->lock);
}

void rig_overstate(rig *r, int bytes) {
    pthread_mutex_lock(&r->lock);
    r->overstate = bytes;
    pthread_mutex_unlock(&r->lock);
}

void rig_limit_memory(rig *r, int bytes) {
    pthread_mutex_lock(&r->lock);
    r->memory_limit = bytes;
    pthread_mutex_unlock(&r->lock);
}

void rig_refuse(rig *r, uint64_t bytes, int error) {
    pthread_mutex_lock(&r->lock);
    r->refuse_at = bytes;
    r->refuse_error = error;
    pthread_mutex_unlock(&r->lock);
}

void rig_silence(rig *r, bool silent) {
    pthread_mutex_lock(&r->lock);
    r->silent = silent;
    pthread_mutex_unlock(&r->lock);
}

static void end_all(rig *r, int error) {
    while (r->flying.length) rig_complete(r, g_queue_pop_head(&r->flying), -error, 0);
}

void rig_deauthorize(rig *r) {
    pthread_mutex_lock(&r->lock);
    r->deauthorized = true;
    end_all(r, ESHUTDOWN);
    pthread_mutex_unlock(&r->lock);
}

void rig_break(rig *r) {
    pthread_mutex_lock(&r->lock);
    r->broken = true;
    end_all(r, EPROTO);
    pthread_mutex_unlock(&r->lock);
}

size_t rig_heap_bytes(void) {
    struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}
