import Acquisition
import ArgumentParser
import DopplerQA
import ExamSession
import Foundation

/// Quality assurance on a recording of a phantom.
struct PhantomRun {
    let probe: String
    let truthPath: String
    let stretch: StretchOptions
    let console: Console

    /// Flags of columns that say nothing about the phantom.
    private static let unusable: Set<String> = ["tap", "settling", "notTransmitting"]

    /// Analyses the recording and holds it against the truth file.
    func record(now: Date) throws -> QARecord {
        let truth = try readTruth()
        let source = try SourceOptions.parse(["--probe", probe])
        let interrupt = StopOnSignal()
        let opened = try source.stretch(stretch, stop: interrupt.stop, console: console)
        let settings = try opened.settingsInForce()
        let outcome = try examination { () throws(ExamSessionError) in
            try opened.analysis.run(opened.source, settings: settings, recorder: nil, stop: interrupt.stop)
        }
        try opened.capture?.finish(console: console)
        if let failure = outcome.end.failure { throw Failure(failure) }
        guard let gate = outcome.segment.gates.first, let nyquist = outcome.segment.nyquistVelocityCmPerS else {
            throw Failure(.data, "\(probe): no velocities: centre frequency, PRF and angle must be known")
        }
        let usable = gate.flags.indices.filter { Self.unusable.isDisjoint(with: gate.flags[$0]) }
        func columns(_ values: [Double?]) -> [Double?] { usable.map { values.indices.contains($0) ? values[$0] : nil } }
        let reading = PhantomReading(
            meanCmPerS: columns(gate.meanVelocityCmPerS), spectralMeanCmPerS: columns(gate.spectralMeanVelocityCmPerS),
            envelopeTowardsCmPerS: columns(gate.envelopeTowardsCmPerS),
            envelopeAwayCmPerS: columns(gate.envelopeAwayCmPerS), nyquistCmPerS: nyquist)
        return QARecord(
            date: now, software: DopplerBridge.software, chain: QAChain.standard.name, truth: .phantom,
            recording: probe, seed: nil, isFull: true, results: reading.results(truth))
    }

    private func readTruth() throws -> PhantomTruth {
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: truthPath)) } catch {
            throw Failure(.storage, "\(truthPath): cannot be read (\(error.localizedDescription))")
        }
        do throws(QAError) { return try PhantomTruth(json: bytes) } catch {
            throw Failure(.data, "\(truthPath): \(error.description)")
        }
    }
}
