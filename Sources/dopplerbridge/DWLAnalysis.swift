import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import ProbeLink

/// Analyses every record and gate of a DWL Multi-Dop file.
struct DWLAnalysis {
    let path: String
    let options: StretchOptions

    /// Settings that suit the device's recordings (2 MHz, PRF 5 kHz): 51 ms windows every 10 ms, as often as the device's
    /// own envelope; a wall filter at the upper end of what transcranial devices use (project choice, tried on
    /// recordings with probe taps).
    private static let spectral = SpectralSettings(
        prfHz: 5000, fftLength: 256, hopPulses: 50, wallFilterCutoffHz: 150, envelopeMethod: .noiseThreshold,
        correctsIQ: true)
    /// Transcranial devices state velocities for a beam along the flow; no angle is recorded.
    private static let angleDegrees = 0.0

    /// The whole result.
    func document() throws -> AnalysisDocument {
        let file: DWLRecording
        do throws(SourceError) { file = try DWLRecording.read(path: path) } catch { throw Failure(error) }
        let interrupt = StopOnSignal()
        let segments = try file.records.map { try segment($0, of: file, stop: interrupt.stop) }
        return AnalysisDocument(
            software: DopplerBridge.software,
            origin: SourceOrigin(
                specifier: "dwl:\(file.fileName)", device: "DWL Multi-Dop file \(file.fileName)", profileID: nil,
                isSimulated: false),
            segments: segments, problems: file.problems)
    }

    private func segment(_ record: DWLRecord, of file: DWLRecording, stop: StopSignal) throws -> AnalysisSegment {
        let seconds = ExamText.rounded(Double(record.hitTimeCentiseconds) / 100, 2)
        let label = FlowDirection(rawValue: record.labelDirection.rawValue)
        let scale = record.centreFrequencyHz.map {
            DopplerScale(
                centreFrequencyHz: $0,
                speedOfSoundMPerS: options.speedOfSoundMPerS ?? DopplerScale.softTissueSpeedOfSoundMPerS,
                insonationAngleDegrees: options.insonationAngleDegrees ?? Self.angleDegrees)
        }
        let analysis = StretchAnalysis(
            name: "record \(record.number), event at \(seconds) s", spectral: options.applied(to: Self.spectral),
            scale: scale, normalDirection: options.normalDirection ?? label, seconds: options.seconds)
        var whole: AnalysisSegment?
        var gates: [GateAnalysis] = []
        for (index, gate) in record.gates.enumerated() {
            var results = [GateAnalysis.withoutSamples(gate: index, spectral: analysis.spectral)]
            if !gate.i.isEmpty {
                let found = try run(analysis, record: record, gate: index + 1, of: file, stop: stop)
                results = found.gates
                whole = whole ?? found
            }
            gates += results.map { Self.labelled($0, index, gate) }
        }
        guard var whole else { throw Failure(.data, "\(path): record \(record.number) holds no samples") }
        whole.gates = gates
        whole.deviceLabel = label.map {
            DeviceLabel(
                eventTimeSeconds: Double(record.hitTimeCentiseconds) / 100, eventLevelDb: Double(record.levelDb),
                direction: $0, depthMm: record.labelDepthMm, channel: record.channel)
        }
        return whole
    }

    private static func labelled(_ result: GateAnalysis, _ index: Int, _ gate: DWLGate) -> GateAnalysis {
        var labelled = result
        labelled.gate = index
        labelled.depthMm = gate.depthMm
        labelled.expectedSamples = gate.expectedSamples
        labelled.foundSamples = gate.i.count
        labelled.isTruncated = gate.isTruncated
        return labelled
    }

    private func run(
        _ analysis: StretchAnalysis, record: DWLRecord, gate: Int, of file: DWLRecording, stop: StopSignal
    ) throws -> AnalysisSegment {
        let source: DWLSource
        let settings: AcquisitionSettings
        do throws(SourceError) {
            source = try file.source(record: record.number, gate: gate)
            settings = try source.prepare(.ofFile)
        } catch {
            throw Failure(error)
        }
        return try examination { () throws(ExamSessionError) in
            try analysis.run(source, settings: settings, recorder: nil, stop: stop).segment
        }
    }
}

extension AcquisitionSettings {
    /// Nothing to ask for: a file has its own settings.
    static let ofFile = AcquisitionSettings(
        centreFrequencyHz: 0, prfMilliHz: 0, firstGateDepthUm: 0, gateLengthUm: 0, burstCycles: 0, streams: .iq,
        transmitLevelPerMille: 0)
}
