import ExamSession
import Foundation
import ProbeLink
import ProbeProfiles
import USBCapture
import USBProbeLink

/// Opens a probe on USB by the profiles that are known.
struct USBComposition {
    let library: ProfileLibrary

    init(profile: String?) throws {
        do throws(ProfileError) {
            library = try ProfileLibrary(naming: profile)
        } catch {
            throw Failure(.data, error.description)
        }
    }

    /// What is wanted of a probe beside its profile.
    struct Wish {
        /// Which one, where several are attached.
        var serial: String?
        /// The word that picked the source, for the record.
        var specifier: String
        /// What the user says of a Doppler behind a sound interface; 0 = not known.
        var statedCentreFrequencyHz: UInt32 = 0
        /// How long to wait for a probe that is not attached, seconds.
        var waitSeconds: Double = 0
        /// Where the session is captured; `nil` = nowhere.
        var capture: SessionCapture?
    }

    /// An opened probe.
    struct Opened {
        var source: any FrameSource
        var profile: DeviceProfile
        /// Tells `devices` how things stand, as long as it is held.
        var reporter: ProbeStatusReporter

        /// Whether I and Q are corrected for gain and phase differences.
        var correctsIQ: Bool { profile.iqCorrection == .automatic }
    }

    /// Opens the one attached probe that a profile describes, wholly; waits for it where that is wished.
    func open(_ wish: Wish, until stop: StopSignal, console: Console) throws -> Opened {
        do throws(TransportError) {
            return try openAttached(wish)
        } catch {
            guard case .notFound = error, wish.waitSeconds > 0 else { throw Failure(.device, error.description) }
        }
        try waitForProbe(wish, until: stop, console: console)
        do throws(TransportError) {
            return try openAttached(wish)
        } catch {
            throw Failure(.device, error.description)
        }
    }

    /// Waits until a probe is attached, its time is over or a stop is requested.
    private func waitForProbe(_ wish: Wish, until stop: StopSignal, console: Console) throws {
        do throws(TransportError) {
            let watch = try USBProbeWatch(for: library.candidates.map(\.match), serialNumber: wish.serial)
            let how = watch.method == .hotplug ? "" : " (udevd does not run, so it is looked for twice a second)"
            console.say("Waiting for the probe\(how); plug it in, or end with Ctrl-C.")
            let found = try watch.next(until: stop, timeLimit: .milliseconds(Int64(wish.waitSeconds * 1000)))
            if found == nil { throw watch.status.lastError ?? .notFound(wanted: wanted(wish.serial)) }
        } catch {
            throw Failure(.device, error.description)
        }
    }

    private func openAttached(_ wish: Wish) throws(TransportError) -> Opened {
        var nearest: TransportError?
        for profile in library.candidates {
            do throws(TransportError) {
                let device = try device(profile, wish)
                return try open(profile, device, wish)
            } catch {
                if case .notFound = error { continue }
                nearest = nearest ?? error
            }
        }
        throw nearest ?? .notFound(wanted: wanted(wish.serial))
    }

    private func wanted(_ serial: String?) -> String {
        let names = library.candidates.map(\.id).joined(separator: ", ")
        return "usb" + (serial.map { " with serial number \($0)" } ?? "") + " by the profiles \(names)"
    }

    /// The attached device; a board that waits for its firmware is given it first.
    private func device(_ profile: DeviceProfile, _ wish: Wish) throws(TransportError) -> USBAttachedDevice {
        do throws(TransportError) {
            return try USBDeviceDiscovery().find(profile.match, serialNumber: wish.serial)
        } catch {
            guard case .notFound = error, try loadFirmware(profile) else { throw error }
            return try awaitWarm(profile, wish)
        }
    }

    private func open(
        _ profile: DeviceProfile, _ device: USBAttachedDevice, _ wish: Wish
    ) throws(TransportError) -> Opened {
        let tap = try wish.capture?.tap(for: device)
        let transport = try USBProbeTransport(opening: device, matching: profile.match, tap: tap)
        do throws(SourceError) {
            let source = try profile.openSource(
                over: transport, specifier: wish.specifier, statedCentreFrequencyHz: wish.statedCentreFrequencyHz)
            return Opened(source: source, profile: profile, reporter: ProbeStatusReporter(transport))
        } catch {
            guard case .link(let reason) = error else { throw .protocolViolation(what: error.description) }
            throw reason
        }
    }
}

// MARK: - Boards that get their firmware from the host

extension USBComposition {
    /// How long a board may take to come back with its firmware's identity (project choice).
    private static let renumerationLimit = Duration.seconds(5)

    /// Loads the firmware of a profile that the user named, where its board is attached without.
    ///
    /// - Returns: whether there was such a board.
    private func loadFirmware(_ profile: DeviceProfile) throws(TransportError) -> Bool {
        guard let cold = profile.cold, library.namedID == profile.id else { return false }
        let boards = try USBDeviceDiscovery().attached().filter {
            cold.isShown(
                vendorID: $0.vendorID, productID: $0.productID, bcdDevice: $0.bcdDevice,
                hasStrings: $0.manufacturer != .absent || $0.product != .absent)
        }
        guard let board = boards.first else { return false }
        guard boards.count == 1 else {
            throw .notFound(wanted: "one board without firmware (\(boards.count) are attached: leave one)")
        }
        // The bare chip has bulk endpoints in its alternate settings (EZ-USB Technical Reference Manual).
        let rule = USBMatchRule(
            vendorID: cold.vendorID, productID: cold.productID, endpoints: [USBEndpointNeed(.bulkIn)])
        try image(profile).load(over: USBProbeTransport(opening: board, matching: rule))
        return true
    }

    private func image(_ profile: DeviceProfile) throws(TransportError) -> FX2Firmware {
        do {
            guard let firmware = try library.firmware(of: profile.id) else {
                throw TransportError.notFound(wanted: "the firmware of \(profile.id)")
            }
            return firmware
        } catch let error as TransportError {
            throw error
        } catch {
            throw .protocolViolation(what: "\(error)")
        }
    }

    private func awaitWarm(_ profile: DeviceProfile, _ wish: Wish) throws(TransportError) -> USBAttachedDevice {
        let watch = try USBProbeWatch(for: [profile.match], serialNumber: wish.serial)
        guard let sighting = try watch.next(until: StopSignal(), timeLimit: Self.renumerationLimit) else {
            throw .timedOut(what: "\(profile.name), after its firmware was loaded,", milliseconds: 5000)
        }
        return sighting.device
    }
}
