// What requests and the listener share. Not part of the C header.
#ifndef CDICOM_ASSOCIATION_H
#define CDICOM_ASSOCIATION_H
#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmnet/assoc.h"
#include "dcmtk/dcmnet/dimse.h"
#include "dcmtk/dcmtls/tlslayer.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "CDICOM.h"

namespace cdicom {

// Why a call ends; thrown inside, never over the C border.
struct Failure {
    cdicom_end end = cdicom_broken;
    Uint16 status = 0;
    T_ASC_RejectParameters rejection{};
    std::string text;

    Failure(cdicom_end end, const std::string &text) : end(end), text(text) {}
    explicit Failure(Uint16 status) : end(cdicom_refused), status(status) {}
    // By DCMTK's condition.
    explicit Failure(const OFCondition &condition);
};

// Runs a call and writes how it ended; nothing is thrown further.
template <class Body> void guarded(cdicom_outcome *outcome, Body body) {
    memset(outcome, 0, sizeof *outcome);
    try {
        body();
    } catch (const Failure &failure) {
        outcome->end = failure.end;
        outcome->status = failure.status;
        outcome->reject_result = static_cast<uint8_t>(failure.rejection.result);
        outcome->reject_source = static_cast<uint8_t>(failure.rejection.source);
        outcome->reject_reason = static_cast<uint8_t>(failure.rejection.reason);
        OFStandard::strlcpy(outcome->text, failure.text.c_str(), sizeof outcome->text);
    } catch (const std::bad_alloc &) {
        outcome->end = cdicom_broken;
        OFStandard::strlcpy(outcome->text, "out of memory", sizeof outcome->text);
    } catch (...) {
        outcome->end = cdicom_broken;
        OFStandard::strlcpy(outcome->text, "an exception", sizeof outcome->text);
    }
}

// Once: no log (it could hold names), and no socket that waits for ever.
void prepare();

// TLS by the non-downgrading profile of BCP 195, in one direction. NULL without `ca`.
std::unique_ptr<DcmTLSTransportLayer> makeLayer(
    T_ASC_NetworkRole role, const char *ca, const char *certificate, const char *key);

// An association that was requested, and is aborted when it was not released.
class Association {
public:
    // With `allOrNothing` it throws when the first of the classes was not accepted.
    Association(const cdicom_peer &peer, const std::vector<std::string> &classes, bool allOrNothing = true);
    ~Association();
    Association(const Association &) = delete;
    Association &operator=(const Association &) = delete;

    T_ASC_Association *get() { return association; }
    int timeout() const { return seconds; }
    // 0: the peer did not accept it.
    T_ASC_PresentationContextID context(const char *sopClass);
    // Throws when the association ended.
    void check(const OFCondition &condition);
    // Notes that the peer ended it, if it did.
    void ended(const OFCondition &condition);
    void release();

private:
    void request(const cdicom_peer &peer, const std::vector<std::string> &classes);
    void drop();

    // Before the network, which uses it to its end.
    std::unique_ptr<DcmTLSTransportLayer> layer;
    T_ASC_Network *network = nullptr;
    T_ASC_Association *association = nullptr;
    bool isOpen = false;
    int seconds;
};

// Puts attributes into a data set.
void insert(DcmItem &data, const cdicom_attribute *attributes, size_t count);

// Brings all texts to UTF-8; false where they are not of their character set.
bool toUTF8(DcmDataset &data, const char *defaultCharacterSet);

// The attributes of a data set as a flat list; bounded, because it comes from outside.
class Attributes {
public:
    void collect(DcmItem &data) { collect(data, "", 0); }

    template <class Body> void give(Body body) const {
        std::vector<cdicom_attribute> list;
        list.reserve(entries.size());
        for (const auto &entry : entries) list.push_back({entry.first.c_str(), entry.second.c_str()});
        body(list.data(), list.size());
    }

private:
    void collect(DcmItem &data, const std::string &place, int depth);

    std::vector<std::pair<std::string, std::string>> entries;
};

// Reads a report's data set, lets it be noted and answers it; throws where the association ended.
void answerReport(
    T_ASC_Association *association, int timeout, T_ASC_PresentationContextID presentation,
    const T_DIMSE_N_EventReportRQ &request, cdicom_reported reported, void *context);

}  // namespace cdicom
#endif
