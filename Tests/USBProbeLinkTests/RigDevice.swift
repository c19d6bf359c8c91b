import Glibc
import UMockdevRig

/// What a simulated device does; called by the rig, one call at a time, on its threads.
protocol RigBehaviour: AnyObject, Sendable {
    /// Answers a request: the IN data, an empty array for OUT, or throws.
    func control(setup: [UInt8], data: [UInt8]) throws(RigRefusal) -> [UInt8]
    /// Fills `buffer` with the bytes of one transfer.
    func read(endpoint: UInt8, into buffer: UnsafeMutableRawBufferPointer) throws(RigRefusal) -> Int
    func advance(nanoseconds: UInt64)
}

/// Why a device gives no data.
enum RigRefusal: Error {
    case stalled
    case notYet
}

/// A device on the rig, plugged in for as long as this object lives.
// Sound: every field is constant, and the rig takes its lock in each call.
final class RigDevice: @unchecked Sendable {
    struct StartFailure: Error {
        let problem: String
    }

    private let handle: OpaquePointer
    private let descriptors: UnsafeMutablePointer<UInt8>
    private let strings: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let stringCount: Int
    private let context: UnsafeMutableRawPointer

    /// Plugs in a device; string `i` has index `i` + 1.
    init(
        _ behaviour: any RigBehaviour, descriptors bytes: [UInt8], strings texts: [String], speedMbitPerS: Int32 = 480
    ) throws {
        descriptors = .allocate(capacity: bytes.count)
        descriptors.initialize(from: bytes, count: bytes.count)
        stringCount = texts.count + 1
        strings = .allocate(capacity: stringCount)
        strings.initialize(repeating: nil, count: stringCount)
        for (index, text) in texts.enumerated() { strings[index + 1] = UnsafePointer(strdup(text)) }
        context = Unmanaged.passRetained(Box(behaviour)).toOpaque()
        var table = rig_device()
        table.context = context
        table.descriptors = UnsafePointer(descriptors)
        table.descriptors_length = Int32(bytes.count)
        table.strings = UnsafePointer(strings)
        table.strings_count = Int32(stringCount)
        table.speed_mbit = speedMbitPerS
        table.control = RigDevice.control
        table.read = RigDevice.read
        table.advance = { Box.at($0).behaviour.advance(nanoseconds: $1) }
        guard let handle = rig_start(&table) else {
            throw StartFailure(problem: String(cString: rig_problem()))
        }
        self.handle = handle
    }

    deinit {
        rig_stop(handle)
        Unmanaged<Box>.fromOpaque(context).release()
        for index in 0..<stringCount { free(UnsafeMutablePointer(mutating: strings[index])) }
        strings.deallocate()
        descriptors.deallocate()
    }

    /// What the rig has counted.
    var counts: rig_counts {
        var counts = rig_counts()
        rig_read_counts(handle, &counts)
        return counts
    }

    func unplug(error: Int32 = ESHUTDOWN) { rig_unplug(handle, error) }
    func plug() -> Bool { rig_plug(handle) }
    func unplug(afterBytes bytes: UInt64, error: Int32 = ESHUTDOWN) { rig_unplug_after(handle, bytes, error) }
    func fail(endpoint: UInt8, afterBytes bytes: UInt64 = 0, times: Int32 = 1, error: Int32) {
        rig_fail(handle, endpoint, bytes, times, error)
    }
    /// The interfaces that a kernel driver holds, one bit each.
    var boundDrivers: UInt32 {
        get { rig_bound_drivers(handle) }
        set { rig_bind_drivers(handle, newValue) }
    }
    func losePackets(from first: UInt64, count: UInt64, error: Int32 = EXDEV) {
        rig_lose_packets(handle, first, count, error)
    }
    func overstate(bytes: Int32) { rig_overstate(handle, bytes) }
    func limitMemory(bytes: Int32) { rig_limit_memory(handle, bytes) }
    func refuseTransfers(afterBytes bytes: UInt64, error: Int32) { rig_refuse(handle, bytes, error) }
    func deauthorize() { rig_deauthorize(handle) }
    func breakDown() { rig_break(handle) }
    func fallSilent(_ silent: Bool = true) { rig_silence(handle, silent) }
    func setUdev(runs: Bool) { rig_set_udev(handle, runs) }

    /// Carries the behaviour through C.
    private final class Box {
        let behaviour: any RigBehaviour
        init(_ behaviour: any RigBehaviour) { self.behaviour = behaviour }
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
            do throws(RigRefusal) {
                let answer = try Box.at(context).behaviour.control(setup: setup, data: sent)
                let count = isIn ? min(answer.count, Int(length)) : Int(length)
                if isIn { data?.update(from: answer, count: count) }
                actual?.pointee = Int32(count)
                return 0
            } catch {
                return error == .stalled ? -EPIPE : Int32(RIG_NO_ANSWER)
            }
        }

    private static let read:
        @convention(c) (UnsafeMutableRawPointer?, UInt8, UnsafeMutablePointer<UInt8>?, Int32) -> Int32 = {
            context, endpoint, buffer, capacity in
            let room = UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity))
            do throws(RigRefusal) {
                return Int32(try Box.at(context).behaviour.read(endpoint: endpoint, into: room))
            } catch {
                return error == .stalled ? -EPIPE : Int32(RIG_NOTHING_YET)
            }
        }
}
