public import CCSVIAnalysis
public import DopplerDSP
public import ProbeLink

/// Turns the frames of one acquisition into spectrograms and a breathing curve, and adds up what was lost.
///
/// The result depends on the frames only, not on how they came in pieces.
public struct DopplerConsumer: FrameSink {
    private var analyser: SpectralAnalyser
    private let gates: Int
    private let prfHz: Double
    /// Respiration as far as it was sent.
    private(set) var respiration: RespirationSamples?
    /// I/Q pulses taken in.
    private(set) var pulses: UInt64 = 0
    /// I/Q pulses lost, by place.
    private(set) var lostPulses = LostPulses()
    /// The marks of losses, in the order of time.
    private(set) var losses: [StreamLoss] = []
    /// Frames that could not be used: another number of gates than the settings say.
    private(set) var unusableFrames = 0

    /// A consumer for these settings.
    public init(settings: SpectralSettings) throws(DSPError) {
        analyser = try SpectralAnalyser(settings)
        gates = settings.gates
        prfHz = settings.prfHz
    }

    /// A consumer has room for everything: it runs in step with the ring.
    public func hasRoom(forBytes count: Int) -> Bool { true }

    /// Takes one frame.
    public mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        switch frame.kind {
        case .iq: receiveIQ(frame, payload)
        case .physiology: receivePhysiology(frame, payload)
        case .bMode: break
        }
    }

    /// Takes the mark of a loss.
    public mutating func lost(_ loss: StreamLoss) {
        losses.append(loss)
        switch loss.place {
        case .probe: lostPulses.inProbe &+= loss.pulses
        case .link: lostPulses.onLink &+= loss.pulses
        case .ring: lostPulses.atRing &+= loss.pulses
        }
    }

    /// Events do not change what was measured.
    public mutating func event(_ event: ProbeEvent) {}

    private mutating func receiveIQ(_ frame: FrameHeader, _ payload: RawSpan) {
        guard Int(frame.items) == gates, let pair = frame.format.bytesPerIQPair,
            payload.byteCount == pair * gates * Int(frame.records)
        else {
            unusableFrames += 1
            return
        }
        var conditions: FrameConditions = []
        if frame.flags.contains(.clipped) { conditions.insert(.clipped) }
        if frame.flags.contains(.transmitting) { conditions.insert(.transmitting) }
        do throws(DSPError) {
            try analyser.process(
                payload, format: frame.format == .iqInt32 ? .int32 : .int16, pulses: Int(frame.records),
                firstPulse: frame.pulseIndex, flags: conditions)
            pulses &+= UInt64(frame.records)
        } catch {
            unusableFrames += 1
        }
    }

    /// Bytes before the samples of an ODP physiology payload: rate in mHz, reserved.
    private static let physiologyHeaderBytes = 8

    private mutating func receivePhysiology(_ frame: FrameHeader, _ payload: RawSpan) {
        let channels = 2
        guard frame.format == .odpPhysiology, Int(frame.items) == channels,
            payload.byteCount == Self.physiologyHeaderBytes + 2 * channels * Int(frame.records)
        else {
            unusableFrames += 1
            return
        }
        let rateMilliHz = UInt32(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self))
        guard rateMilliHz > 0 else {
            unusableFrames += 1
            return
        }
        let rateHz = Double(rateMilliHz) / 1000
        var samples = respiration ?? RespirationSamples(rateHz: rateHz, samples: [])
        guard rateHz == samples.rateHz, samples.hold(until: Double(frame.pulseIndex) / prfHz) else {
            unusableFrames += 1
            return
        }
        for record in 0..<Int(frame.records) {
            let offset = Self.physiologyHeaderBytes + 2 * (channels * record + 1)
            samples.samples.append(
                Int16(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: offset, as: Int16.self)))
        }
        respiration = samples
    }

    /// Ends the analysis.
    public mutating func finish() -> DopplerResult {
        DopplerResult(
            spectrograms: analyser.finish(), respiration: respiration, pulses: pulses, lostPulses: lostPulses,
            losses: losses, unusableFrames: unusableFrames)
    }
}

/// Respiration as the probe sent it: rising is inspiration, full scale 32,767.
public struct RespirationSamples: Sendable {
    /// Samples each second.
    public var rateHz: Double
    /// The samples; where packets are missing the last value before the gap is held.
    public var samples: [Int16]
    /// Samples that were held because packets were missing.
    public var heldSamples = 0

    /// The longest gap that is bridged, seconds (project choice: well under half a breath).
    private static let longestGapSeconds = 1.0

    /// Holds the last value until a time since the start, so that what follows keeps its true time.
    ///
    /// - Returns: false when the gap is too long to be bridged.
    mutating func hold(until seconds: Double) -> Bool {
        let missing = (seconds * rateHz).rounded() - Double(samples.count)
        guard missing <= Self.longestGapSeconds * rateHz else { return false }
        // One sample of rounding is no gap.
        guard missing > 1 else { return true }
        samples.append(contentsOf: repeatElement(samples.last ?? 0, count: Int(missing)))
        heldSamples += Int(missing)
        return true
    }
}

/// What one acquisition gave.
public struct DopplerResult: Sendable {
    /// One spectrogram for each gate.
    public var spectrograms: [Spectrogram]
    /// Respiration; `nil` when the source sent none.
    public var respiration: RespirationSamples?
    /// I/Q pulses taken in.
    public var pulses: UInt64
    /// I/Q pulses lost, by place.
    public var lostPulses: LostPulses
    /// The marks of losses.
    public var losses: [StreamLoss]
    /// Frames whose form did not fit the settings.
    public var unusableFrames: Int
}
