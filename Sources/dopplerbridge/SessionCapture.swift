import Foundation
import ProbeLink
import Synchronization
import USBCapture
import USBProbeLink

/// One USB session as it is captured into a pcapng file, over every unplugging and plugging in.
final class SessionCapture: Sendable {
    private let path: String
    private let current = Mutex<CaptureTap?>(nil)

    /// A capture into a file that is not there yet.
    init(path: String) throws {
        self.path = path
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let files = FileManager.default
        if files.fileExists(atPath: path) {
            throw Failure(.storage, "\(path): a file stands there: choose another name with --capture")
        }
        guard files.isWritableFile(atPath: folder) else {
            throw Failure(.storage, "\(path): cannot write here: choose another name with --capture")
        }
    }

    /// The tap for a device that is opened; the first one makes the file.
    func tap(for device: USBAttachedDevice) throws(TransportError) -> any TransferTap {
        let opened = current.withLock { $0 }
        if let opened { return opened }
        let endpoints = device.interfaces.flatMap { $0.endpoints(.interruptIn) }.map(\.address)
        do throws(CaptureError) {
            let tap = try CaptureTap.start(
                path: path,
                device: CapturedDevice(
                    bus: UInt16(device.bus), address: device.address, label: device.label,
                    interruptEndpoints: endpoints),
                software: DopplerBridge.software, unixNanosecondsAtZero: Self.unixNanosecondsAtZero)
            current.withLock { $0 = tap }
            return tap
        } catch {
            throw .usb(code: 0, doing: "beginning the capture: \(error.description)")
        }
    }

    /// Ends the capture and says what it holds.
    func finish(console: Console) throws {
        guard let tap = current.withLock({ $0 }) else { return }
        do throws(CaptureError) {
            let summary = try tap.finish()
            let dropped = summary.dropped > 0 ? ", \(summary.dropped) dropped because the disk was too slow" : ""
            console.say("Capture: \(path), \(summary.records) records\(dropped)")
        } catch {
            throw Failure(.storage, error.description)
        }
    }

    /// What the monotonic clock must be raised by to give the time since 1970, nanoseconds.
    private static var unixNanosecondsAtZero: UInt64 {
        let nowNs = Date().timeIntervalSince1970 * 1_000_000_000
        return UInt64(max(0, nowNs)) &- USBProbeTransport.systemNanoseconds()
    }
}
