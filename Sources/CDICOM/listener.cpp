// The other direction: who asks whether we are there, and who reports what it keeps.
#include "association.h"

#include <atomic>

namespace cdicom {

namespace {

// The longest report that is read, bytes (project choice: one of 1000 objects has 150 kB).
const unsigned long longestReport = 4 << 20;
const unsigned long mostObjects = 10000;
const DIC_US cannotBeProcessed = 0x0110;

// Ends an association whose data set is too long for anything that belongs here.
void countBytes(void *context, unsigned long bytes) {
    if (bytes > longestReport) ASC_abortAssociation(static_cast<T_ASC_Association *>(context));
}

struct Report {
    std::vector<std::string> texts;
    std::vector<Uint16> reasons;
    OFString transaction;

    void read(DcmDataset &data) {
        data.findAndGetOFString(DCM_TransactionUID, transaction);
        read(data, DCM_ReferencedSOPSequence, false);
        read(data, DCM_FailedSOPSequence, true);
    }

    void read(DcmDataset &data, const DcmTagKey &sequence, bool areFailed) {
        DcmSequenceOfItems *items = nullptr;
        if (data.findAndGetSequence(sequence, items).bad() || !items) return;
        for (unsigned long index = 0; index < items->card() && reasons.size() < mostObjects; ++index) {
            DcmItem &item = *items->getItem(index);
            OFString sopClass, instance;
            Uint16 reason = 0;
            item.findAndGetOFString(DCM_ReferencedSOPClassUID, sopClass);
            item.findAndGetOFString(DCM_ReferencedSOPInstanceUID, instance);
            // A failure without a reason is one, too.
            if (areFailed && (item.findAndGetUint16(DCM_FailureReason, reason).bad() || reason == 0))
                reason = cannotBeProcessed;
            texts.push_back(sopClass.c_str());
            texts.push_back(instance.c_str());
            reasons.push_back(reason);
        }
    }
};

}  // namespace

void answerReport(
    T_ASC_Association *association, int timeout, T_ASC_PresentationContextID presentation,
    const T_DIMSE_N_EventReportRQ &request, cdicom_reported reported, void *context) {
    DIC_US status = cannotBeProcessed;
    if (request.DataSetType != DIMSE_DATASET_NULL) {
        DcmDataset *received = nullptr;
        T_ASC_PresentationContextID other = presentation;
        OFCondition condition = DIMSE_receiveDataSetInMemory(
            association, DIMSE_NONBLOCKING, timeout, &other, &received, countBytes, association);
        std::unique_ptr<DcmDataset> data(received);
        if (condition.bad()) throw Failure(condition);
        Report report;
        report.read(*data);
        std::vector<cdicom_commitment> objects;
        for (size_t index = 0; index < report.reasons.size(); ++index)
            objects.push_back(
                {report.texts[2 * index].c_str(), report.texts[2 * index + 1].c_str(), report.reasons[index]});
        if (!report.transaction.empty())
            status = reported(
                context, association->params->DULparams.callingAPTitle, report.transaction.c_str(), objects.data(),
                objects.size());
    }
    T_DIMSE_Message answer;
    memset(&answer, 0, sizeof answer);
    answer.CommandField = DIMSE_N_EVENT_REPORT_RSP;
    T_DIMSE_N_EventReportRSP &response = answer.msg.NEventReportRSP;
    response.MessageIDBeingRespondedTo = request.MessageID;
    response.DimseStatus = status;
    response.DataSetType = DIMSE_DATASET_NULL;
    response.EventTypeID = request.EventTypeID;
    response.opts =
        O_NEVENTREPORT_AFFECTEDSOPCLASSUID | O_NEVENTREPORT_AFFECTEDSOPINSTANCEUID | O_NEVENTREPORT_EVENTTYPEID;
    OFStandard::strlcpy(
        response.AffectedSOPClassUID, request.AffectedSOPClassUID, sizeof response.AffectedSOPClassUID);
    OFStandard::strlcpy(
        response.AffectedSOPInstanceUID, request.AffectedSOPInstanceUID, sizeof response.AffectedSOPInstanceUID);
    OFCondition sent =
        DIMSE_sendMessageUsingMemoryData(association, presentation, &answer, nullptr, nullptr, nullptr, nullptr);
    if (sent.bad()) throw Failure(sent);
}

}  // namespace cdicom

using namespace cdicom;

struct cdicom_listener {
    // Before the network, which uses it to its end.
    std::unique_ptr<DcmTLSTransportLayer> layer;
    T_ASC_Network *network = nullptr;
    std::string title;
    std::vector<std::string> known;
    int timeout = 0;
    std::atomic<bool> isStopped{false};

    void open(const cdicom_listening &settings) {
        prepare();
        title = settings.title;
        timeout = settings.timeout_seconds;
        for (size_t index = 0; index < settings.known_count; ++index) known.push_back(settings.known_titles[index]);
        layer = makeLayer(NET_ACCEPTOR, settings.ca_file, settings.certificate_file, settings.key_file);
        OFCondition made = ASC_initializeNetwork(NET_ACCEPTOR, settings.port, timeout, &network);
        if (made.bad()) throw Failure(cdicom_port_taken, made.text());
        if (layer && (made = ASC_setTransportLayer(network, layer.get(), 0)).bad()) throw Failure(made);
    }

    ~cdicom_listener() {
        if (network) ASC_dropNetwork(&network);
    }

    // Takes one association from its beginning to its end.
    void serve(cdicom_reported reported, void *context) {
        T_ASC_Association *association = nullptr;
        OFCondition condition = ASC_receiveAssociation(
            network, &association, ASC_DEFAULTMAXPDU, nullptr, nullptr, layer ? OFTrue : OFFalse, DUL_NOBLOCK, timeout);
        if (condition.good() && accept(association)) {
            try {
                converse(association, reported, context);
            } catch (...) {
                ASC_abortAssociation(association);
            }
        }
        if (association) {
            ASC_dropAssociation(association);
            ASC_destroyAssociation(&association);
        }
    }

    bool accept(T_ASC_Association *association) {
        const T_ASC_Parameters &parameters = *association->params;
        T_ASC_RejectParameters rejection{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, ASC_REASON_SU_NOREASON};
        if (title != parameters.DULparams.calledAPTitle) {
            rejection.reason = ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED;
        } else if (!known.empty()
                   && std::find(known.begin(), known.end(), parameters.DULparams.callingAPTitle) == known.end()) {
            rejection.reason = ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED;
        } else {
            const char *syntaxes[] = {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax};
            const char *echo[] = {UID_VerificationSOPClass};
            ASC_acceptContextsWithPreferredTransferSyntaxes(association->params, echo, 1, syntaxes, 2);
            acceptCommitment(association->params, syntaxes);
            return ASC_acknowledgeAssociation(association).good();
        }
        ASC_rejectAssociation(association, &rejection);
        return false;
    }

    // Who requests is the SCP here (PS3.4 J.3.3); one that does not negotiate the role is let in, too.
    static void acceptCommitment(T_ASC_Parameters *parameters, const char *const *syntaxes) {
        for (int index = 0; index < ASC_countPresentationContexts(parameters); ++index) {
            T_ASC_PresentationContext offered;
            if (ASC_getPresentationContext(parameters, index, &offered).bad()) continue;
            if (strcmp(offered.abstractSyntax, UID_StorageCommitmentPushModelSOPClass) != 0) continue;
            const char *chosen = nullptr;
            for (int wanted = 1; wanted >= 0; --wanted)
                for (int place = 0; place < offered.transferSyntaxCount; ++place)
                    if (strcmp(offered.proposedTransferSyntaxes[place], syntaxes[wanted]) == 0)
                        chosen = syntaxes[wanted];
            if (chosen)
                ASC_acceptPresentationContext(
                    parameters, offered.presentationContextID, chosen, ASC_SC_ROLE_SCP, OFTrue);
        }
    }

    void converse(T_ASC_Association *association, cdicom_reported reported, void *context) {
        while (!isStopped) {
            T_DIMSE_Message message;
            memset(&message, 0, sizeof message);
            T_ASC_PresentationContextID presentation = 0;
            DcmDataset *detail = nullptr;
            OFCondition received =
                DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, timeout, &presentation, &message, &detail);
            delete detail;
            if (received == DUL_PEERREQUESTEDRELEASE) {
                ASC_acknowledgeRelease(association);
                return;
            }
            if (received.bad()) throw Failure(received);
            if (message.CommandField == DIMSE_C_ECHO_RQ) {
                OFCondition sent = DIMSE_sendEchoResponse(
                    association, presentation, &message.msg.CEchoRQ, STATUS_Success, nullptr);
                if (sent.bad()) throw Failure(sent);
            } else if (message.CommandField == DIMSE_N_EVENT_REPORT_RQ) {
                answerReport(association, timeout, presentation, message.msg.NEventReportRQ, reported, context);
            } else {
                throw Failure(cdicom_bad_answer, "a request that does not belong here");
            }
        }
        ASC_abortAssociation(association);
    }
};

extern "C" cdicom_listener *cdicom_listener_open(const cdicom_listening *settings, cdicom_outcome *outcome) {
    std::unique_ptr<cdicom_listener> listener;
    guarded(outcome, [&] {
        listener.reset(new cdicom_listener());
        listener->open(*settings);
    });
    return outcome->end == cdicom_done ? listener.release() : nullptr;
}

extern "C" void cdicom_listener_run(cdicom_listener *listener, cdicom_reported reported, void *context) {
    while (!listener->isStopped) {
        cdicom_outcome ignored;
        guarded(&ignored, [&] {
            if (ASC_associationWaiting(listener->network, 1) && !listener->isStopped)
                listener->serve(reported, context);
        });
    }
}

extern "C" void cdicom_listener_stop(cdicom_listener *listener) { listener->isStopped = true; }

extern "C" void cdicom_listener_close(cdicom_listener *listener) { delete listener; }
