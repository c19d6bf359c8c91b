import CCSVIAnalysis
import DopplerDSP

/// A picture that objects refer to: where it is found.
struct RecordPicture: Hashable {
    /// The recording that it shows.
    var recording: VeinRecording
    /// SOP Instance UID.
    var instanceUID: String
    /// Series Instance UID.
    var seriesUID: String
    /// Number of the series.
    var seriesNumber: Int
    /// Number in the series, from 1.
    var instanceNumber: Int
    /// `L` or `R`; empty for a vein in the midline.
    var laterality: String

    /// The pictures of an exam, in the order of the spectrograms.
    ///
    /// - Throws: `RecordDocumentError` for a spectrogram of no recording, for one that stands twice, and for too many.
    static func all(
        of spectrograms: [RecordSpectrogram], exam: Exam, _ identifiers: RecordIdentifiers
    ) throws(RecordDocumentError) -> [RecordPicture] {
        guard spectrograms.count <= identifiers.images.count else {
            throw .tooManyPictures(count: spectrograms.count, atMost: identifiers.images.count)
        }
        var pictures: [RecordPicture] = []
        for (index, given) in spectrograms.enumerated() {
            guard let recording = exam.recordings.first(where: { $0.recordingID == given.recordingID }) else {
                throw .spectrogram(recordingID: given.recordingID, what: "the exam has no such recording")
            }
            guard !pictures.contains(where: { $0.recording.recordingID == given.recordingID }) else {
                throw .spectrogram(recordingID: given.recordingID, what: "stands twice")
            }
            let series = Self.series(recording.site, identifiers)
            let before = pictures.filter { $0.seriesUID == series.uid }.count
            pictures.append(
                RecordPicture(
                    recording: recording, instanceUID: identifiers.images[index], seriesUID: series.uid,
                    seriesNumber: series.number, instanceNumber: before + 1, laterality: series.laterality))
        }
        return pictures
    }

    /// One series a side, because laterality is a matter of the series (PS3.3 C.7.3.1).
    private static func series(
        _ site: ExamSite, _ identifiers: RecordIdentifiers
    ) -> (uid: String, number: Int, laterality: String) {
        guard site.vein.isPaired else { return (identifiers.unpairedImageSeries, 3, "") }
        return site.side == .left
            ? (identifiers.leftImageSeries, 1, "L") : (identifiers.rightImageSeries, 2, "R")
    }
}
