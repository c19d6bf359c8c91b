import ExamSession
import ProbeLink
import ProbeProfiles
import Synchronization
import USBProbeLink
import WebConsole

/// The probe that the console's exams are made with: simulated, or on USB and opened anew for each exam.
final class ConsoleProbe: Sendable {
    private enum Kind {
        case simulated(SimulatedBedside, isRealTime: Bool)
        case usb(serial: String?)
    }

    /// An opened probe.
    struct Opened {
        var probe: any HandHeldProbe
        var limits: SettingsLimits
        var restsByTheClock: Bool
    }

    private let kind: Mutex<Kind>
    private let options: SourceOptions
    private let stop: StopSignal
    private let console: Console
    /// The probe of the last exam, on USB.
    private let last = Mutex<(any HandHeldProbe)?>(nil)
    private let seen = Mutex<DeviceFacts.Plugged?>(nil)
    /// Whether nothing of it is real.
    let isSimulated: Bool

    /// How long a recording waits for a probe that was unplugged, seconds (project choice: the patient is still there).
    private static let returnSeconds = 300.0

    /// A probe by the options; a simulated one is made at once, one on USB when an exam begins.
    init(_ options: SourceOptions, stop: StopSignal, console: Console) throws {
        self.options = options
        self.stop = stop
        self.console = console
        switch try SourceSpecifier(options.probe) {
        case .simulated(let simulation):
            let bedside = try SimulatedBedside(
                SourceOptions.scenario(simulation.scenario), simulation,
                statedCentreFrequencyHz: options.statedFrequency)
            kind = Mutex(.simulated(bedside, isRealTime: simulation.isRealTime))
            isSimulated = true
        case .usb(let serial):
            kind = Mutex(.usb(serial: serial))
            isSimulated = false
        case .replay(let path), .wav(let path), .sigmf(let path), .npz(let path), .hdf5(let path), .iqText(let path),
            .dwl(let path), .capture(let path, _):
            throw Failure(.usage, "--probe \(path): the console needs a probe: usb, or sim:SCENARIO?pace=real")
        }
    }

    /// Opens the probe for an exam; blocks as long as it is waited for.
    func open() throws -> Opened {
        switch kind.withLock({ $0 }) {
        case .simulated(let bedside, let isRealTime):
            return Opened(probe: bedside, limits: SettingsLimits(bedside.profile), restsByTheClock: isRealTime)
        case .usb(let serial):
            // The earlier exam's handle goes first: a probe is opened once.
            last.withLock { $0 = nil }
            let composition = try USBComposition(profile: options.profile)
            let probe = try USBBedsideProbe(
                composition, options.wish(serial), stop: stop, console: console,
                returnSeconds: options.waitForProbe ?? Self.returnSeconds)
            last.withLock { $0 = probe }
            let profile = composition.library.profiles.first { $0.id == probe.origin.profileID }
            return Opened(probe: probe, limits: profile.map(SettingsLimits.init) ?? .wide, restsByTheClock: true)
        }
    }

    /// What the probe is, and whether it is there.
    var facts: DeviceFacts {
        switch kind.withLock({ $0 }) {
        case .simulated(let bedside, let isRealTime):
            return DeviceFacts(
                probe: bedside.origin.device, profileID: bedside.profile.id, profileTitle: bedside.profile.name,
                profileMaker: Self.maker(bedside.profile.id),
                transport: isRealTime ? "simulated, in real time" : "simulated, as fast as it goes",
                plugged: .simulated)
        case .usb(let serial): return usbFacts(serial)
        }
    }

    /// Whether the probe came or went since this was last asked.
    ///
    /// Blocks.
    func hasChanged() -> Bool {
        guard !isSimulated else { return false }
        let now = facts.plugged
        return seen.withLock { seen in
            defer { seen = now }
            return seen.map { $0 != now } ?? false
        }
    }

    private func usbFacts(_ serial: String?) -> DeviceFacts {
        do {
            let library = try USBComposition(profile: options.profile).library
            for profile in library.candidates {
                let device: USBAttachedDevice
                do throws(TransportError) {
                    device = try USBDeviceDiscovery().find(profile.match, serialNumber: serial)
                } catch {
                    if case .notFound = error { continue }
                    return Self.away(error.description)
                }
                return DeviceFacts(
                    probe: device.label, serial: device.serialNumber.text, profileID: profile.id,
                    profileTitle: profile.name, profileMaker: Self.maker(profile.id),
                    transport: "USB bus \(device.bus), address \(device.address)", plugged: .attached)
            }
            return Self.away("USB")
        } catch let failure as Failure {
            return Self.away(failure.message)
        } catch {
            return Self.away("\(error)")
        }
    }

    private static func away(_ transport: String) -> DeviceFacts {
        DeviceFacts(probe: "no probe", transport: transport, plugged: .away)
    }

    /// The maker's part of a profile's id.
    private static func maker(_ profileID: String) -> String? { profileID.split(separator: "/").first.map(String.init) }
}
