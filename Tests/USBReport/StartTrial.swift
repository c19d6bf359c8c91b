import ProbeLink

/// Starts and stops one opened probe again and again.
struct StartTrial {
    struct Outcome: Codable {
        var starts = 0
        /// Starts after which the first sample was the first sample.
        var firstSampleIsFirst = 0
        var lostPulses: UInt64 = 0
        var firstSampleMedianMs = 0.0
        var firstSampleWorstMs = 0.0
    }

    static func run(times: Int) throws -> Outcome {
        let device = PatternDevice(.init(bytesPerSecond: 4e6, longestWaitNs: 1_000_000))
        let rig = try ReportRig(device)
        return try withExtendedLifetime(rig) {
            let probe = try ReportProbe.open()
            _ = try probe.prepare(ReportProbe.settings(gates: 16, prfHz: 20_000))
            var outcome = Outcome()
            var delays = Spread()
            for number in 0..<times {
                let stop = StopSignal()
                var sink = CheckingSink()
                sink.stop = stop
                sink.wantedPulses = UInt64(1 + number % 40) * 10
                let begunNs = Clock.nanoseconds()
                _ = try probe.run(into: &sink, until: stop)
                outcome.starts += 1
                outcome.lostPulses += sink.lostPulses
                guard let first = sink.firstFrame else { continue }
                delays.add(sink.firstFrameNs - begunNs)
                let isFirst = first.sequence == 0 && first.pulseIndex == 0 && first.flags.contains(.first)
                if isFirst, sink.firstSample == 0 { outcome.firstSampleIsFirst += 1 }
            }
            outcome.firstSampleMedianMs = delays.medianMs
            outcome.firstSampleWorstMs = delays.worstMs
            return outcome
        }
    }
}
