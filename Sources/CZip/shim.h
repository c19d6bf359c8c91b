#include <zip.h>

static inline int dopplerbridge_zip_exclusive(void) { return ZIP_CREATE | ZIP_EXCL; }
