internal import Acquisition
public import CCSVIAnalysis
public import DopplerDSP
internal import ProbeLink

extension ExamFolder {
    /// The spectrogram of a recording, computed again from the samples with the settings of the exam.
    ///
    /// - Throws: when the file is not the one that the exam names by its SHA-256, or cannot be read.
    public func spectrogram(of recording: VeinRecording) throws(ExamSessionError) -> Spectrogram {
        let path = file(recording.fileName)
        let kept: Recording
        do throws(RecordingError) {
            guard try RecordingFingerprint.sha256(ofFile: path) == recording.sha256 else {
                throw RecordingError.notReadable(
                    file: path, reason: "its SHA-256 is not the one in exam.json: the file was changed")
            }
            kept = try Recording(path: path)
        } catch {
            throw .recording(error)
        }
        var consumer: DopplerConsumer
        do throws(DSPError) {
            consumer = try DopplerConsumer(settings: recording.spectral)
        } catch {
            throw .signal(error)
        }
        do throws(SourceRunError) {
            _ = try ReplaySource(kept).run(into: &consumer, until: StopSignal())
        } catch {
            throw .source(error.reason)
        }
        guard let spectrogram = consumer.finish().spectrograms.first else {
            throw .unreadable(path: path, reason: "it holds no samples")
        }
        return spectrogram
    }
}
