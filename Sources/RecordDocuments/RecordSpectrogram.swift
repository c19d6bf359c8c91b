public import DopplerDSP

/// The spectrogram of one recording, for a picture in the clinic's archive.
public struct RecordSpectrogram: Sendable {
    /// The recording's id in the exam.
    public var recordingID: String
    /// Its spectra.
    public var spectrogram: Spectrogram

    /// A spectrogram with the recording that it is of.
    public init(recordingID: String, spectrogram: Spectrogram) {
        self.recordingID = recordingID
        self.spectrogram = spectrogram
    }
}
