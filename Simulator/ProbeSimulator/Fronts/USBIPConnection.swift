/// One host's USB/IP connection: bytes in, bytes out, no socket.
///
/// It begins with operations (list, import) and becomes the device's bus with a successful import. A socket that the
/// kernel was given directly begins as the bus.
struct USBIPConnection: Sendable {
    /// Protocol version 1.1.1.
    private static let version: UInt16 = 0x0111

    private enum Operation {
        static let listRequest: UInt16 = 0x8005
        static let listReply: UInt16 = 0x0005
        static let importRequest: UInt16 = 0x8003
        static let importReply: UInt16 = 0x0003
        static let headerBytes = 8
    }

    /// The status of an operation (usbip-utils, usbip_common.h).
    private enum Outcome: UInt32 {
        case done = 0
        case notAvailable = 1
        case noDevice = 4
    }

    private let export: USBIPExport
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var transfers = USBIPTransfers()
    /// Whether this connection is the device's bus.
    private(set) var isAttached: Bool

    init(_ export: USBIPExport, isAttached: Bool = false) {
        self.export = export
        self.isAttached = isAttached
    }

    /// Whether the host waits for something that the device does not have yet.
    var isWaiting: Bool { transfers.count > 0 }

    /// Takes what arrived; an error ends the connection, what was answered before may still be sent.
    ///
    /// - Parameter isFree: whether no other connection is the device's bus.
    mutating func receive(
        _ bytes: [UInt8], device: inout any SimulatedDevice, isFree: Bool
    ) throws(USBIPError) {
        input += bytes
        var rest = input[...]
        defer { input = Array(rest) }
        while true {
            if isAttached {
                guard let (command, count) = try USBIPCommand.read(rest) else { return }
                rest = rest.dropFirst(count)
                try transfers.receive(command, for: &device)
            } else {
                guard let count = try operate(rest, isFree: isFree) else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Answers what the device has by now and gives everything that is to be sent.
    ///
    /// - Parameter unsentBytes: of former answers; the device is not asked while they are too many.
    mutating func serve(_ device: inout any SimulatedDevice, unsentBytes: Int) -> [UInt8] {
        if unsentBytes < USBIPTransfers.mostReplyBytes { transfers.serve(&device) }
        defer { output = [] }
        return output + transfers.takeReplies()
    }

    /// Does one operation; bytes that it took, `nil` until it has arrived whole.
    private mutating func operate(_ bytes: ArraySlice<UInt8>, isFree: Bool) throws(USBIPError) -> Int? {
        guard bytes.count >= Operation.headerBytes else { return nil }
        let version: UInt16 = bytes.bigEndian(at: 0)
        let code: UInt16 = bytes.bigEndian(at: 2)
        guard version == Self.version else { throw .unknownVersion(version) }
        switch code {
        case Operation.listRequest:
            answer(Operation.listReply, .done)
            output.appendBigEndian(UInt32(1))
            output += export.announcement(withInterfaces: true)
            return Operation.headerBytes
        case Operation.importRequest:
            let count = Operation.headerBytes + USBIPExport.busIDBytes
            guard bytes.count >= count else { return nil }
            importDevice(bytes.dropFirst(Operation.headerBytes).prefix(USBIPExport.busIDBytes), isFree: isFree)
            return count
        default: throw .unknownOperation(code: code)
        }
    }

    private mutating func importDevice(_ wanted: ArraySlice<UInt8>, isFree: Bool) {
        guard wanted.prefix(while: { $0 != 0 }).elementsEqual(USBIPExport.busID.utf8) else {
            return answer(Operation.importReply, .noDevice)
        }
        guard isFree else { return answer(Operation.importReply, .notAvailable) }
        answer(Operation.importReply, .done)
        output += export.announcement(withInterfaces: false)
        isAttached = true
    }

    private mutating func answer(_ code: UInt16, _ outcome: Outcome) {
        output.appendBigEndian(Self.version)
        output.appendBigEndian(code)
        output.appendBigEndian(outcome.rawValue)
    }
}
