/* DCMTK behind a C header: DICOM objects (objects.cpp) and the DICOM network (network.cpp). */
#ifndef CDICOM_H
#define CDICOM_H
#include "CDICOMObjects.h"
#include "CDICOMNetwork.h"
#endif
