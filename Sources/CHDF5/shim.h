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
// Before anything else is asked of the library. It prints its own errors otherwise, and where the process ends it takes down
// what it keeps, which after a damaged file never succeeds, and says so (github.com/HDFGroup/hdf5/issues/6677). Nothing needs
// that: every file is closed by whoever opened it.
static inline void dopplerbridge_hdf5_quiet(void) {
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static inline unsigned dopplerbridge_hdf5_read_only(void) { return H5F_ACC_RDONLY; }
// What numbers are turned into while they are read; below 0: there is no such type.
static inline hid_t dopplerbridge_hdf5_integer(int bytes, int is_signed) {
    switch (bytes) {
        case 1: return H5Tcopy(is_signed ? H5T_STD_I8LE : H5T_STD_U8LE);
        case 2: return H5Tcopy(is_signed ? H5T_STD_I16LE : H5T_STD_U16LE);
        case 4: return H5Tcopy(is_signed ? H5T_STD_I32LE : H5T_STD_U32LE);
        case 8: return H5Tcopy(is_signed ? H5T_STD_I64LE : H5T_STD_U64LE);
        default: return -1;
    }
}
static inline hid_t dopplerbridge_hdf5_float(int bytes) {
    return bytes == 4 ? H5Tcopy(H5T_IEEE_F32LE) : bytes == 8 ? H5Tcopy(H5T_IEEE_F64LE) : -1;
}
// Real and imaginary part side by side, named as h5py names them.
static inline hid_t dopplerbridge_hdf5_complex(int bytes) {
    hid_t part = dopplerbridge_hdf5_float(bytes);
    if (part < 0) return -1;
    hid_t type = H5Tcreate(H5T_COMPOUND, 2 * (size_t)bytes);
    if (type >= 0 && (H5Tinsert(type, "r", 0, part) < 0 || H5Tinsert(type, "i", (size_t)bytes, part) < 0)) {
        H5Tclose(type);
        type = -1;
    }
    H5Tclose(part);
    return type;
}
// 1: a name leads to something within this file; 0: there is no such name; -1: to somewhere else, or it cannot be told.
static inline int dopplerbridge_hdf5_link(hid_t file, const char *name) {
    const htri_t exists = H5Lexists(file, name, H5P_DEFAULT);
    if (exists <= 0) return exists == 0 ? 0 : -1;
    H5L_info_t facts;
    return H5Lget_info(file, name, &facts, H5P_DEFAULT) >= 0 && facts.type == H5L_TYPE_HARD ? 1 : -1;
}
// Filters are code: none is loaded from anywhere.
static inline int dopplerbridge_hdf5_without_plugins(void) { return H5PLset_loading_state(0); }
// The number of a filter in a list of them; below 0: it cannot be told.
static inline int dopplerbridge_hdf5_filter(hid_t list, unsigned index) {
    unsigned flags = 0;
    size_t values = 0;
    return (int)H5Pget_filter2(list, index, &flags, &values, NULL, 0, NULL, NULL);
}
