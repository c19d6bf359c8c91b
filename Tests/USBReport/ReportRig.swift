import Glibc
import UMockdevRig

/// What the report's simulated device does; called by the rig, one call at a time, on its threads.
protocol ReportDevice: AnyObject, Sendable {
    /// Answers a request: the IN data, an empty array for OUT, or `nil` to refuse.
    func control(setup: [UInt8], data: [UInt8]) -> [UInt8]?
    /// Fills `buffer` with the bytes of one transfer; otherwise a code of the rig.
    func read(endpoint: UInt8, into buffer: UnsafeMutableRawBufferPointer) -> Int32
    /// Lets the device's time pass.
    func advance(nanoseconds: UInt64)
}

/// A device behind the real libusb, plugged in for as long as this object lives.
final class ReportRig {
    struct StartFailure: Error, CustomStringConvertible {
        let description: String
    }

    private let handle: OpaquePointer
    private let descriptors: UnsafeMutablePointer<UInt8>
    private let strings: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let context: UnsafeMutableRawPointer

    init(_ device: any ReportDevice) throws {
        let bytes = Self.descriptorBytes
        descriptors = .allocate(capacity: bytes.count)
        descriptors.initialize(from: bytes, count: bytes.count)
        strings = .allocate(capacity: 4)
        strings.initialize(repeating: nil, count: 4)
        for (index, text) in ["Rig", "ODP Report", "SN0001"].enumerated() {
            strings[index + 1] = UnsafePointer(strdup(text))
        }
        context = Unmanaged.passRetained(Box(device)).toOpaque()
        var table = rig_device()
        table.context = context
        table.descriptors = UnsafePointer(descriptors)
        table.descriptors_length = Int32(bytes.count)
        table.strings = UnsafePointer(strings)
        table.strings_count = 4
        table.control = Self.control
        table.read = { context, endpoint, buffer, capacity in
            let room = UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity))
            return Box.at(context).device.read(endpoint: endpoint, into: room)
        }
        table.advance = { Box.at($0).device.advance(nanoseconds: $1) }
        guard let handle = rig_start(&table) else {
            throw StartFailure(description: "the test bed did not start: " + String(cString: rig_problem()))
        }
        self.handle = handle
    }

    deinit {
        rig_stop(handle)
        Unmanaged<Box>.fromOpaque(context).release()
        for index in 1..<4 { free(UnsafeMutablePointer(mutating: strings[index])) }
        strings.deallocate()
        descriptors.deallocate()
    }

    func unplug() { rig_unplug(handle, ESHUTDOWN) }
    func plug() -> Bool { rig_plug(handle) }

    /// The identity of the ODP reference probe: 1209:0001, class FF/44/01, bulk and interrupt IN.
    private static let descriptorBytes: [UInt8] =
        [18, 1, 0x00, 0x02, 0xFF, 0, 0, 64, 0x09, 0x12, 1, 0, 0x00, 0x01, 1, 2, 3, 1]
        + [9, 2, 32, 0, 1, 1, 0, 0x80, 250] + [9, 4, 0, 0, 2, 0xFF, 0x44, 0x01, 0]
        + [7, 5, 0x81, 2, 0x00, 0x02, 0, 7, 5, 0x82, 3, 16, 0, 4]

    /// Carries the device through C.
    private final class Box {
        let device: any ReportDevice
        init(_ device: any ReportDevice) { self.device = device }
        static func at(_ pointer: UnsafeMutableRawPointer?) -> Box {
            guard let pointer else { preconditionFailure("the rig lost its context") }
            return Unmanaged<Box>.fromOpaque(pointer).takeUnretainedValue()
        }
    }

    private static let control:
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, Int32,
            UnsafeMutablePointer<Int32>?
        ) -> Int32 = { context, setup, data, length, actual in
            let setup = Array(UnsafeBufferPointer(start: setup, count: 8))
            let isIn = setup[0] & 0x80 != 0
            let sent = isIn ? [] : Array(UnsafeBufferPointer(start: data, count: Int(length)))
            guard let answer = Box.at(context).device.control(setup: setup, data: sent) else { return -EPIPE }
            let count = isIn ? min(answer.count, Int(length)) : Int(length)
            if isIn { data?.update(from: answer, count: count) }
            actual?.pointee = Int32(count)
            return 0
        }
}
