// Takes what an OpenIGTLink server sends, by libopenigtlink (Debian: libopenigtlink-dev), asks and commands; prints what
// came, one message a line, every checksum checked by the library.
//
// usage: igtl_judge PORT COUNT: so many messages, then three answers.
#include <igtlCapabilityMessage.h>
#include <igtlClientSocket.h>
#include <igtlImageMessage.h>
#include <igtlMessageHeader.h>
#include <igtlNDArrayMessage.h>
#include <igtlSensorMessage.h>
#include <igtlStatusMessage.h>
#include <igtlStringMessage.h>
#include <igtl_unit.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

static igtl::ClientSocket::Pointer peer;

// Receives a message of a kind whose header is there; false where its checksum is wrong.
template <class Message> static bool receive(Message &message, igtl::MessageHeader *header) {
    message->SetMessageHeader(header);
    message->AllocatePack();
    if (message->GetPackBodySize() > 0) peer->Receive(message->GetPackBodyPointer(), message->GetPackBodySize());
    return message->Unpack(1) & igtl::MessageHeader::UNPACK_BODY;
}

static void printImage(igtl::MessageHeader *header) {
    auto image = igtl::ImageMessage::New();
    if (!receive(image, header)) { printf(" damaged"); return; }
    int size[3];
    float spacing[3], middle[3];
    image->GetDimensions(size);
    image->GetSpacing(spacing);
    image->GetOrigin(middle);
    printf(" %dx%dx%d spacing %g %g middle %g %g:", size[0], size[1], size[2], spacing[0], spacing[1], middle[0], middle[1]);
    for (int i = 0; i < size[0] * size[1]; i++) {
        if (image->GetScalarType() == igtl::ImageMessage::TYPE_FLOAT32) printf(" %g", ((float *)image->GetScalarPointer())[i]);
        else printf(" %d", ((uint8_t *)image->GetScalarPointer())[i]);
    }
}

static void printArray(igtl::MessageHeader *header) {
    auto message = igtl::NDArrayMessage::New();
    if (!receive(message, header)) { printf(" damaged"); return; }
    auto array = message->GetArray();
    printf(" kind %d shape", message->GetType());
    unsigned count = 1;
    for (auto size : array->GetSize()) {
        printf(" %d", size);
        count *= size;
    }
    printf(":");
    for (unsigned i = 0; i < count; i++) {
        void *raw = array->GetRawArray();
        switch (message->GetType()) {
        case igtl::NDArrayMessage::TYPE_INT16: printf(" %d", ((int16_t *)raw)[i]); break;
        case igtl::NDArrayMessage::TYPE_INT32: printf(" %d", ((int32_t *)raw)[i]); break;
        case igtl::NDArrayMessage::TYPE_FLOAT32: printf(" %g", ((float *)raw)[i]); break;
        }
    }
}

static void printSensor(igtl::MessageHeader *header) {
    auto sensor = igtl::SensorMessage::New();
    if (!receive(sensor, header)) { printf(" damaged"); return; }
    igtl_unit_data unit;
    igtl_unit_unpack(sensor->GetUnit(), &unit);
    printf(" unit %d", unit.prefix);
    for (int i = 0; i < 3; i++) printf(" %d^%d", unit.unit[i], unit.exp[i]);
    printf(":");
    for (unsigned i = 0; i < sensor->GetLength(); i++) printf(" %g", sensor->GetValue(i));
}

// One message as a line; false when nothing comes.
static bool takeOne() {
    auto header = igtl::MessageHeader::New();
    header->InitPack();
    if (peer->Receive(header->GetPackPointer(), header->GetPackSize()) != header->GetPackSize()) return false;
    header->Unpack();
    unsigned seconds, fraction;
    header->GetTimeStamp(&seconds, &fraction);
    std::string type = header->GetDeviceType();
    printf("%s %s %u.%08x", type.c_str(), header->GetDeviceName(), seconds, fraction);
    if (type == "IMAGE") printImage(header);
    else if (type == "NDARRAY") printArray(header);
    else if (type == "SENSOR") printSensor(header);
    else if (type == "STRING") {
        auto text = igtl::StringMessage::New();
        if (receive(text, header)) printf(" %d %s", text->GetEncoding(), text->GetString());
        else printf(" damaged");
    } else if (type == "STATUS") {
        auto status = igtl::StatusMessage::New();
        if (receive(status, header))
            printf(" %d %lld %s: %s", status->GetCode(), (long long)status->GetSubCode(), status->GetErrorName(),
                   status->GetStatusString());
        else printf(" damaged");
    } else if (type == "CAPABILITY") {
        auto types = igtl::CapabilityMessage::New();
        if (!receive(types, header)) printf(" damaged");
        for (auto name : types->GetTypes()) printf(" %s", name.c_str());
    } else return false;
    printf("\n");
    return true;
}

template <class Message> static void send(Message message, const char *device) {
    message->SetDeviceName(device);
    message->Pack();
    peer->Send(message->GetPackPointer(), message->GetPackSize());
}

int main(int, char **arguments) {
    peer = igtl::ClientSocket::New();
    if (peer->ConnectToServer("127.0.0.1", atoi(arguments[1])) != 0) return 1;
    peer->SetReceiveTimeout(20000);
    printf("connected\n");
    fflush(stdout);
    for (int left = atoi(arguments[2]); left > 0; left--)
        if (!takeOne()) return 1;
    send(igtl::GetStatusMessage::New(), "Health");
    if (!takeOne()) return 1;
    send(igtl::GetCapabilityMessage::New(), "");
    if (!takeOne()) return 1;
    auto command = igtl::StringMessage::New();
    command->SetString("<SetParameter Name=\"gateDepthMm\" Value=\"9\"/>");
    send(command, "CMD_3");
    if (!takeOne()) return 1;
    peer->CloseSocket();
    return 0;
}
