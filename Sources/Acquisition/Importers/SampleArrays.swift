public import ProbeLink

/// What the reader of a file of named arrays found: samples, pulse by pulse, and what the file says of them.
public struct SampleArrays: Sendable {
    /// How I and Q are stored.
    public var form: IQNumberForm
    /// Pulses that the file has places for.
    public var pulses: Int
    /// Gates side by side, 1 to 512.
    public var gates: Int
    /// Samples a second, Hz; `nil` = the file does not say.
    public var sampleRateHz: Double?
    /// What is known of the samples' meaning.
    public var parameters: FileParameters
    /// The description that this program gave the recording; `nil` = another program's file.
    public var recording: RecordingDescription?
    /// Places whose samples are only filling.
    public var missing: [Range<Int>]
    /// Places of pulses that were not transmitted.
    public var silent: [Range<Int>]
    /// SHA-512 of the samples as they stand in the file, lower-case hexadecimal; `nil` = not told.
    public var sha512: String?
    /// Opens the samples, at the first pulse.
    public var open: @Sendable () throws(SourceError) -> any SampleArrayCursor

    /// Arrays from what was found.
    public init(
        form: IQNumberForm, pulses: Int, gates: Int, sampleRateHz: Double?, parameters: FileParameters,
        recording: RecordingDescription?, missing: [Range<Int>], silent: [Range<Int>], sha512: String?,
        open: @escaping @Sendable () throws(SourceError) -> any SampleArrayCursor
    ) {
        self.form = form
        self.pulses = pulses
        self.gates = gates
        self.sampleRateHz = sampleRateHz
        self.parameters = parameters
        self.recording = recording
        self.missing = missing
        self.silent = silent
        self.sha512 = sha512
        self.open = open
    }
}

/// The bytes of one array of a file, from its beginning on.
public protocol SampleArrayCursor: AnyObject {
    /// The next bytes, little-endian: whole rows of the array, and all that were asked for.
    ///
    /// Behind the last byte the file's own checksum has been checked, where it has one.
    ///
    /// - Throws: when the file cannot be read, is damaged or ends before.
    func next(_ count: Int) throws(SourceError) -> [UInt8]
}
