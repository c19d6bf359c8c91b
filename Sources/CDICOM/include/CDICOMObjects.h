/* DICOM objects built in memory and written to memory: nothing touches a file, nothing is logged, no exception passes.
 *
 * Every function that returns int gives 0 when it did what it says; otherwise `why` holds a reason, which never holds a
 * value of the object. Texts are UTF-8 and end with 0. */
#ifndef CDICOM_OBJECTS_H
#define CDICOM_OBJECTS_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/* Whether the data dictionary was found: without it implicit objects turn into bytes of unknown kind. */
int cdicom_is_dictionary_loaded(void);

/* Turns DCMTK's own log off, once for the process: its lines can hold names. */
void cdicom_silence(void);

/* A DICOM data set in the making. */
typedef struct cdicom_object cdicom_object;

/* A new data set in UTF-8; NULL without memory. Free it with cdicom_object_free. */
cdicom_object *cdicom_object_new(void);
void cdicom_object_free(cdicom_object *object);

/* Puts one element; `tag` is group and element, 0x00100010. An empty text makes an element without a value. Whatever
 * stood there before is replaced. */
int cdicom_object_put_text(cdicom_object *object, uint32_t tag, const char *text, char *why, size_t size);
/* Puts whole numbers: US, UL and SL as the dictionary says. */
int cdicom_object_put_integer(cdicom_object *object, uint32_t tag, int64_t value, char *why, size_t size);
/* Puts a double: FD as the dictionary says. */
int cdicom_object_put_double(cdicom_object *object, uint32_t tag, double value, char *why, size_t size);
/* Puts bytes: OB as the dictionary says; of an odd number of them one byte 0 is added. */
int cdicom_object_put_bytes(
    cdicom_object *object, uint32_t tag, const uint8_t *bytes, size_t count, char *why, size_t size);
/* Puts words of 16 bits: OW as the dictionary says; the file holds them little endian. */
int cdicom_object_put_words(
    cdicom_object *object, uint32_t tag, const uint16_t *words, size_t count, char *why, size_t size);
/* Begins one more item of a sequence; what is put from here on goes into it, until it is ended. */
int cdicom_object_begin_item(cdicom_object *object, uint32_t sequence, char *why, size_t size);
int cdicom_object_end_item(cdicom_object *object, char *why, size_t size);

/* One item of a report's content tree, depth first. NULL stands for what an item does not have. */
typedef struct {
    int32_t depth;                                                  /* 0 = the root */
    const char *relationship;                                       /* CONTAINS, HAS PROPERTIES ... */
    const char *value_type;                                         /* CONTAINER, CODE, NUM, TEXT, UIDREF, PNAME, IMAGE */
    const char *name_code, *name_scheme, *name_meaning;             /* concept name */
    const char *value;                                              /* text, number, UID, name, SOP Instance UID */
    const char *code, *scheme, *meaning;                            /* CODE: the value; NUM: unit, or why there is none */
    const char *image_class, *image_series;                         /* IMAGE: SOP Class UID, Series Instance UID */
    int has_exact;                                                  /* NUM: whether `exact` says more than the text */
    double exact;
} cdicom_report_item;

/* What is said of a report as a whole. */
typedef struct {
    const char *template_id;                                        /* 5100 */
    const char *study_uid;
    const char *scheme, *scheme_uid, *scheme_name, *scheme_version, *scheme_organisation;    /* private codes */
    const char *predecessor_series, *predecessor_uid, *predecessor_study;   /* NULL for a first version */
    const char *observer, *observer_organisation, *verified_at;     /* NULL for a report that nobody verified */
} cdicom_report;

/* Puts the modules of a Comprehensive SR into the data set. What is put afterwards replaces what the library made up:
 * UIDs, dates and times must be. */
int cdicom_object_put_report(
    cdicom_object *object, const cdicom_report *report, const cdicom_report_item *items, size_t count, char *why,
    size_t size);

/* Writes the data set as a file of PS3.10, explicit little endian. Free `bytes` with cdicom_free. */
int cdicom_object_write(cdicom_object *object, uint8_t **bytes, size_t *count, char *why, size_t size);

/* Bytes that a function here gave. */
void cdicom_free(void *bytes);

#ifdef __cplusplus
}
#endif
#endif
