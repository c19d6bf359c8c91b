import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import ProbeLink
import ProbeSimulator

/// A probe that sends silence, and may put its gate elsewhere than it is asked for.
struct BadBedside: Bedside {
    let depthUm: UInt32?
    let origin: SourceOrigin

    init(depthUm: UInt32?) throws {
        self.depthUm = depthUm
        origin = try Self.probe().origin
    }

    static func probe() throws(ExamSessionError) -> any FrameSource {
        let transport = InProcessTransport(
            SimulatedProbe(identity: DeviceIdentity(serialNumber: "SIM-1"), source: ToneSource.silence),
            pace: .accelerated)
        do throws(SourceError) {
            return try ODPProbe.open(over: transport, specifier: "sim:healthy", profileID: "odp/reference")
        } catch {
            throw .source(error)
        }
    }

    func hold(at planned: PlannedRecording) throws(ExamSessionError) -> Placement {
        .held(HeldProbe(source: BadSource(depthUm: depthUm, source: try Self.probe()), correctsIQ: false))
    }

    func lumenArea(_ area: PlannedArea) -> LumenArea? { nil }

    func finish() {}
}

/// A source that says another depth than was asked for.
struct BadSource: FrameSource {
    let depthUm: UInt32?
    let source: any FrameSource

    static let settings = AcquisitionSettings(
        centreFrequencyHz: 7_500_000, prfMilliHz: 6_000_000, firstGateDepthUm: 15_000, gateLengthUm: 3000,
        burstCycles: 8, streams: .iq, transmitLevelPerMille: 500)

    var origin: SourceOrigin { source.origin }

    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings {
        var settings = try source.prepare(wanted)
        if let depthUm { settings.firstGateDepthUm = depthUm }
        return settings
    }

    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters {
        try source.run(into: &sink, until: stop)
    }
}
