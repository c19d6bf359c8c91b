/// The sound of one gate of a recording: what a DICOM General Audio Waveform holds (PS3.3 A.34.10).
///
/// It is de-identified: of the subject it knows a code, or nothing.
public struct DopplerSound: Sendable, Hashable {
    /// What stands in place of a few lost samples.
    public struct Gap: Sendable, Hashable {
        /// The first sample that is missing, from 0.
        public var firstSample: Int
        /// How many are missing.
        public var samples: Int

        /// A gap from its fields.
        public init(firstSample: Int, samples: Int) {
            self.firstSample = firstSample
            self.samples = samples
        }
    }

    /// UIDs of the object and of what it belongs to (PS3.5 9.1).
    public struct Identifiers: Sendable, Hashable {
        /// Study, series, and the object itself.
        public var study: String, series: String, instance: String
        /// The time base that the gates of one recording share.
        public var timeBase: String

        /// Identifiers from their fields.
        public init(study: String, series: String, instance: String, timeBase: String) {
            self.study = study
            self.series = series
            self.instance = instance
            self.timeBase = timeBase
        }
    }

    /// Flow towards the transducer, 16 bits.
    public var towards: [Int16]
    /// Flow away from the transducer, as many samples as `towards`.
    public var away: [Int16]
    /// Samples a second, Hz, at most 44,100: the pulse repetition frequency, nothing is resampled.
    public var rateHz: Double
    /// Where nothing was received, in the order of time; the samples there are 0.
    public var gaps: [Gap]
    /// Whether anything is simulated.
    public var isSimulated: Bool
    /// The recording's name and site, in a few words.
    public var recording: String
    /// Which gate, from 0.
    public var gate: Int
    /// Number of the series.
    public var seriesNumber: Int
    /// The subject's code; `nil` = not known.
    public var subjectCode: String?
    /// When it was recorded, ISO 8601 with offset.
    public var startedAt: String
    /// What made it.
    public var station: RecordStation
    /// Its UIDs.
    public var identifiers: Identifiers

    /// A sound from its fields.
    public init(
        towards: [Int16], away: [Int16], rateHz: Double, gaps: [Gap], isSimulated: Bool, recording: String, gate: Int,
        seriesNumber: Int, subjectCode: String?, startedAt: String, station: RecordStation, identifiers: Identifiers
    ) {
        self.towards = towards
        self.away = away
        self.rateHz = rateHz
        self.gaps = gaps
        self.isSimulated = isSimulated
        self.recording = recording
        self.gate = gate
        self.seriesNumber = seriesNumber
        self.subjectCode = subjectCode
        self.startedAt = startedAt
        self.station = station
        self.identifiers = identifiers
    }

    /// The object as a file (PS3.10); the same sound gives the same bytes.
    ///
    /// - Throws: `RecordDocumentError.sound` when the object cannot hold it, and others for texts and times that are none.
    public func dicomFile() throws(RecordDocumentError) -> [UInt8] { try DopplerSoundObject.file(self) }
}

extension RecordIdentifiers {
    /// A UID of a digest, so that the same thing has the same UID: a version 8 UUID (RFC 9562, 5.8) as a number (PS3.5 B.2).
    ///
    /// - Parameter digest: at least 16 bytes, all of which chance could have made; the first 16 are taken.
    /// - Throws: when there are fewer.
    public static func uid(ofDigest digest: [UInt8]) throws(RecordDocumentError) -> String {
        let byteCount = 16
        guard digest.count >= byteCount else {
            throw .identifier(field: "digest", what: "\(digest.count) bytes instead of \(byteCount)")
        }
        var number = digest.prefix(byteCount).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        number = number & ~(UInt128(0xF) << 76) | UInt128(8) << 76
        number = number & ~(UInt128(3) << 62) | UInt128(2) << 62
        return "2.25.\(number)"
    }
}
