internal import ProbeLink

/// Takes the frames of ECG and breathing and puts each sample at its place in time.
struct PhysiologyCollector {
    private let prfHz: Double
    private var found: RecordedSamples.Physiology?
    private var unusableFrames = 0
    /// Bytes before the samples of an ODP physiology payload: rate in mHz, reserved.
    private static let headerBytes = 8
    /// ECG and respiration.
    private static let channels = 2
    /// The rates that are believed, mHz (project choice: from breathing alone to a fine ECG).
    private static let ratesMilliHz: ClosedRange<UInt32> = 1000...100_000_000
    /// The longest course, samples (project choice: a day at 1 kHz).
    private static let mostSamples = 86_400_000.0

    init(prfHz: Double) { self.prfHz = prfHz }

    var problems: [String] {
        unusableFrames == 0 ? [] : ["\(unusableFrames) frames of ECG and breathing make no sense and were left out"]
    }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        guard frame.format == .odpPhysiology, Int(frame.items) == Self.channels, prfHz > 0,
            payload.byteCount == Self.headerBytes + 2 * Self.channels * Int(frame.records)
        else {
            unusableFrames += 1
            return
        }
        let rateMilliHz = UInt32(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self))
        let rateHz = Double(rateMilliHz) / 1000
        var course =
            found ?? RecordedSamples.Physiology(rateHz: rateHz, ecgMicroV: [], respiration: [], missing: [])
        let place = (Double(frame.pulseIndex) / prfHz * rateHz).rounded()
        guard Self.ratesMilliHz.contains(rateMilliHz), course.rateHz == rateHz, place <= Self.mostSamples else {
            unusableFrames += 1
            return
        }
        // The pulse of a packet is rounded down: one sample is no gap.
        if Int(place) > course.ecgMicroV.count + 1 { course.skip(to: Int(place)) }
        for record in 0..<Int(frame.records) {
            func value(_ channel: Int) -> Int16 {
                let offset = Self.headerBytes + 2 * (Self.channels * record + channel)
                return Int16(littleEndian: payload.unsafeLoadUnaligned(fromByteOffset: offset, as: Int16.self))
            }
            course.ecgMicroV.append(value(0))
            course.respiration.append(value(1))
        }
        found = course
    }

    /// The course, as far as it goes; what is missing at its end is told.
    func result(endSeconds: Double) -> RecordedSamples.Physiology? {
        guard var course = found else { return nil }
        let end = (endSeconds * course.rateHz).rounded(.down)
        // Packets come when they are full: only where more than a second is missing was something lost.
        if end.isFinite, end <= Self.mostSamples, Double(course.ecgMicroV.count) < end - course.rateHz {
            course.skip(to: Int(end))
        }
        return course
    }
}

extension RecordedSamples.Physiology {
    /// Fills with 0 up to a place and notes that nothing stands there.
    fileprivate mutating func skip(to place: Int) {
        let begin = ecgMicroV.count
        guard place > begin else { return }
        ecgMicroV.append(contentsOf: repeatElement(0, count: place - begin))
        respiration.append(contentsOf: repeatElement(0, count: place - begin))
        missing.append(begin..<place)
    }
}
