import DopplerDSP
import Foundation
import LiveStreams
import OpenIGTLink
import ProbeLink

/// What a client may read of a running stream, and partly set; the unit is in the name.
///
/// The transmit level can be read but not set: nobody who is not at the patient turns it up.
enum StreamParameter: String, CaseIterable, Sendable {
    case prfHz, gateDepthMm, gateLengthMm, receiveGainDb, wallFilterHz, envelopeGate
    case centreFrequencyHz, gates, gateSpacingMm, transmitLevelPercent, insonationAngleDegrees, fftLength, hopPulses

    /// Why a value cannot be wished for.
    struct Refusal: Error {
        var words: String
    }

    /// What can be set, and between which limits anything is asked of a probe at all.
    private var range: ClosedRange<Double>? {
        switch self {
        case .prfHz: 1...100_000
        case .gateDepthMm: 0.1...1000
        case .gateLengthMm: 0.01...100
        case .receiveGainDb: -200...200
        case .wallFilterHz: 0...50_000
        case .envelopeGate: 0...511
        case .centreFrequencyHz, .gates, .gateSpacingMm, .transmitLevelPercent, .insonationAngleDegrees, .fftLength,
            .hopPulses:
            nil
        }
    }

    /// Its value; `nil` = not known.
    private func value(_ setup: StreamSetup) -> Double? {
        let settings = setup.inForce
        let look = setup.look(at: settings)
        return switch self {
        case .prfHz: settings.prfHz
        case .gateDepthMm: settings.firstGateDepthUm > 0 ? Double(settings.firstGateDepthUm) / 1000 : nil
        case .gateLengthMm: settings.gateLengthUm > 0 ? Double(settings.gateLengthUm) / 1000 : nil
        case .receiveGainDb: Double(settings.receiveGainCentiDb) / 100
        case .wallFilterHz: look.spectral.wallFilterCutoffHz
        case .envelopeGate: Double(look.gate)
        case .centreFrequencyHz: settings.centreFrequencyHz > 0 ? Double(settings.centreFrequencyHz) : nil
        case .gates: Double(settings.gates)
        case .gateSpacingMm: Double(settings.gateSpacingUm) / 1000
        case .transmitLevelPercent: Double(settings.transmitLevelPerMille) / 10
        case .insonationAngleDegrees: look.scale?.insonationAngleDegrees
        case .fftLength: Double(look.spectral.fftLength)
        case .hopPulses: Double(look.spectral.hopPulses)
        }
    }

    /// Its value as text; words where it is not known.
    func text(_ setup: StreamSetup) -> String {
        guard let value = value(setup) else { return "not known" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    /// What a client is told.
    func told(of setup: StreamSetup, isSettable: Bool) -> IGTLParameter {
        IGTLParameter(rawValue, text(setup), isSettable: isSettable && range != nil)
    }

    /// A client's text as a number that can be asked for.
    func wish(_ text: String, _ setup: StreamSetup) -> Swift.Result<Double, Refusal> {
        guard let range else { return .failure(Refusal(words: "\(rawValue) can be read, not set")) }
        guard let value = Double(text), value.isFinite, range.contains(value) else {
            let limits = "\(range.lowerBound) to \(range.upperBound)"
            return .failure(Refusal(words: "\(rawValue) `\(text.prefix(64))`: give a number from \(limits)"))
        }
        if self == .wallFilterHz, value >= setup.inForce.prfHz / 2 {
            let limitHz = setup.inForce.prfHz / 2
            return .failure(Refusal(words: "wallFilterHz \(value): must be below half the PRF, \(limitHz)"))
        }
        if self == .envelopeGate, value != value.rounded() || Int(value) >= Int(setup.inForce.gates) {
            let last = Int(setup.inForce.gates) - 1
            return .failure(Refusal(words: "envelopeGate \(text.prefix(64)): there are gates 0 to \(last)"))
        }
        return .success(value)
    }

    /// Puts a value that can be asked for into what is wanted.
    func set(_ value: Double, _ setup: inout StreamSetup) {
        let thousandths = (value * 1000).rounded()
        switch self {
        case .prfHz: setup.wanted.prfMilliHz = UInt32(clamping: Int64(thousandths))
        case .gateDepthMm: setup.wanted.firstGateDepthUm = UInt32(clamping: Int64(thousandths))
        case .gateLengthMm: setup.wanted.gateLengthUm = UInt32(clamping: Int64(thousandths))
        case .receiveGainDb: setup.wanted.receiveGainCentiDb = Int16(clamping: Int64((value * 100).rounded()))
        case .wallFilterHz: setup.spectral.wallFilterCutoffHz = value
        case .envelopeGate: setup.gate = Int(value)
        case .centreFrequencyHz, .gates, .gateSpacingMm, .transmitLevelPercent, .insonationAngleDegrees, .fftLength,
            .hopPulses:
            return
        }
    }

    /// Steps of a probe's clock are no refusal, share of the value (as `AcquisitionSettings.changes(fromWanted:)`).
    private static let stepShare = 0.02

    /// Whether what is in force is what was wished for.
    func isFulfilled(_ wished: Double, _ setup: StreamSetup) -> Bool {
        guard let now = value(setup) else { return false }
        return abs(now - wished) <= Self.stepShare * abs(wished)
    }
}
