import Foundation
import ProbeLink

@testable import USBCapture

/// A short session and a place to write it.
enum CaptureFixture {
    static let device = CapturedDevice(
        bus: 1, address: 7, label: "usb 1209:0001 ODP Test SN1", interruptEndpoints: [0x82])
    static let identity = ControlRequest(0x01, body: .in(length: 64))
    static let setting = ControlRequest(0x10, body: .out([9, 8, 7]))
    static let keepAlive = ControlRequest(0x23, value: 1000)
    static let status = ControlRequest(0x30, body: .in(length: 4))
    static func run(_ isOn: Bool) -> ControlRequest { ControlRequest(0x21, value: isOn ? 1 : 0) }

    /// Gives `body` a path that does not exist yet, and takes away what is there afterwards.
    static func withFile<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        let path = FileManager.default.temporaryDirectory.appending(path: "capture-\(UUID().uuidString).pcapng").path
        defer { unlink(path) }
        return try body(path)
    }

    /// Captures what `body` does and reads it back.
    static func capture(
        queueBytes: Int = CaptureTap.usualQueueBytes, _ body: (CaptureTap) -> Void
    ) throws -> (PcapngReader, CaptureSummary) {
        try withFile { path in
            let tap = try CaptureTap.start(
                path: path, device: device, software: "test 1", comment: "simulated",
                unixNanosecondsAtZero: 1_700_000_000_000_000_000, queueBytes: queueBytes)
            body(tap)
            let summary = try tap.finish()
            return (try PcapngReader(path: path), summary)
        }
    }

    /// Identity, a refused setting, then two runs with a heartbeat and a status in between.
    static func session(_ tap: CaptureTap) {
        tap.ended(identity, data: Array(0..<64), at: 10)
        tap.ended(setting, error: .stalled(request: 0x10), at: 20)
        for run in 0..<2 {
            tap.ended(Self.run(true), at: 100 + UInt64(run))
            tap.received([UInt8(run), 1, 2, 3], at: 200)
            tap.ended(keepAlive, at: 210)
            tap.received([4, 5], from: 0x82, at: 220)
            tap.ended(status, data: [1, 1, 0, 0], at: 230)
            tap.received([6, 7, UInt8(run)], at: 240)
            tap.received([], status: -2, at: 250)
            tap.ended(Self.run(false), at: 260)
        }
    }
}

extension CaptureTap {
    func ended(_ request: ControlRequest, data: [UInt8] = [], error: TransportError? = nil, at end: UInt64) {
        controlEnded(request, data: data, error: error, startNanoseconds: end - 5, endNanoseconds: end)
    }

    func received(
        _ bytes: [UInt8], from endpoint: UInt8 = 0x81, isIsochronous: Bool = false, status: Int32 = 0, at end: UInt64
    ) {
        transferEnded(
            endpoint: endpoint, isIsochronous: isIsochronous, statusErrno: status, bytes: bytes.span.bytes,
            nanoseconds: end)
    }
}

/// Keeps what a transport delivers, in order.
struct DeliveredSink: TransferSink, ~Copyable {
    enum Item: Equatable {
        case stream([UInt8])
        case event([UInt8])
        case missed(packets: Int, packetNanoseconds: UInt64)
    }

    var items: [Item] = []
    var arrivals: [UInt64] = []
    var stop: StopSignal?

    mutating func receive(_ bytes: RawSpan, from pipe: ProbePipe) {
        let copy = bytes.withUnsafeBytes { Array($0) }
        items.append(pipe == .stream ? .stream(copy) : .event(copy))
        stop?.request()
    }

    mutating func missed(packets count: Int, packetNanoseconds: UInt64) {
        items.append(.missed(packets: count, packetNanoseconds: packetNanoseconds))
    }

    mutating func transferArrived(hostNanoseconds: UInt64) { arrivals.append(hostNanoseconds) }
    func hasRoom(forBytes count: Int) -> Bool { true }
}
