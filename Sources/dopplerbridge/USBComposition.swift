import ProbeLink
import ProbeProfiles
import USBProbeLink

/// Opens a probe on USB by the profiles that are known.
struct USBComposition {
    let library: ProfileLibrary

    init(profile: String?) throws {
        do throws(ProfileError) {
            library = try ProfileLibrary(file: profile)
        } catch {
            throw Failure(.data, error.description)
        }
    }

    /// The source and whether its I and Q are corrected.
    typealias Opened = (source: any FrameSource, correctsIQ: Bool)

    /// Opens the one attached probe that a profile describes, wholly.
    ///
    /// - Parameter serial: which one, where several are attached.
    func open(serial: String?, specifier: String) throws -> Opened {
        var nearest: TransportError?
        for profile in library.profiles {
            do throws(TransportError) {
                let device = try USBDeviceDiscovery().find(profile.match, serialNumber: serial)
                return try open(profile, device, specifier: specifier)
            } catch {
                if case .notFound = error { continue }
                nearest = nearest ?? error
            }
        }
        throw Failure(.device, (nearest ?? .notFound(wanted: wanted(serial))).description)
    }

    private func wanted(_ serial: String?) -> String {
        let names = library.profiles.map(\.id).joined(separator: ", ")
        return "usb" + (serial.map { " with serial number \($0)" } ?? "") + " by the profiles \(names)"
    }

    private func open(
        _ profile: DeviceProfile, _ device: USBAttachedDevice, specifier: String
    ) throws(TransportError) -> Opened {
        let transport = try USBProbeTransport(opening: device, matching: profile.match)
        do throws(SourceError) {
            return (try source(profile, transport, specifier: specifier), profile.iqCorrection == .automatic)
        } catch {
            guard case .link(let reason) = error else { throw .protocolViolation(what: error.description) }
            throw reason
        }
    }

    private func source(
        _ profile: DeviceProfile, _ transport: USBProbeTransport, specifier: String
    ) throws(SourceError) -> any FrameSource {
        switch profile.probeProtocol {
        case .odp1:
            return try ODPProbe.open(over: transport, specifier: specifier, profileID: profile.id)
        case .hsUlmUSD3:
            let stream = profile.usd3
            let format = UnframedIQFormat(
                sampleWidth: stream?.sampleBits == 16 ? .bits16 : .bits32,
                byteOrder: stream?.byteOrder == .little ? .littleEndian : .bigEndian)
            return try USD3Probe.open(
                over: transport, specifier: specifier, profileID: profile.id, isSimulated: false, format: format,
                speedOfSoundMPerS: profile.limits.speedOfSoundMPerS)
        }
    }
}
