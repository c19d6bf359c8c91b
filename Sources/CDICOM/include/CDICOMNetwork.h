/* The DICOM network behind a C header: DCMTK's associations, one for each call, and a listener.
 *
 * Every call blocks, so it belongs on a thread of its own. None throws, none prints, and no text that a call gives back
 * holds anything of a patient: only the attributes of a worklist do. */
#ifndef CDICOM_NETWORK_H
#define CDICOM_NETWORK_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/* Who is spoken to, and how. */
typedef struct {
    const char *host;
    uint16_t port;
    const char *calling_title;
    const char *called_title;
    /* For the connection, the negotiation and each answer. */
    int32_t timeout_seconds;
    /* PEM. NULL: plain TCP. Else only a peer with a certificate of this authority is spoken to; its name is not checked. */
    const char *ca_file;
    /* PEM; both NULL: this side shows no certificate. */
    const char *certificate_file;
    const char *key_file;
} cdicom_peer;

/* How a call ended. */
typedef enum {
    cdicom_done = 0,
    /* Nobody answers at this host and port. */
    cdicom_not_connected,
    /* The peer's certificate, or ours, was not taken, or the peer speaks no TLS. */
    cdicom_tls_failed,
    /* A file of ours cannot be used: `text` says which kind. */
    cdicom_tls_file,
    /* The association was rejected: `reject_...` say why (PS3.8 table 9-21). */
    cdicom_rejected,
    /* The peer takes nothing of what was offered. */
    cdicom_not_offered,
    cdicom_aborted,
    cdicom_timed_out,
    cdicom_connection_lost,
    /* The peer answered with `status` (PS3.7 annex C). */
    cdicom_refused,
    /* The peer sent what it may not. */
    cdicom_bad_answer,
    /* What was to be sent is no DICOM object, or more than can be sent. */
    cdicom_bad_input,
    cdicom_port_taken,
    cdicom_broken,
} cdicom_end;

typedef struct {
    cdicom_end end;
    uint16_t status;
    uint8_t reject_result, reject_source, reject_reason;
    /* What DCMTK or this side says in addition. */
    char text[160];
} cdicom_outcome;

/* C-ECHO. */
void cdicom_echo(const cdicom_peer *peer, cdicom_outcome *outcome);

/* A DICOM file (PS3.10) in memory. */
typedef struct {
    const uint8_t *bytes;
    size_t count;
} cdicom_file;

/* What became of one object: `end` is cdicom_done for every answer, whose status then counts; else the object was not sent. */
typedef struct {
    cdicom_end end;
    uint16_t status;
    char sop_class[65], sop_instance[65];
} cdicom_store_answer;

/* C-STORE of several objects in one association. What the association's end left without an answer keeps cdicom_broken. */
void cdicom_store(
    const cdicom_peer *peer, const cdicom_file *objects, size_t count, cdicom_store_answer *answers,
    cdicom_outcome *outcome);

/* One attribute of a data set. The path is `00400100[0].00080060`: tags in hexadecimal, items counted from 0; the value
 * is UTF-8. A path that ends with an item makes an empty one; one that ends with a sequence, an empty sequence. */
typedef struct {
    const char *path;
    const char *value;
} cdicom_attribute;

/* One answer; not readable: its texts are not of the character set that it names, or it names none. */
typedef void (*cdicom_found)(void *context, int32_t is_readable, const cdicom_attribute *attributes, size_t count);

/* C-FIND in the modality worklist.
 *
 * default_character_set: for answers without (0008,0005), or NULL. most_answers: then the query is cancelled. */
void cdicom_find_worklist(
    const cdicom_peer *peer, const cdicom_attribute *query, size_t query_count, const char *default_character_set,
    int32_t most_answers, cdicom_found found, void *context, cdicom_outcome *outcome);

/* N-CREATE of a modality performed procedure step. */
void cdicom_step_create(
    const cdicom_peer *peer, const char *sop_instance, const cdicom_attribute *attributes, size_t count,
    cdicom_outcome *outcome);
/* N-SET of one. */
void cdicom_step_set(
    const cdicom_peer *peer, const char *sop_instance, const cdicom_attribute *attributes, size_t count,
    cdicom_outcome *outcome);

/* One object of a storage commitment. */
typedef struct {
    const char *sop_class;
    const char *sop_instance;
    /* 0 where it is kept, else why it is not (PS3.3 C.14.1.1). */
    uint16_t failure_reason;
} cdicom_commitment;

/* A report of what is kept; the result is the status to answer with, 0 when it was noted. */
typedef uint16_t (*cdicom_reported)(
    void *context, const char *calling_title, const char *transaction, const cdicom_commitment *objects, size_t count);

/* N-ACTION: asks to keep objects. The report may come on the same association, for which wait_seconds are waited, or later
 * on one of its own, to the listener. */
void cdicom_commit(
    const cdicom_peer *peer, const char *transaction, const cdicom_commitment *objects, size_t count, int32_t wait_seconds,
    cdicom_reported reported, void *context, cdicom_outcome *outcome);

/* Listens for C-ECHO and N-EVENT-REPORT. */
typedef struct cdicom_listener cdicom_listener;

typedef struct {
    const char *title;
    uint16_t port;
    int32_t timeout_seconds;
    /* The calling titles that are let in; none: all of them. */
    const char *const *known_titles;
    size_t known_count;
    /* As in cdicom_peer; with a ca_file, who calls must show a certificate of that authority. */
    const char *ca_file;
    const char *certificate_file;
    const char *key_file;
} cdicom_listening;

/* NULL: see the outcome. */
cdicom_listener *cdicom_listener_open(const cdicom_listening *settings, cdicom_outcome *outcome);
/* Returns when it was stopped; one association after the other. */
void cdicom_listener_run(cdicom_listener *listener, cdicom_reported reported, void *context);
/* From any thread; it ends within a second, or after the association that it has. */
void cdicom_listener_stop(cdicom_listener *listener);
/* After it ended. */
void cdicom_listener_close(cdicom_listener *listener);

#ifdef __cplusplus
}
#endif
#endif
