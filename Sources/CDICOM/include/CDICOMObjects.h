#ifndef CDICOM_OBJECTS_H
#define CDICOM_OBJECTS_H
#ifdef __cplusplus
extern "C" {
#endif
/* Whether the data dictionary was found: without it implicit objects turn into bytes of unknown kind. */
int cdicom_is_dictionary_loaded(void);
#ifdef __cplusplus
}
#endif
#endif
