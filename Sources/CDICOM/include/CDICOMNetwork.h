#ifndef CDICOM_NETWORK_H
#define CDICOM_NETWORK_H
#ifdef __cplusplus
extern "C" {
#endif
#ifdef __cplusplus
}
#endif
#endif
