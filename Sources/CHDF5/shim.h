#include <hdf5.h>

// The library's names of types are macros that open it first; Swift sees functions only.
static inline hid_t dopplerbridge_hdf5_int8(void) { return H5T_STD_I8LE; }
static inline hid_t dopplerbridge_hdf5_int16(void) { return H5T_STD_I16LE; }
static inline hid_t dopplerbridge_hdf5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t dopplerbridge_hdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t dopplerbridge_hdf5_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t dopplerbridge_hdf5_text(void) { return H5T_C_S1; }
static inline unsigned dopplerbridge_hdf5_exclusive(void) { return H5F_ACC_EXCL; }
// A file of HDF5 1.8 and later can be read by every reader in use, and has no limit of 64 KiB on descriptions.
static inline hid_t dopplerbridge_hdf5_access(void) {
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    if (list >= 0 && H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_LATEST) < 0) {
        H5Pclose(list);
        return -1;
    }
    return list;
}
static inline hid_t dopplerbridge_hdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t dopplerbridge_hdf5_all(void) { return H5S_ALL; }
static inline hid_t dopplerbridge_hdf5_scalar(void) { return H5Screate(H5S_SCALAR); }
// The library prints its own errors otherwise.
static inline void dopplerbridge_hdf5_quiet(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
