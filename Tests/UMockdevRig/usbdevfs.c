// The usbdevfs side: what the kernel would do with the ioctls that libusb makes.
#define _GNU_SOURCE
#include "rig_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

// Reads or writes the program's stack while the program waits in its ioctl. The order is umockdev's own, which the
// thread sanitizer cannot see.
#define PROGRAM_MEMORY __attribute__((no_sanitize("thread")))

// The descriptor that libusb polls must be writable exactly when something can be reaped.
void rig_gate(rig *r, bool open) {
    if (open == r->gate_open || r->gate_slave < 0) return;
    r->gate_open = open;
    tcflow(r->gate_slave, open ? TCOON : TCOOFF);
}

void rig_complete(rig *r, struct rig_transfer *transfer, int status, int length) {
    struct usbdevfs_urb *urb = transfer->urb;
    urb->status = status;
    urb->actual_length = length;
    if (r->overstate && !status && (urb->endpoint & 0x80) && urb->type != USBDEVFS_URB_TYPE_CONTROL)
        urb->actual_length += r->overstate;
    if (urb->type == USBDEVFS_URB_TYPE_ISO) {
        // As the kernel leaves packets that were not reached.
        for (int i = transfer->packets_done; i < urb->number_of_packets; i++) {
            urb->iso_frame_desc[i].actual_length = 0;
            urb->iso_frame_desc[i].status = (unsigned)(status ? status : -EXDEV);
        }
    }
    g_queue_push_tail(&r->done, transfer);
    rig_gate(r, true);
}

static uint64_t bit(uint8_t endpoint) { return (uint64_t)1 << (endpoint & 15); }

static bool is_halted(rig *r, uint8_t endpoint) { return r->halted[endpoint >> 7] & bit(endpoint); }

static bool fails_now(rig *r, uint8_t endpoint) {
    return r->fail_times > 0 && r->fail_endpoint == endpoint && r->counts.bytes_sent >= r->fail_at;
}

static bool loses_packet(const rig *r) {
    uint64_t number = r->counts.packets_sent;
    return r->lose_error && number >= r->lose_first && number - r->lose_first < r->lose_count;
}

bool rig_fill_packets(rig *r, struct rig_transfer *transfer) {
    struct usbdevfs_urb *urb = transfer->urb;
    uint8_t *packet = urb->buffer;
    for (int i = 0; i < transfer->packets_done; i++) packet += urb->iso_frame_desc[i].length;
    while (transfer->packets_done < urb->number_of_packets) {
        struct usbdevfs_iso_packet_desc *desc = &urb->iso_frame_desc[transfer->packets_done];
        if (r->silent) return false;
        int length = r->device.read(r->device.context, urb->endpoint, packet, (int)desc->length);
        if (length == RIG_NOTHING_YET) return false;
        bool fails = fails_now(r, urb->endpoint);
        bool lost = length < 0 || fails || loses_packet(r);
        int error = fails ? r->fail_error : r->lose_error ? r->lose_error : EXDEV;
        desc->status = lost ? (unsigned)-error : 0;
        desc->actual_length = lost ? 0 : (unsigned)(length + r->overstate);
        if (lost) memset(packet, 0xEE, desc->length);
        if (!lost) r->counts.bytes_sent += (uint64_t)length;
        r->counts.packets_sent++;
        transfer->packets_done++;
        packet += desc->length;
    }
    return true;
}

// Ends the transfer if the device lets it, else false.
static bool serve_one(rig *r, struct rig_transfer *transfer) {
    struct usbdevfs_urb *urb = transfer->urb;
    int length = 0, status = 0;
    if (!(urb->endpoint & 0x80)) {
        length = urb->buffer_length;
    } else if (r->broken) {
        status = -EPROTO;
    } else if (urb->type == USBDEVFS_URB_TYPE_ISO) {
        // The bus goes on asking for packets; those of a transfer that fails are lost.
        bool fails = fails_now(r, urb->endpoint);
        if (!rig_fill_packets(r, transfer)) return false;
        if (fails) {
            status = -r->fail_error;
            r->fail_times--;
        }
    } else if (fails_now(r, urb->endpoint)) {
        status = -r->fail_error;
        r->fail_times--;
    } else {
        if (r->silent && urb->type == USBDEVFS_URB_TYPE_BULK) return false;
        length = r->device.read(r->device.context, urb->endpoint, urb->buffer, urb->buffer_length);
        if (length == RIG_NOTHING_YET) return false;
        if (length < 0) status = length;
    }
    if (status == -EPIPE) r->halted[urb->endpoint >> 7] |= bit(urb->endpoint);
    if (status) length = 0;
    if ((urb->endpoint & 0x80) && urb->type == USBDEVFS_URB_TYPE_BULK) r->counts.bytes_sent += (uint64_t)length;
    rig_complete(r, transfer, status, length);
    return true;
}

void rig_serve(rig *r) {
    uint64_t waiting[2] = {r->halted[0], r->halted[1]};
    if (r->gone) return;
    for (GList *link = r->flying.head, *next; link; link = next) {
        struct rig_transfer *transfer = link->data;
        uint8_t endpoint = transfer->urb->endpoint;
        next = link->next;
        if (transfer->urb->type == USBDEVFS_URB_TYPE_CONTROL) continue;  // one without an answer
        if (waiting[endpoint >> 7] & bit(endpoint)) continue;
        g_queue_unlink(&r->flying, link);
        if (serve_one(r, transfer)) {
            g_list_free(link);
            waiting[endpoint >> 7] |= is_halted(r, endpoint) ? bit(endpoint) : 0;
        } else {
            if (next) g_queue_insert_before_link(&r->flying, next, link);
            else g_queue_push_tail_link(&r->flying, link);
            waiting[endpoint >> 7] |= bit(endpoint);
        }
    }
}

static bool answers_string(rig *r, const uint8_t *setup, uint8_t *data, int length, int *actual) {
    uint8_t text[255] = {4, 3, 9, 4};  // index 0: the languages, English (US) alone
    int index = setup[2];
    if (setup[0] != 0x80 || setup[1] != 6 || setup[3] != 3) return false;
    if (index >= r->device.strings_count || (index && !r->device.strings[index])) return false;
    if (index) {
        int count = (int)strnlen(r->device.strings[index], 126);
        text[0] = (uint8_t)(2 + 2 * count);
        for (int i = 0; i < count; i++) {
            text[2 + 2 * i] = (uint8_t)r->device.strings[index][i];
            text[3 + 2 * i] = 0;
        }
    }
    *actual = length < text[0] ? length : text[0];
    memcpy(data, text, (size_t)*actual);
    return true;
}

// The first one of the stream may hold a packet that came before the end.
void rig_end(rig *r, struct rig_transfer *transfer, int status, bool first) {
    struct usbdevfs_urb *urb = transfer->urb;
    int length = 0;
    if (first && urb->type == USBDEVFS_URB_TYPE_BULK && (urb->endpoint & 0x80))
        length = r->device.read(r->device.context, urb->endpoint, urb->buffer, RIG_PACKET_BYTES);
    if (length < 0) length = 0;
    r->counts.bytes_sent += (uint64_t)length;
    rig_complete(r, transfer, status, length);
}

static void control(rig *r, struct rig_transfer *transfer) {
    uint8_t *setup = transfer->urb->buffer, *data = setup + 8;
    int length = setup[6] | setup[7] << 8, actual = 0, result = 0;
    if ((setup[0] & 0x60) == 0x40) r->counts.vendor_requests++;
    if (r->broken) {
        rig_complete(r, transfer, -EPROTO, 0);
        return;
    }
    if (!answers_string(r, setup, data, length, &actual))
        result = r->device.control(r->device.context, setup, data, length, &actual);
    if (result == RIG_NO_ANSWER) g_queue_push_tail(&r->flying, transfer);
    else rig_complete(r, transfer, result, result ? 0 : actual);
}

// A standard request that the kernel makes of an ioctl.
static int standard(rig *r, uint8_t recipient, uint8_t request, uint16_t value, uint16_t index) {
    uint8_t setup[8] = {recipient, request, (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)index,
                        (uint8_t)(index >> 8), 0, 0};
    int actual = 0;
    return r->device.control(r->device.context, setup, NULL, 0, &actual) ? EPIPE : 0;
}

static int bytes_held(rig *r) {
    int bytes = 0;
    for (GList *link = r->flying.head; link; link = link->next)
        bytes += ((struct rig_transfer *)link->data)->urb->buffer_length;
    for (GList *link = r->done.head; link; link = link->next)
        bytes += ((struct rig_transfer *)link->data)->urb->buffer_length;
    return bytes;
}

// What the kernel would say to this transfer before it starts.
static int refusal(rig *r, const struct usbdevfs_urb *urb) {
    if (urb->type == USBDEVFS_URB_TYPE_CONTROL) return 0;
    if (urb->type != USBDEVFS_URB_TYPE_BULK && urb->type != USBDEVFS_URB_TYPE_INTERRUPT
        && urb->type != USBDEVFS_URB_TYPE_ISO)
        return EINVAL;
    if (urb->type == USBDEVFS_URB_TYPE_ISO && (urb->number_of_packets < 1 || urb->number_of_packets > 128))
        return EINVAL;
    if (r->deauthorized) return EIO;
    if (r->refuse_error && r->counts.bytes_sent >= r->refuse_at) return r->refuse_error;
    if (r->memory_limit && bytes_held(r) + urb->buffer_length > r->memory_limit) return ENOMEM;
    return 0;
}

static int submit(rig *r, struct usbdevfs_urb *urb, UMockdevIoctlClient *client) {
    int refused = refusal(r, urb);
    if (refused) return refused;
    struct rig_transfer *transfer = calloc(1, sizeof *transfer);
    transfer->urb = urb;
    transfer->client = client;
    urb->actual_length = 0;
    if (urb->type == USBDEVFS_URB_TYPE_CONTROL) {
        control(r, transfer);
    } else {
        g_queue_push_tail(&r->flying, transfer);
        if ((int)r->flying.length > r->counts.most_in_flight) r->counts.most_in_flight = (int)r->flying.length;
        rig_serve(r);
    }
    return 0;
}

PROGRAM_MEMORY static int reap(rig *r, UMockdevIoctlClient *client, bool gone, void **answer) {
    for (GList *link = r->done.head; link; link = link->next) {
        struct rig_transfer *transfer = link->data;
        if (transfer->client != client) continue;
        *answer = transfer->urb;
        g_queue_delete_link(&r->done, link);
        free(transfer);
        return 0;
    }
    if (!gone && r->done.length == 0) rig_gate(r, false);
    return gone ? ENODEV : EAGAIN;
}

static int discard(rig *r, void *urb) {
    for (GList *link = r->flying.head; link; link = link->next) {
        struct rig_transfer *transfer = link->data;
        if (transfer->urb != urb) continue;
        g_queue_delete_link(&r->flying, link);
        rig_complete(r, transfer, -ENOENT, 0);
        return 0;
    }
    return EINVAL;  // it has come back already
}

PROGRAM_MEMORY static int kernel_driver(rig *r, const struct usbdevfs_ioctl *command) {
    uint32_t interface = 1u << (command->ifno & 31);
    if (command->ioctl_code == (int)USBDEVFS_DISCONNECT) {
        if (!(r->drivers & interface)) return ENODATA;
        r->drivers &= ~interface;
        return 0;
    }
    if (command->ioctl_code == (int)USBDEVFS_CONNECT) {
        r->drivers |= interface;
        return 0;
    }
    return ENOTTY;
}

PROGRAM_MEMORY static int clear_halt(rig *r, const unsigned int *endpoint) {
    uint8_t address = (uint8_t)*endpoint;
    r->halted[address >> 7] &= ~bit(address);
    r->counts.clear_halts++;
    if (r->broken) return EPROTO;
    return standard(r, 0x02, 1, 0, address);
}

PROGRAM_MEMORY static int get_driver(rig *r, struct usbdevfs_getdriver *answer) {
    if (!(r->drivers & 1u << (answer->interface & 31))) return ENODATA;
    strcpy(answer->driver, "other-driver");
    return 0;
}

PROGRAM_MEMORY static int claim(rig *r, const unsigned int *number, bool wanted) {
    uint32_t interface = 1u << (*number & 31);
    if (wanted && ((r->drivers | r->counts.claimed_mask) & interface)) return EBUSY;
    if (wanted) {
        r->counts.claimed_mask |= interface;
    } else {
        r->counts.claimed_mask &= ~interface;
        // As usb_unbind_interface in the kernel's driver core does.
        if (r->alternates & interface) standard(r, 0x01, 11, 0, (uint16_t)*number);
        r->alternates &= ~interface;
    }
    r->counts.claimed = __builtin_popcount(r->counts.claimed_mask);
    return 0;
}

PROGRAM_MEMORY static int perform(rig *r, UMockdevIoctlClient *client, gulong request, UMockdevIoctlData *argument) {
    void *pointer = *(void **)argument->data;
    bool after_the_end = request == USBDEVFS_REAPURBNDELAY || request == USBDEVFS_REAPURB
        || request == USBDEVFS_DISCARDURB;
    // A node that was opened before the device was plugged in again stays dead.
    bool gone = r->gone || strcmp(umockdev_ioctl_client_get_devnode(client), r->node) != 0;
    if (gone && !after_the_end) return ENODEV;
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        // Without scatter and gather libusb cuts transfers into 16 KiB.
        *(uint32_t *)pointer = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_SCATTER_GATHER
            | USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
        return 0;
    case USBDEVFS_GETDRIVER: return get_driver(r, pointer);
    case USBDEVFS_IOCTL: return kernel_driver(r, pointer);
    case USBDEVFS_CLAIMINTERFACE: return claim(r, pointer, true);
    case USBDEVFS_RELEASEINTERFACE: return claim(r, pointer, false);
    case USBDEVFS_SETINTERFACE: {
        const struct usbdevfs_setinterface *wanted = pointer;
        uint32_t interface = 1u << (wanted->interface & 31);
        r->alternates = wanted->altsetting ? r->alternates | interface : r->alternates & ~interface;
        return standard(r, 0x01, 11, (uint16_t)wanted->altsetting, (uint16_t)wanted->interface);
    }
    case USBDEVFS_SETCONFIGURATION: return standard(r, 0x00, 9, (uint16_t)*(unsigned int *)pointer, 0);
    case USBDEVFS_CLEAR_HALT: return clear_halt(r, pointer);
    case USBDEVFS_RESET: return 0;
    case USBDEVFS_SUBMITURB: return submit(r, pointer, client);
    case USBDEVFS_REAPURB:
    case USBDEVFS_REAPURBNDELAY: return reap(r, client, gone, pointer);
    case USBDEVFS_DISCARDURB: return discard(r, pointer);
    default: return ENOTTY;
    }
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data) {
    rig *r = data;
    (void)base;
    pthread_mutex_lock(&r->lock);
    int error = perform(r, client, umockdev_ioctl_client_get_request(client), umockdev_ioctl_client_get_arg(client));
    pthread_mutex_unlock(&r->lock);
    umockdev_ioctl_client_complete(client, error ? -1 : 0, error);
    return TRUE;
}

void rig_connect(rig *r) { g_signal_connect_after(r->handler, "handle-ioctl", G_CALLBACK(on_ioctl), r); }
