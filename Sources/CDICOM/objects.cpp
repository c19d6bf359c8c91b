#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dcostrmb.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmsr/dsrdoc.h"
#include "dcmtk/oflog/oflog.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "CDICOM.h"

struct cdicom_object {
    DcmFileFormat file;
    std::vector<DcmItem *> open;  // the items that are begun, the data set first
};

namespace {

const char *or_empty(const char *text) { return text ? text : ""; }

int refuse(char *why, size_t size, const std::string &reason) {
    if (why && size > 0) std::snprintf(why, size, "%s", reason.c_str());
    return 1;
}

std::string name_of(uint32_t tag) {
    char text[32];
    std::snprintf(text, sizeof text, "(%04x,%04x)", unsigned(tag >> 16), unsigned(tag & 0xFFFF));
    return text;
}

int outcome(const OFCondition &condition, uint32_t tag, char *why, size_t size) {
    if (condition.good()) return 0;
    return refuse(why, size, name_of(tag) + ": " + condition.text());
}

DcmTag tag_of(uint32_t tag) { return DcmTag(Uint16(tag >> 16), Uint16(tag & 0xFFFF)); }

// No exception may pass the border to Swift.
template <typename Body>
int guarded(char *why, size_t size, Body body) {
    try {
        return body();
    } catch (const std::exception &problem) {
        return refuse(why, size, std::string("the DICOM library failed: ") + problem.what());
    } catch (...) {
        return refuse(why, size, "the DICOM library failed");
    }
}

DSRCodedEntryValue coded(const char *code, const char *scheme, const char *meaning) {
    return DSRCodedEntryValue(or_empty(code), or_empty(scheme), or_empty(meaning));
}

// Fills the content item that was just added.
OFCondition fill(DSRDocument &document, const cdicom_report &report, const cdicom_report_item &item,
                 DSRTypes::E_ValueType type) {
    DSRContentItem &content = document.getTree().getCurrentContentItem();
    OFCondition done = EC_Normal;
    if (item.name_code) done = content.setConceptName(coded(item.name_code, item.name_scheme, item.name_meaning));
    if (done.bad()) return done;
    switch (type) {
        case DSRTypes::VT_Container: return content.setContinuityOfContent(DSRTypes::COC_Separate);
        case DSRTypes::VT_Code: return content.setCodeValue(coded(item.code, item.scheme, item.meaning));
        case DSRTypes::VT_Num: {
            DSRNumericMeasurementValue number;
            if (!item.value) {
                done = number.setValue(coded(item.code, item.scheme, item.meaning));
            } else {
                done = number.setValue(OFString(item.value), coded(item.code, item.scheme, item.meaning));
                if (done.good() && item.has_exact) done = number.setFloatingPointRepresentation(item.exact);
            }
            return done.good() ? content.setNumericValue(number) : done;
        }
        case DSRTypes::VT_Image:
            done = content.setImageReference(DSRImageReferenceValue(or_empty(item.image_class), or_empty(item.value)));
            if (done.bad()) return done;
            return document.getCurrentRequestedProcedureEvidence().addItem(
                or_empty(report.study_uid), or_empty(item.image_series), or_empty(item.image_class),
                or_empty(item.value));
        // Lengths and characters are examined before, with the character set in mind.
        default: return content.setStringValue(or_empty(item.value), OFFalse);
    }
}

int add_items(DSRDocument &document, const cdicom_report &report, const cdicom_report_item *items, size_t count,
              char *why, size_t size) {
    DSRDocumentTree &tree = document.getTree();
    int32_t depth = -1;
    for (size_t index = 0; index < count; ++index) {
        const cdicom_report_item &item = items[index];
        const std::string place =
            "item " + std::to_string(index) + " (" + or_empty(item.name_scheme) + " " + or_empty(item.name_code) + ")";
        const DSRTypes::E_ValueType type = DSRTypes::definedTermToValueType(or_empty(item.value_type));
        if (type == DSRTypes::VT_invalid) return refuse(why, size, place + ": unknown value type");
        if (item.depth < 0 || item.depth > depth + 1 || (item.depth == 0) != (index == 0))
            return refuse(why, size, place + ": hangs in the air");
        const DSRTypes::E_RelationshipType relationship =
            index == 0 ? DSRTypes::RT_isRoot : DSRTypes::definedTermToRelationshipType(or_empty(item.relationship));
        DSRTypes::E_AddMode mode = DSRTypes::AM_afterCurrent;
        if (item.depth > depth && index > 0) mode = DSRTypes::AM_belowCurrent;
        for (int32_t level = depth; level > item.depth; --level) tree.goUp();
        depth = item.depth;
        if (tree.addContentItem(relationship, type, mode) == 0)
            return refuse(why, size, place + ": a Comprehensive SR may not hold it here");
        const OFCondition filled = fill(document, report, item, type);
        if (filled.bad()) return refuse(why, size, place + ": " + filled.text());
    }
    return 0;
}

OFCondition add_facts(DSRDocument &document, const cdicom_report &report) {
    OFCondition done = EC_Normal;
    if (report.scheme) {
        DSRCodingSchemeIdentificationList &schemes = document.getCodingSchemeIdentification();
        done = schemes.addItem(report.scheme);
        if (done.good()) done = schemes.setCodingSchemeUID(or_empty(report.scheme_uid));
        if (done.good()) done = schemes.setCodingSchemeName(or_empty(report.scheme_name));
        if (done.good()) done = schemes.setCodingSchemeVersion(or_empty(report.scheme_version));
        if (done.good()) done = schemes.setCodingSchemeResponsibleOrganization(or_empty(report.scheme_organisation));
    }
    if (done.good() && report.predecessor_uid) {
        done = document.getPredecessorDocuments().addItem(
            or_empty(report.predecessor_study), or_empty(report.predecessor_series), UID_ComprehensiveSRStorage,
            report.predecessor_uid);
    }
    if (done.good()) done = document.createNewSeriesInStudy(or_empty(report.study_uid));
    if (done.good()) done = document.completeDocument();
    if (done.good() && report.observer) {
        done = document.verifyDocument(
            report.observer, or_empty(report.observer_organisation), or_empty(report.verified_at), OFFalse);
    }
    if (done.good()) {
        done = document.setPreliminaryFlag(report.observer ? DSRTypes::PF_Final : DSRTypes::PF_Preliminary);
    }
    return done;
}

}  // namespace

int cdicom_is_dictionary_loaded(void) { return dcmDataDict.isDictionaryLoaded() ? 1 : 0; }

void cdicom_silence(void) {
    static std::once_flag once;
    try {
        std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
    } catch (...) {
    }
}

cdicom_object *cdicom_object_new(void) {
    try {
        cdicom_silence();
        std::unique_ptr<cdicom_object> object(new cdicom_object);
        object->open.push_back(object->file.getDataset());
        if (object->file.getDataset()->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192").bad()) return nullptr;
        return object.release();
    } catch (...) {
        return nullptr;
    }
}

void cdicom_object_free(cdicom_object *object) {
    try {
        delete object;
    } catch (...) {
    }
}

int cdicom_object_put_text(cdicom_object *object, uint32_t tag, const char *text, char *why, size_t size) {
    return guarded(why, size, [&] {
        DcmItem *item = object->open.back();
        if (!text || !*text) return outcome(item->insertEmptyElement(tag_of(tag)), tag, why, size);
        return outcome(item->putAndInsertString(tag_of(tag), text), tag, why, size);
    });
}

int cdicom_object_put_integer(cdicom_object *object, uint32_t tag, int64_t value, char *why, size_t size) {
    return guarded(why, size, [&] {
        DcmItem *item = object->open.back();
        const DcmTag key = tag_of(tag);
        const auto fits = [&](int64_t low, int64_t high) { return value >= low && value <= high; };
        switch (key.getEVR()) {
            case EVR_US:
            case EVR_xs:
                if (!fits(0, std::numeric_limits<Uint16>::max())) break;
                return outcome(item->putAndInsertUint16(key, Uint16(value)), tag, why, size);
            case EVR_UL:
                if (!fits(0, std::numeric_limits<Uint32>::max())) break;
                return outcome(item->putAndInsertUint32(key, Uint32(value)), tag, why, size);
            case EVR_SL:
                if (!fits(std::numeric_limits<Sint32>::min(), std::numeric_limits<Sint32>::max())) break;
                return outcome(item->putAndInsertSint32(key, Sint32(value)), tag, why, size);
            default: return refuse(why, size, name_of(tag) + ": is no whole number");
        }
        return refuse(why, size, name_of(tag) + ": the number does not fit");
    });
}

int cdicom_object_put_double(cdicom_object *object, uint32_t tag, double value, char *why, size_t size) {
    return guarded(why, size, [&] {
        return outcome(object->open.back()->putAndInsertFloat64(tag_of(tag), value), tag, why, size);
    });
}

int cdicom_object_put_bytes(
    cdicom_object *object, uint32_t tag, const uint8_t *bytes, size_t count, char *why, size_t size) {
    return guarded(why, size, [&] {
        // Even lengths only, and a length of 32 bits.
        if (count >= std::numeric_limits<Uint32>::max() - 2) return refuse(why, size, name_of(tag) + ": too long");
        DcmItem *item = object->open.back();
        if (count % 2 == 0)
            return outcome(
                item->putAndInsertUint8Array(tag_of(tag), bytes, static_cast<unsigned long>(count)), tag, why, size);
        std::vector<Uint8> padded(bytes, bytes + count);
        padded.push_back(0);
        return outcome(
            item->putAndInsertUint8Array(tag_of(tag), padded.data(), static_cast<unsigned long>(padded.size())), tag,
            why, size);
    });
}

int cdicom_object_put_words(
    cdicom_object *object, uint32_t tag, const uint16_t *words, size_t count, char *why, size_t size) {
    return guarded(why, size, [&] {
        if (count >= std::numeric_limits<Uint32>::max() / 2) return refuse(why, size, name_of(tag) + ": too long");
        return outcome(
            object->open.back()->putAndInsertUint16Array(tag_of(tag), words, static_cast<unsigned long>(count)), tag,
            why, size);
    });
}

int cdicom_object_begin_item(cdicom_object *object, uint32_t sequence, char *why, size_t size) {
    return guarded(why, size, [&] {
        // -2 asks for one more item at the end.
        DcmItem *item = nullptr;
        const OFCondition found = object->open.back()->findOrCreateSequenceItem(tag_of(sequence), item, -2);
        if (found.bad() || !item) return refuse(why, size, name_of(sequence) + ": " + found.text());
        object->open.push_back(item);
        return 0;
    });
}

int cdicom_object_end_item(cdicom_object *object, char *why, size_t size) {
    return guarded(why, size, [&] {
        if (object->open.size() < 2) return refuse(why, size, "no item is begun");
        object->open.pop_back();
        return 0;
    });
}

int cdicom_object_put_report(
    cdicom_object *object, const cdicom_report *report, const cdicom_report_item *items, size_t count, char *why,
    size_t size) {
    return guarded(why, size, [&] {
        if (!report || !items || count == 0) return refuse(why, size, "a report without content");
        DSRDocument document(DSRTypes::DT_ComprehensiveSR);
        document.setSpecificCharacterSetType(DSRTypes::CS_UTF8);
        const int added = add_items(document, *report, items, count, why, size);
        if (added != 0) return added;
        DSRDocumentTree &tree = document.getTree();
        tree.gotoRoot();
        OFCondition done = tree.getCurrentContentItem().setTemplateIdentification(or_empty(report->template_id), "DCMR");
        if (done.good()) done = add_facts(document, *report);
        if (done.good()) done = document.write(*object->file.getDataset());
        return done.good() ? 0 : refuse(why, size, std::string("report: ") + done.text());
    });
}

int cdicom_object_write(cdicom_object *object, uint8_t **bytes, size_t *count, char *why, size_t size) {
    return guarded(why, size, [&] {
        if (object->open.size() != 1) return refuse(why, size, "an item is begun and not ended");
        const E_TransferSyntax syntax = EXS_LittleEndianExplicit;
        OFCondition done = object->file.validateMetaInfo(syntax);
        if (done.bad()) return refuse(why, size, std::string("meta information: ") + done.text());
        // Preamble, meta information and length fields beside what the library counts.
        const size_t margin = 4096;
        size_t room = size_t(object->file.calcElementLength(syntax, EET_ExplicitLength)) + margin;
        room += room % 2;
        std::unique_ptr<uint8_t, decltype(&std::free)> buffer(static_cast<uint8_t *>(std::malloc(room)), &std::free);
        if (!buffer) return refuse(why, size, "not enough memory");
        DcmOutputBufferStream stream(buffer.get(), static_cast<offile_off_t>(room));
        object->file.transferInit();
        done = object->file.write(stream, syntax, EET_ExplicitLength, nullptr, EGL_recalcGL, EPD_noChange);
        object->file.transferEnd();
        if (done.bad()) return refuse(why, size, std::string("writing: ") + done.text());
        void *written = nullptr;
        offile_off_t length = 0;
        stream.flushBuffer(written, length);
        if (written != buffer.get() || length <= 0) return refuse(why, size, "writing: nothing was written");
        *count = size_t(length);
        *bytes = buffer.release();
        return 0;
    });
}

void cdicom_free(void *bytes) { std::free(bytes); }
