/// Every key that a profile may have, section by section.
///
/// The loader reads by these, and a test compares them with the JSON Schema.
package enum ProfileKey {
    /// The keys of the file.
    package enum File: String, CaseIterable {
        case schema, id, name, source, match, cold, `protocol`, usd3, digidop, usbAudio, transducer, acquisition
        case acousticOutput, iqCorrection, quirks
    }

    /// The keys of `match`.
    package enum Match: String, CaseIterable {
        case vendorID, productID, manufacturer, product, productPrefix, bcdDeviceMajor, deviceClass
        case interfaceClass, endpoints
    }

    /// The keys of an item of `endpoints`.
    package enum Endpoint: String, CaseIterable { case kind, atLeast }

    /// The keys of `cold`.
    package enum Cold: String, CaseIterable { case vendorID, productID, bcdDevice, firmwareFile, firmwareSHA256 }

    /// The keys of `usd3`.
    package enum USD3: String, CaseIterable { case sampleBits, byteOrder, clockHz }

    /// The keys of `digidop`.
    package enum DigiDop: String, CaseIterable { case byteOrder, clockHz }

    /// The keys of `usbAudio`.
    package enum USBAudio: String, CaseIterable {
        case sampleRateHz, sampleBits, channels, invertsDirection, rightGain, rightPhaseDegrees
    }

    /// The keys of `transducer`.
    package enum Transducer: String, CaseIterable { case centreFrequencyHz }

    /// The keys of `acquisition`.
    package enum Acquisition: String, CaseIterable {
        case speedOfSoundMPerS, prfHz, depthMm, gateLengthMm, nyquistVelocityCmPerS, start
    }

    /// The keys of `start`.
    package enum Start: String, CaseIterable {
        case centreFrequencyHz, prfHz, gateDepthMm, gateLengthMm, burstCycles
    }

    /// The keys of a range.
    package enum Range: String, CaseIterable { case lowest, highest }

    /// The keys of `acousticOutput`.
    package enum AcousticOutput: String, CaseIterable { case maximumMechanicalIndex, maximumThermalIndex, source }
}
