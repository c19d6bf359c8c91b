// Associations, and data sets as flat lists.
#include "association.h"

#include "dcmtk/dcmnet/dcmtrans.h"
#include "dcmtk/dcmnet/diutil.h"
#include "dcmtk/oflog/oflog.h"

#include <unistd.h>

#include <mutex>

namespace cdicom {

namespace {

// What is offered for everything (PS3.5 section 10): no compression.
const char *uncompressed[] = {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax};
const int uncompressedCount = 2;
// Presentation contexts have odd numbers from 1 to 255 (PS3.8 section 9.3.2.2).
const size_t mostContexts = 128;
// Project choices: a socket never waits longer; worklist items have below 100 attributes, in 3 levels.
const int socketSeconds = 30;
const int deepest = 8;
const size_t mostEntries = 2000;
const size_t longestValue = 16384;
const unsigned long mostItems = 1000;

cdicom_end end(const OFCondition &condition) {
    if (condition.module() == OFM_dcmnet) switch (condition.code()) {
        case DULC_ASSOCIATIONREJECTED: return cdicom_rejected;
        case DULC_PEERABORTEDASSOCIATION: return cdicom_aborted;
        case DULC_READTIMEOUT:
        case DIMSEC_NODATAAVAILABLE: return cdicom_timed_out;
        case DULC_UNKNOWNHOST:
        case DULC_TCPINITERROR:
        case DULC_REQUESTASSOCIATIONFAILED: return cdicom_not_connected;
        case DULC_TLSERROR: return cdicom_tls_failed;
        case DULC_NETWORKCLOSED:
        case DULC_TCPIOERROR:
        case DULC_PEERREQUESTEDRELEASE:
        case DIMSEC_SENDFAILED:
        case DIMSEC_RECEIVEFAILED:
        case DIMSEC_READPDVFAILED: return cdicom_connection_lost;
        case DIMSEC_BADDATA:
        case DIMSEC_BUILDFAILED:
        case DIMSEC_UNSUPPORTEDTRANSFERSYNTAX: return cdicom_bad_input;
        default: return cdicom_bad_answer;
    }
    if (condition.module() == OFM_dcmtls) return cdicom_tls_failed;
    return cdicom_bad_input;
}

}  // namespace

Failure::Failure(const OFCondition &condition) : end(cdicom::end(condition)), text(condition.text()) {}

void prepare() {
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        dcmSocketSendTimeout.set(socketSeconds);
        dcmSocketReceiveTimeout.set(socketSeconds);
        // A name is not looked up for an address: it may take long, and nothing needs it.
        dcmDisableGethostbyaddr.set(OFTrue);
        DcmTLSTransportLayer::initializeOpenSSL();
    });
}

std::unique_ptr<DcmTLSTransportLayer> makeLayer(
    T_ASC_NetworkRole role, const char *ca, const char *certificate, const char *key) {
    if (!ca) return nullptr;
    std::unique_ptr<DcmTLSTransportLayer> layer(new DcmTLSTransportLayer(role, nullptr, OFFalse));
    if (!*layer) throw Failure(cdicom_tls_failed, "TLS cannot be used on this computer");
    if (layer->setTLSProfile(TSP_Profile_BCP195_ND).bad() || layer->activateCipherSuites().bad())
        throw Failure(cdicom_tls_failed, "the profile of BCP 195 cannot be used on this computer");
    if (layer->addTrustedCertificateFile(ca, DCF_Filetype_PEM).bad()) throw Failure(cdicom_tls_file, "authority");
    if (certificate && key) {
        // Empty, because NULL makes OpenSSL ask on the terminal.
        layer->setPrivateKeyPasswd("");
        if (layer->setPrivateKeyFile(key, DCF_Filetype_PEM).bad()) throw Failure(cdicom_tls_file, "key");
        if (layer->setCertificateFile(certificate, DCF_Filetype_PEM).bad())
            throw Failure(cdicom_tls_file, "certificate");
        if (!layer->checkPrivateKeyMatchesCertificate()) throw Failure(cdicom_tls_file, "pair of key and certificate");
    }
    layer->setCertificateVerification(DCV_requireCertificate);
    return layer;
}

Association::Association(const cdicom_peer &peer, const std::vector<std::string> &classes, bool allOrNothing)
    : seconds(peer.timeout_seconds) {
    prepare();
    if (classes.size() > mostContexts) throw Failure(cdicom_bad_input, "too many kinds of objects at once");
    layer = makeLayer(NET_REQUESTOR, peer.ca_file, peer.certificate_file, peer.key_file);
    try {
        request(peer, classes);
        const bool isAccepted = allOrNothing ? context(classes.front().c_str()) != 0
                                             : ASC_countAcceptedPresentationContexts(association->params) > 0;
        if (!isAccepted) {
            ASC_releaseAssociation(association);
            isOpen = false;
            throw Failure(cdicom_not_offered, "");
        }
    } catch (...) {
        // The destructor is not run for what was not constructed.
        drop();
        throw;
    }
}

void Association::request(const cdicom_peer &peer, const std::vector<std::string> &classes) {
    dcmConnectionTimeout.set(seconds);
    OFCondition made = ASC_initializeNetwork(NET_REQUESTOR, 0, seconds, &network);
    if (made.bad()) throw Failure(made);
    if (layer && (made = ASC_setTransportLayer(network, layer.get(), 0)).bad()) throw Failure(made);
    T_ASC_Parameters *parameters = nullptr;
    if ((made = ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU)).bad()) throw Failure(made);
    std::unique_ptr<T_ASC_Parameters, void (*)(T_ASC_Parameters *)> owner(
        parameters, [](T_ASC_Parameters *p) { ASC_destroyAssociationParameters(&p); });
    ASC_setAPTitles(parameters, peer.calling_title, peer.called_title, nullptr);
    ASC_setTransportLayerType(parameters, layer ? OFTrue : OFFalse);
    char own[128] = "localhost";
    gethostname(own, sizeof own - 1);
    const std::string address = std::string(peer.host) + ":" + std::to_string(peer.port);
    ASC_setPresentationAddresses(parameters, own, address.c_str());
    T_ASC_PresentationContextID number = 1;
    for (const std::string &name : classes) {
        made = ASC_addPresentationContext(parameters, number, name.c_str(), uncompressed, uncompressedCount);
        if (made.bad()) throw Failure(made);
        number = static_cast<T_ASC_PresentationContextID>(number + 2);
    }
    // From here on the parameters belong to the association, whatever becomes of it.
    OFCondition requested = ASC_requestAssociation(
        network, parameters, &association, nullptr, nullptr, DUL_NOBLOCK, seconds);
    if (association) owner.release();
    if (requested.good()) {
        isOpen = true;
        return;
    }
    Failure failure(requested);
    if (failure.end == cdicom_rejected) ASC_getRejectParameters(parameters, &failure.rejection);
    throw failure;
}

Association::~Association() { drop(); }

void Association::drop() {
    if (association) {
        if (isOpen) ASC_abortAssociation(association);
        ASC_destroyAssociation(&association);
    }
    if (network) ASC_dropNetwork(&network);
    isOpen = false;
}

T_ASC_PresentationContextID Association::context(const char *sopClass) {
    return ASC_findAcceptedPresentationContextID(association, sopClass);
}

void Association::ended(const OFCondition &condition) {
    if (condition == DUL_PEERREQUESTEDRELEASE) {
        ASC_acknowledgeRelease(association);
        isOpen = false;
    } else if (condition == DUL_PEERABORTEDASSOCIATION || condition == DUL_NETWORKCLOSED) {
        isOpen = false;
    }
}

void Association::check(const OFCondition &condition) {
    if (condition.good()) return;
    ended(condition);
    throw Failure(condition);
}

void Association::release() {
    if (!isOpen) return;
    // Everything was answered: how the peer takes the leave changes nothing.
    isOpen = ASC_releaseAssociation(association).bad();
}

namespace {

// The tag at the beginning of a path, which moves on behind it.
DcmTag readTag(const char *&path) {
    unsigned group = 0, element = 0;
    int used = 0;
    if (sscanf(path, "%4x%4x%n", &group, &element, &used) != 2 || used != 8)
        throw Failure(cdicom_bad_input, std::string("not a path: ") + path);
    path += used;
    return DcmTag(static_cast<Uint16>(group), static_cast<Uint16>(element));
}

void insertOne(DcmItem &data, const char *path, const char *value) {
    const DcmTag tag = readTag(path);
    if (*path == '[') {
        char *after = nullptr;
        const unsigned long number = strtoul(path + 1, &after, 10);
        if (!after || *after != ']' || number > mostItems) throw Failure(cdicom_bad_input, "not a path");
        DcmItem *item = nullptr;
        if (data.findOrCreateSequenceItem(tag, item, static_cast<long>(number)).bad() || !item)
            throw Failure(cdicom_bad_input, "not a sequence");
        path = after + 1;
        if (*path == '.') insertOne(*item, path + 1, value);
        return;
    }
    OFCondition put = value && *value ? data.putAndInsertString(tag, value) : data.insertEmptyElement(tag);
    if (put.bad()) throw Failure(cdicom_bad_input, put.text());
}

}  // namespace

void insert(DcmItem &data, const cdicom_attribute *attributes, size_t count) {
    for (size_t index = 0; index < count; ++index) insertOne(data, attributes[index].path, attributes[index].value);
}

bool toUTF8(DcmDataset &data, const char *defaultCharacterSet) {
    OFString named;
    data.findAndGetOFStringArray(DCM_SpecificCharacterSet, named);
    if (named.empty() && defaultCharacterSet)
        data.putAndInsertString(DCM_SpecificCharacterSet, defaultCharacterSet);
    return data.convertToUTF8().good();
}

void Attributes::collect(DcmItem &data, const std::string &place, int depth) {
    if (depth > deepest) return;
    for (unsigned long index = 0; index < data.card() && entries.size() < mostEntries; ++index) {
        DcmElement *element = data.getElement(index);
        if (!element) continue;
        char tag[16];
        snprintf(tag, sizeof tag, "%04X%04X", element->getGTag(), element->getETag());
        if (element->ident() == EVR_SQ) {
            DcmSequenceOfItems &items = static_cast<DcmSequenceOfItems &>(*element);
            for (unsigned long item = 0; item < items.card() && item < mostItems; ++item)
                collect(*items.getItem(item), place + tag + "[" + std::to_string(item) + "].", depth + 1);
            continue;
        }
        OFString value;
        if (element->getLength() > longestValue || element->getOFStringArray(value).bad()) continue;
        entries.push_back({place + tag, std::string(value.c_str(), value.length())});
    }
}

}  // namespace cdicom
