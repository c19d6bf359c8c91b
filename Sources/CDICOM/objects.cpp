#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"
#include "CDICOM.h"

int cdicom_is_dictionary_loaded(void) { return dcmDataDict.isDictionaryLoaded() ? 1 : 0; }
