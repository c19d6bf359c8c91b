import CPeers
import DopplerDSP
import Foundation

/// The Doppler chain beside its peers, one core: int16 I/Q to spectra and mean shifts.
///
/// The peers filter, transform and take the lag-one mean: so does `SpectralMap`, and the goals are its. The analyser does
/// that and, in the same pass, the noise, the envelopes of both directions, the flags and the courses, and stands beside
/// it. The C++ peers write where their last results stood; the product is given the memory of the run before, as a live
/// view has it, but for one row.
enum ChainCases {
    static let prfHz = 5000.0
    private static let cutoffHz = 100.0

    /// The cases in Python by what `peers.py` calls them.
    ///
    /// The last two find mean shifts alone.
    private static let pythonPeers = [
        ("scipy spectrogram", "spectrogram"), ("scipy ShortTimeFFT", "ShortTimeFFT"), ("careful NumPy", "careful"),
        ("pymust, no spectra", "pymust"), ("ultraspy, no spectra", "ultraspy"),
    ]

    static func tables(scale: Double, python folder: String) -> [Table] {
        func goal(_ peer: String, _ atLeast: Double) -> Table.Goal {
            Table.Goal(ours: map, peer: peer, atLeast: atLeast)
        }
        let tuned = [0.5, 0.9, 1.1][Int(peer_simd_level())]
        return [
            table(
                gates: 1, seconds: 60 * scale, python: folder,
                goals: [
                    goal("C + FFTW, straightforward", 0.95),
                    goal("scipy spectrogram", 6), goal("careful NumPy", 3),
                ]),
            table(
                gates: 128, seconds: 10 * scale, python: folder,
                goals: [
                    goal("C + FFTW, tuned", tuned), goal("scipy spectrogram", 13),
                    goal("scipy ShortTimeFFT", 15),
                    goal("careful NumPy", 7),
                ]),
        ]
    }

    private static func table(gates: Int, seconds: Double, python folder: String, goals: [Table.Goal]) -> Table {
        let pulses = Int(seconds * prfHz)
        let samples = signal(gates: gates, pulses: pulses)
        let work = Double(pulses * gates) / 1e6
        let peers: [(String, peer_chain_kind)] = [
            ("C + FFTW, straightforward", peer_chain_straightforward), ("C + FFTW, tuned", peer_chain_tuned),
            ("C + KissFFT, straightforward", peer_chain_kiss),
        ]
        var cases = peers.map { name, kind in
            let peer = Peer(kind, gates: gates, pulses: pulses)
            return Table.Case(name: name, work: work) { Threads.run([{ peer.run(samples) }]) }
        }
        let mapped = MapKeeper(settings(gates: gates))
        cases.append(
            Table.Case(name: map, work: work) {
                Threads.run([{ mapped.map(samples, pulses: pulses) }])
            })
        cases.append(
            Table.Case(name: "SpectralAnalyser, new memory", work: work) {
                Threads.run([{ analyse(samples, gates: gates, pulses: pulses) }])
            })
        let kept = Keeper(settings(gates: gates))
        cases.append(
            Table.Case(name: again, work: work) {
                Threads.run([{ kept.analyse(samples, pulses: pulses) }])
            })
        if let python = PythonPeers(folder: folder) {
            python.load(samples, gates: gates)
            cases += pythonPeers.map { name, peer in Table.Case(name: name, work: work) { python.run(peer) } }
        }
        return Table(
            "chain: \(gates) gate\(gates == 1 ? "" : "s"), PRF 5 kHz, \(Int(seconds)) s", unit: "M samples/s",
            usesTwoProcessors: false, cases: cases, goals: goals)
    }

    /// A peer with the memory for its results.
    final class Peer: Sendable {
        private let kind: peer_chain_kind
        private let gates: Int
        private let pulses: Int
        private let power: Handle
        private let turns: Handle

        init(_ kind: peer_chain_kind, gates: Int, pulses: Int) {
            self.kind = kind
            self.gates = gates
            self.pulses = pulses
            let frames = (pulses - 256) / 64 + 1
            power = Handle(Data(count: frames * gates * 256 * 4))
            turns = Handle(Data(count: frames * gates * 4))
        }

        func run(_ samples: [Int16]) {
            var filter = wallFilter()
            samples.withUnsafeBufferPointer { samples in
                peer_chain_run(
                    kind, samples.baseAddress, pulses, gates, &filter,
                    power.pointer.assumingMemoryBound(to: Float.self),
                    turns.pointer.assumingMemoryBound(to: Float.self))
            }
        }
    }

    /// What the chain is measured with.
    static func settings(gates: Int, prfHz: Double = 5000, fftLength: Int = 256, hop: Int = 64) -> SpectralSettings {
        SpectralSettings(
            prfHz: prfHz, gates: gates, fftLength: fftLength, hopPulses: hop,
            wallFilterCutoffHz: cutoffHz * prfHz / Self.prfHz)
    }

    /// The whole analysis of a recording, results in new memory.
    static func analyse(_ samples: [Int16], gates: Int, pulses: Int) {
        analyse(samples, settings(gates: gates), pulses: pulses)
    }

    static func analyse(_ samples: [Int16], _ settings: SpectralSettings, pulses: Int) {
        do throws(DSPError) {
            var analyser = try SpectralAnalyser(settings)
            analyser.take(samples)
            check(analyser.finish(), pulses: pulses)
        } catch {
            peer_fail("\(error)")
        }
    }

    static func check(_ found: [Spectrogram], pulses: Int) {
        let columns = found.reduce(0) { $0 + $1.columns.count }
        guard let settings = found.first?.settings,
            columns == found.count * ((pulses - settings.fftLength) / settings.hopPulses + 1)
        else { peer_fail("columns are missing") }
    }

    /// The case whose results go where those of the run before stood, as the C++ peers' do.
    private static let again = "SpectralAnalyser"

    /// The case that does what the peers do.
    private static let map = "SpectralMap"

    /// A Butterworth high-pass of order 4, 100 Hz at 5 kHz, as `scipy.signal.butter(4, 100, 'high', fs=5000,
    /// output='sos')` gives it.
    private static func wallFilter() -> peer_wall_filter {
        peer_wall_filter(
            section: (
                (0.848475295524359, -1.696950591048718, 0.848475295524359, -1.778313488139435, 0.7924474718329468),
                (1, -2, 1, -1.8934156010225003, 0.9084644129492953)
            ))
    }

    /// Walls at 30 Hz, flow between 300 and 900 Hz with the pulse, noise.
    static func signal(gates: Int, pulses: Int) -> [Int16] {
        let noise = TransformCases.noise(count: 2 * gates * pulses)
        return [Int16](unsafeUninitializedCapacity: 2 * gates * pulses) { buffer, count in
            for pulse in 0..<pulses {
                let time = Double(pulse) / prfHz
                let wall = 2 * Double.pi * 30 * time
                let flow = 2 * Double.pi * 600 * time + 250 * sin(2 * Double.pi * 1.2 * time)
                for gate in 0..<gates {
                    let at = 2 * (pulse * gates + gate)
                    let phase = flow + Double(gate)
                    let i = 8000 * cos(wall) + 800 * cos(phase) + 300 * Double(noise[at])
                    let q = 8000 * sin(wall) + 800 * sin(phase) + 300 * Double(noise[at + 1])
                    buffer[at] = Int16(i.rounded())
                    buffer[at + 1] = Int16(q.rounded())
                }
            }
            count = 2 * gates * pulses
        }
    }
}
