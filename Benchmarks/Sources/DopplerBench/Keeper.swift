import CPeers
import DopplerDSP
import Synchronization

/// An analyser that is used again and again.
final class Keeper: Sendable {
    private struct State {
        var analyser: SpectralAnalyser
        var results: [Spectrogram] = []
    }
    private let state: Mutex<State>

    init(_ settings: SpectralSettings) {
        do throws(DSPError) { state = Mutex(State(analyser: try SpectralAnalyser(settings))) } catch {
            peer_fail("\(error)")
        }
    }

    func analyse(_ samples: [Int16], pulses: Int) {
        state.withLock { state in
            state.analyser.take(samples)
            state.analyser.finish(into: &state.results)
            ChainCases.check(state.results, pulses: pulses)
        }
    }
}

/// A map that is used again and again.
final class MapKeeper: Sendable {
    private struct State {
        var map: SpectralMap
        var columns: SpectralMap.Columns?
        var nextPulse: UInt64 = 0
    }
    private let state: Mutex<State>

    init(_ settings: SpectralSettings) {
        do throws(DSPError) { state = Mutex(State(map: try SpectralMap(settings))) } catch { peer_fail("\(error)") }
    }

    func map(_ samples: [Int16], pulses: Int) {
        state.withLock { state in
            do throws(DSPError) {
                try state.map.process(
                    samples.span.bytes, format: .int16, pulses: pulses, firstPulse: state.nextPulse)
            } catch { peer_fail("\(error)") }
            state.map.takeColumns(into: &state.columns)
            // A gap, so that each run begins anew.
            state.nextPulse += UInt64(pulses) + 1
            let settings = state.map.settings
            guard state.columns?.firstPulses.count == (pulses - settings.fftLength) / settings.hopPulses + 1 else {
                peer_fail("columns are missing")
            }
        }
    }
}

extension SpectralAnalyser {
    /// Takes 16-bit counts of all gates.
    mutating func take(_ samples: [Int16], firstPulse: UInt64 = 0) {
        do throws(DSPError) {
            try process(
                samples.span.bytes, format: .int16, pulses: samples.count / 2 / settings.gates, firstPulse: firstPulse,
                flags: .transmitting)
        } catch { peer_fail("\(error)") }
    }
}
