// The DICOM network: what is asked for. `association.cpp` has the connection, `listener.cpp` the other direction.
#include <cstring>
#include <memory>

#include "association.h"

#include "dcmtk/dcmdata/dcistrmb.h"

namespace {

using namespace cdicom;

// Types of N-ACTION and the one instance of the commitment class (PS3.4 annex J).
const DIC_US requestCommitment = 1;
// PS3.4 table W.4-1.. the statuses of C-STORE are the caller's business; this one says that nothing was answered.
const Uint16 noStatus = 0xFFFF;

std::unique_ptr<DcmFileFormat> readObject(const cdicom_file &object) {
    if (!object.bytes || object.count == 0) throw Failure(cdicom_bad_input, "an empty object");
    DcmInputBufferStream stream;
    stream.setBuffer(object.bytes, static_cast<offile_off_t>(object.count));
    stream.setEos();
    std::unique_ptr<DcmFileFormat> file(new DcmFileFormat());
    file->transferInit();
    OFCondition read = file->read(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength);
    file->transferEnd();
    if (read.bad()) throw Failure(cdicom_bad_input, read.text());
    return file;
}

void copy(char (&target)[65], const OFString &text) { OFStandard::strlcpy(target, text.c_str(), sizeof target); }

// Sends one object that was read; throws where the association ended.
void storeOne(Association &association, DcmDataset &data, Uint16 number, cdicom_store_answer &answer) {
    T_ASC_PresentationContextID context = association.context(answer.sop_class);
    if (context == 0) {
        answer.end = cdicom_not_offered;
        return;
    }
    T_DIMSE_C_StoreRQ request;
    memset(&request, 0, sizeof request);
    request.MessageID = number;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    request.Priority = DIMSE_PRIORITY_MEDIUM;
    OFStandard::strlcpy(request.AffectedSOPClassUID, answer.sop_class, sizeof request.AffectedSOPClassUID);
    OFStandard::strlcpy(request.AffectedSOPInstanceUID, answer.sop_instance, sizeof request.AffectedSOPInstanceUID);
    T_DIMSE_C_StoreRSP response;
    memset(&response, 0, sizeof response);
    DcmDataset *detail = nullptr;
    OFCondition sent = DIMSE_storeUser(
        association.get(), context, &request, nullptr, &data, nullptr, nullptr, DIMSE_NONBLOCKING,
        association.timeout(), &response, &detail);
    delete detail;
    association.check(sent);
    answer.end = cdicom_done;
    answer.status = response.DimseStatus;
}

}  // namespace

extern "C" void cdicom_echo(const cdicom_peer *peer, cdicom_outcome *outcome) {
    guarded(outcome, [&] {
        Association association(*peer, {UID_VerificationSOPClass});
        DIC_US status = noStatus;
        DcmDataset *detail = nullptr;
        OFCondition sent = DIMSE_echoUser(
            association.get(), association.get()->nextMsgID++, DIMSE_NONBLOCKING, association.timeout(), &status, &detail);
        delete detail;
        association.check(sent);
        association.release();
        if (status != STATUS_Success) throw Failure(status);
    });
}

extern "C" void cdicom_store(
    const cdicom_peer *peer, const cdicom_file *objects, size_t count, cdicom_store_answer *answers,
    cdicom_outcome *outcome) {
    for (size_t index = 0; index < count; ++index) {
        memset(&answers[index], 0, sizeof answers[index]);
        answers[index].end = cdicom_broken;
    }
    guarded(outcome, [&] {
        std::vector<std::unique_ptr<DcmFileFormat>> files(count);
        std::vector<std::string> classes;
        for (size_t index = 0; index < count; ++index) {
            try {
                files[index] = readObject(objects[index]);
            } catch (const Failure &failure) {
                answers[index].end = failure.end;
                continue;
            }
            OFString text;
            files[index]->getDataset()->findAndGetOFString(DCM_SOPClassUID, text);
            copy(answers[index].sop_class, text);
            files[index]->getDataset()->findAndGetOFString(DCM_SOPInstanceUID, text);
            copy(answers[index].sop_instance, text);
            if (answers[index].sop_class[0] == 0 || answers[index].sop_instance[0] == 0) {
                answers[index].end = cdicom_bad_input;
                files[index].reset();
                continue;
            }
            const std::string name = answers[index].sop_class;
            if (std::find(classes.begin(), classes.end(), name) == classes.end()) classes.push_back(name);
        }
        if (classes.empty()) return;
        Association association(*peer, classes, false);
        for (size_t index = 0; index < count; ++index) {
            if (!files[index]) continue;
            storeOne(association, *files[index]->getDataset(), association.get()->nextMsgID++, answers[index]);
            // What was sent is not needed any more, and may be long.
            files[index].reset();
        }
        association.release();
    });
}

namespace {

struct Search {
    cdicom_found found;
    void *context;
    const char *defaultCharacterSet;
    int most;
    Association *association;
    T_ASC_PresentationContextID presentation;
    bool isCancelled = false;
};

void foundOne(void *data, T_DIMSE_C_FindRQ *request, int number, T_DIMSE_C_FindRSP *, DcmDataset *answer) {
    Search &search = *static_cast<Search *>(data);
    if (!answer || search.isCancelled) return;
    if (number > search.most) {
        search.isCancelled = true;
        DIMSE_sendCancelRequest(search.association->get(), search.presentation, request->MessageID);
        return;
    }
    // No exception may cross DCMTK, which expects none.
    try {
        const bool isReadable = toUTF8(*answer, search.defaultCharacterSet);
        Attributes attributes;
        attributes.collect(*answer);
        attributes.give([&](const cdicom_attribute *list, size_t count) {
            search.found(search.context, isReadable ? 1 : 0, list, count);
        });
    } catch (...) {
        search.found(search.context, 0, nullptr, 0);
    }
}

}  // namespace

extern "C" void cdicom_find_worklist(
    const cdicom_peer *peer, const cdicom_attribute *query, size_t query_count, const char *default_character_set,
    int32_t most_answers, cdicom_found found, void *context, cdicom_outcome *outcome) {
    guarded(outcome, [&] {
        DcmDataset asked;
        insert(asked, query, query_count);
        Association association(*peer, {UID_FINDModalityWorklistInformationModel});
        T_DIMSE_C_FindRQ request;
        memset(&request, 0, sizeof request);
        request.MessageID = association.get()->nextMsgID++;
        request.DataSetType = DIMSE_DATASET_PRESENT;
        request.Priority = DIMSE_PRIORITY_MEDIUM;
        OFStandard::strlcpy(
            request.AffectedSOPClassUID, UID_FINDModalityWorklistInformationModel, sizeof request.AffectedSOPClassUID);
        const T_ASC_PresentationContextID presentation = association.context(UID_FINDModalityWorklistInformationModel);
        Search search{found, context, default_character_set, most_answers, &association, presentation};
        T_DIMSE_C_FindRSP response;
        memset(&response, 0, sizeof response);
        response.DimseStatus = noStatus;
        DcmDataset *detail = nullptr;
        int answers = 0;
        OFCondition sent = DIMSE_findUser(
            association.get(), presentation, &request, &asked, answers, foundOne, &search, DIMSE_NONBLOCKING,
            association.timeout(), &response, &detail);
        delete detail;
        association.check(sent);
        association.release();
        const bool isWanted = search.isCancelled && DICOM_CANCEL_STATUS(response.DimseStatus);
        if (response.DimseStatus != STATUS_Success && !isWanted) throw Failure(response.DimseStatus);
    });
}

namespace {

// Sends a normalised request with its data set and gives the status of the answer.
Uint16 exchange(
    Association &association, const char *sopClass, T_DIMSE_Message &message, DcmDataset &data, T_DIMSE_Command wanted) {
    T_ASC_PresentationContextID context = association.context(sopClass);
    association.check(DIMSE_sendMessageUsingMemoryData(
        association.get(), context, &message, nullptr, &data, nullptr, nullptr));
    T_DIMSE_Message answer;
    memset(&answer, 0, sizeof answer);
    DcmDataset *detail = nullptr;
    OFCondition received = DIMSE_receiveCommand(
        association.get(), DIMSE_NONBLOCKING, association.timeout(), &context, &answer, &detail);
    delete detail;
    association.check(received);
    if (answer.CommandField != wanted) throw Failure(cdicom_bad_answer, "an answer to something else");
    Uint16 status = noStatus;
    T_DIMSE_DataSetType type = DIMSE_DATASET_NULL;
    switch (wanted) {
    case DIMSE_N_CREATE_RSP:
        status = answer.msg.NCreateRSP.DimseStatus;
        type = answer.msg.NCreateRSP.DataSetType;
        break;
    case DIMSE_N_SET_RSP:
        status = answer.msg.NSetRSP.DimseStatus;
        type = answer.msg.NSetRSP.DataSetType;
        break;
    default:
        status = answer.msg.NActionRSP.DimseStatus;
        type = answer.msg.NActionRSP.DataSetType;
    }
    if (type != DIMSE_DATASET_NULL) {
        DIC_UL bytes = 0, parts = 0;
        association.check(
            DIMSE_ignoreDataSet(association.get(), DIMSE_NONBLOCKING, association.timeout(), &bytes, &parts));
    }
    return status;
}

void step(
    bool isNew, const cdicom_peer *peer, const char *instance, const cdicom_attribute *attributes, size_t count,
    cdicom_outcome *outcome) {
    guarded(outcome, [&] {
        const char *sopClass = UID_ModalityPerformedProcedureStepSOPClass;
        DcmDataset data;
        insert(data, attributes, count);
        Association association(*peer, {sopClass});
        T_DIMSE_Message message;
        memset(&message, 0, sizeof message);
        if (isNew) {
            message.CommandField = DIMSE_N_CREATE_RQ;
            T_DIMSE_N_CreateRQ &request = message.msg.NCreateRQ;
            request.MessageID = association.get()->nextMsgID++;
            request.DataSetType = DIMSE_DATASET_PRESENT;
            request.opts = O_NCREATE_AFFECTEDSOPINSTANCEUID;
            OFStandard::strlcpy(request.AffectedSOPClassUID, sopClass, sizeof request.AffectedSOPClassUID);
            OFStandard::strlcpy(request.AffectedSOPInstanceUID, instance, sizeof request.AffectedSOPInstanceUID);
        } else {
            message.CommandField = DIMSE_N_SET_RQ;
            T_DIMSE_N_SetRQ &request = message.msg.NSetRQ;
            request.MessageID = association.get()->nextMsgID++;
            request.DataSetType = DIMSE_DATASET_PRESENT;
            OFStandard::strlcpy(request.RequestedSOPClassUID, sopClass, sizeof request.RequestedSOPClassUID);
            OFStandard::strlcpy(request.RequestedSOPInstanceUID, instance, sizeof request.RequestedSOPInstanceUID);
        }
        const Uint16 status =
            exchange(association, sopClass, message, data, isNew ? DIMSE_N_CREATE_RSP : DIMSE_N_SET_RSP);
        association.release();
        if (status != STATUS_Success && !DICOM_WARNING_STATUS(status)) throw Failure(status);
    });
}

}  // namespace

extern "C" void cdicom_step_create(
    const cdicom_peer *peer, const char *sop_instance, const cdicom_attribute *attributes, size_t count,
    cdicom_outcome *outcome) {
    step(true, peer, sop_instance, attributes, count, outcome);
}

extern "C" void cdicom_step_set(
    const cdicom_peer *peer, const char *sop_instance, const cdicom_attribute *attributes, size_t count,
    cdicom_outcome *outcome) {
    step(false, peer, sop_instance, attributes, count, outcome);
}

namespace {

// Waits for a report on the association that asked for it; that none comes is no error.
void awaitReport(Association &association, int seconds, cdicom_reported reported, void *context) {
    T_ASC_PresentationContextID presentation = 0;
    T_DIMSE_Message message;
    memset(&message, 0, sizeof message);
    DcmDataset *detail = nullptr;
    OFCondition received =
        DIMSE_receiveCommand(association.get(), DIMSE_NONBLOCKING, seconds, &presentation, &message, &detail);
    delete detail;
    if (received.bad()) {
        association.ended(received);
        return;
    }
    if (message.CommandField != DIMSE_N_EVENT_REPORT_RQ) throw Failure(cdicom_bad_answer, "another request");
    answerReport(association.get(), association.timeout(), presentation, message.msg.NEventReportRQ, reported, context);
}

}  // namespace

extern "C" void cdicom_commit(
    const cdicom_peer *peer, const char *transaction, const cdicom_commitment *objects, size_t count, int32_t wait_seconds,
    cdicom_reported reported, void *context, cdicom_outcome *outcome) {
    guarded(outcome, [&] {
        const char *sopClass = UID_StorageCommitmentPushModelSOPClass;
        DcmDataset data;
        data.putAndInsertString(DCM_TransactionUID, transaction);
        for (size_t index = 0; index < count; ++index) {
            DcmItem *item = nullptr;
            data.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2);
            if (!item) throw Failure(cdicom_bad_input, "too many objects");
            item->putAndInsertString(DCM_ReferencedSOPClassUID, objects[index].sop_class);
            item->putAndInsertString(DCM_ReferencedSOPInstanceUID, objects[index].sop_instance);
        }
        Association association(*peer, {sopClass});
        T_DIMSE_Message message;
        memset(&message, 0, sizeof message);
        message.CommandField = DIMSE_N_ACTION_RQ;
        T_DIMSE_N_ActionRQ &request = message.msg.NActionRQ;
        request.MessageID = association.get()->nextMsgID++;
        request.ActionTypeID = requestCommitment;
        request.DataSetType = DIMSE_DATASET_PRESENT;
        OFStandard::strlcpy(request.RequestedSOPClassUID, sopClass, sizeof request.RequestedSOPClassUID);
        OFStandard::strlcpy(
            request.RequestedSOPInstanceUID, UID_StorageCommitmentPushModelSOPInstance,
            sizeof request.RequestedSOPInstanceUID);
        const Uint16 status = exchange(association, sopClass, message, data, DIMSE_N_ACTION_RSP);
        if (status != STATUS_Success && !DICOM_WARNING_STATUS(status)) {
            association.release();
            throw Failure(status);
        }
        if (wait_seconds > 0) awaitReport(association, wait_seconds, reported, context);
        association.release();
    });
}
