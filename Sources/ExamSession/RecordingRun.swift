internal import Acquisition
internal import CCSVIAnalysis
internal import DopplerDSP
internal import Foundation
internal import ProbeLink

/// Makes one recording: prepares the source, runs it on its threads and analyses what comes.
struct RecordingRun: Sendable {
    let probe: HeldProbe
    /// With the settings that the operator chose, where one did.
    let planned: PlannedRecording
    let software: String
    /// Where the recording goes; `nil` where it is kept already and only analysed.
    let path: String?

    init(probe: HeldProbe, planned: PlannedRecording, software: String, path: String?) {
        self.probe = probe
        self.planned = planned.with(probe.preset)
        self.software = software
        self.path = path
    }

    /// What one recording gave.
    struct Outcome: Sendable {
        var settings: AcquisitionSettings
        var spectral: SpectralSettings
        var scale: DopplerScale
        var result: DopplerResult
        var end: AcquisitionOutcome
    }

    /// Records away from Swift's thread pool: the run blocks the thread that it is on.
    func record(stop: StopSignal) async throws(ExamSessionError) -> Outcome {
        let finished: Result<Outcome, ExamSessionError> = await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(returning: Result { () throws(ExamSessionError) in try run(stop) })
            }
            thread.name = "analysis"
            thread.stackSize = 4 << 20
            thread.start()
        }
        return try finished.get()
    }

    private func run(_ stop: StopSignal) throws(ExamSessionError) -> Outcome {
        let settings = try applied()
        let spectral = planned.spectralSettings(
            inForce: settings, correctsIQ: probe.correctsIQ, recorded: probe.recordedContext)
        let scale = planned.scale(inForce: settings, recorded: probe.recordedContext)
        var consumer: DopplerConsumer
        do throws(DSPError) { consumer = try DopplerConsumer(settings: spectral) } catch { throw .signal(error) }
        let writer = try writer(settings, spectral, scale)
        let pulses = UInt64((planned.seconds * settings.prfHz).rounded())
        let end: AcquisitionOutcome
        do throws(RingError) {
            end = try AcquisitionRun(
                source: probe.source, plannedPulses: pulses, recordedEnd: probe.recordedEnd
            ).run(recorder: writer, consumer: &consumer, stop: stop)
        } catch {
            throw .ring(error)
        }
        return Outcome(settings: settings, spectral: spectral, scale: scale, result: consumer.finish(), end: end)
    }

    /// The file of the recording; `nil` where it is kept already.
    private func writer(
        _ settings: AcquisitionSettings, _ spectral: SpectralSettings, _ scale: DopplerScale
    ) throws(ExamSessionError) -> RecordingWriter? {
        guard let path else { return nil }
        do throws(RecordingError) {
            return try RecordingWriter.create(path: path, description: description(settings, spectral, scale))
        } catch {
            throw .recording(error)
        }
    }

    private func applied() throws(ExamSessionError) -> AcquisitionSettings {
        do throws(SourceError) {
            return try probe.source.prepare(planned.wantedSettings)
        } catch {
            throw .source(error)
        }
    }

    private func description(
        _ settings: AcquisitionSettings, _ spectral: SpectralSettings, _ scale: DopplerScale
    ) -> RecordingDescription {
        var context = RecordingContext(
            siteID: planned.site.id, manoeuvre: planned.manoeuvre.rawValue, take: planned.take,
            segment: planned.segment > 1 ? planned.segment : nil,
            isLowFlowCheck: planned.take > 1 ? planned.isLowFlowCheck : nil,
            session: planned.session > 1 ? planned.session : nil,
            insonationAngleDegrees: scale.insonationAngleDegrees, speedOfSoundMPerS: scale.speedOfSoundMPerS,
            normalDirection: planned.step.normalDirection.rawValue, correctsIQ: probe.correctsIQ)
        if probe.preset != nil {
            context.wallFilterHz = spectral.wallFilterCutoffHz
            context.fftLength = spectral.fftLength
            context.hopPulses = spectral.hopPulses
        }
        return RecordingDescription(
            software: software, origin: probe.source.origin, settings: settings, context: context)
    }
}
