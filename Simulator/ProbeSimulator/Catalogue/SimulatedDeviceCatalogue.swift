/// The simulated devices, by the id of the device profile that each belongs to.
public enum SimulatedDeviceCatalogue {
    /// Makes one device: serial number, what is in front of it, options.
    private typealias Maker = @Sendable (String, any SignalSource, SimulatedDeviceOptions) -> any SimulatedDevice

    private static let makers: [String: Maker] = [
        "odp/reference": { serial, source, options in
            SimulatedProbe(
                identity: DeviceIdentity(serialNumber: serial), source: source, speed: options.speed,
                fifoBytes: options.fifoBytes)
        },
        "hs-ulm/usd3.0": { serial, source, options in
            SimulatedUSD3(serialNumber: serial, source: source, speed: options.speed, options: options.usd3)
        },
        "hs-ulm/digidop": { serial, source, options in
            SimulatedDigiDop(serialNumber: serial, source: source, byteOrder: options.digiDopByteOrder)
        },
        "generic/usb-audio-stereo": { serial, source, options in
            SimulatedUSBAudio(serialNumber: serial, source: source, options: options.audio)
        },
        "template/ftdi-sync-fifo": { serial, source, options in
            SimulatedFTDI(
                serialNumber: serial, source: source, speed: options.speed, settings: options.boardSettings,
                fifoBytes: options.fifoBytes)
        },
        "template/cypress-fx2": { serial, source, options in
            SimulatedFX2(
                serialNumber: serial, source: source, startsCold: options.startsCold, speed: options.speed,
                settings: options.boardSettings)
        },
    ]

    /// The profiles that there is a device for, in the order of the alphabet.
    public static let profileIDs: [String] = makers.keys.sorted()

    /// Makes the device that a profile describes.
    ///
    /// - Parameters:
    ///   - id: the profile's id, such as `hs-ulm/usd3.0`.
    ///   - serialNumber: what it gives as its serial number.
    ///   - source: what is in front of its transducer.
    /// - Throws: `SimulatedDeviceError.unknownProfile`, which lists the ids that are known.
    public static func device(
        forProfile id: String, serialNumber: String, source: any SignalSource,
        options: SimulatedDeviceOptions = SimulatedDeviceOptions()
    ) throws(SimulatedDeviceError) -> any SimulatedDevice {
        guard let make = makers[id] else { throw .unknownProfile(id: id, known: profileIDs) }
        return make(serialNumber, source, options)
    }
}
