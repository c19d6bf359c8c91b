public import CCSVIAnalysis
public import DopplerDSP

/// The spectrogram of one recording, for a picture in the report.
public struct ReportSpectrogram: Sendable {
    /// The recording's id in the exam.
    public var recordingID: String
    /// Its spectra; a malformed one is reported in the picture's place, not drawn.
    public var spectrogram: Spectrogram
    /// The reflux episodes to mark; one without an onset is not marked.
    public var refluxes: [RefluxEpisode]

    /// A spectrogram with the reflux episodes found in it.
    public init(recordingID: String, spectrogram: Spectrogram, refluxes: [RefluxEpisode]) {
        self.recordingID = recordingID
        self.spectrogram = spectrogram
        self.refluxes = refluxes
    }
}
