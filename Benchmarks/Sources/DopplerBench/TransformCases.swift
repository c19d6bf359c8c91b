import CPeers
import DopplerDSP
import Foundation

/// The Fourier transform beside its peers, one core, one transform after the other.
enum TransformCases {
    static func table(scale: Double) -> Table {
        let length = 256
        let times = max(100, Int(200_000 * scale))
        let values = noise(count: 2 * length)
        let peers: [(String, peer_fft_kind)] = [
            ("FFTW MEASURE", peer_fft_fftw), ("KissFFT", peer_fft_kiss), ("liquid-dsp", peer_fft_liquid),
        ]
        var cases = peers.map { name, kind in
            let plan = Handle(peer_fft_make(kind, Int32(length)))
            return Table.Case(name: name, work: Double(times) / 1e6) {
                load(values, into: peer_fft_input(kind, plan.pointer))
                return Threads.run([{ _ = peer_fft_run(kind, plan.pointer, times) }])
            }
        }
        cases.append(own(values, length: length, times: times))
        cases.append(sideBySide(length: length, times: times))
        return Table(
            "Fourier transform of 256 complex values", unit: "M transforms/s", usesTwoProcessors: false, cases: cases,
            goals: [
                .init(ours: "FourierTransform", peer: "FFTW MEASURE", atLeast: transformGoal),
                .init(ours: sideBySideName, peer: "FFTW MEASURE", atLeast: transformGoal),
                .init(ours: "FourierTransform", peer: "KissFFT", atLeast: 3),
            ])
    }

    /// Windows of one recording side by side, with window and power, which the peers leave to their callers.
    private static let sideBySideName = "SpectraBatch with window"

    private static func sideBySide(length: Int, times: Int) -> Table.Case {
        let record = noise(count: 4 * length)
        return Table.Case(name: sideBySideName, work: Double(times) / 1e6) {
            Threads.run([
                {
                    do throws(DSPError) {
                        var batch = try SpectraBatch(length: length)
                        let starts = (0..<batch.lanes).map { $0 * length / 4 % (3 * length) }
                        var power = [Float](repeating: 0, count: batch.lanes * length)
                        for _ in 0..<times / batch.lanes { try batch.compute(record, record, starts: starts, &power) }
                    } catch { peer_fail("\(error)") }
                }
            ])
        }
    }

    /// AVX-512, AVX2 or SSE4, by what this processor has.
    static var transformGoal: Double { [0.35, 0.75, 1.15][Int(peer_simd_level())] }

    private static func own(_ values: [Float], length: Int, times: Int) -> Table.Case {
        let transform: FourierTransform
        do { transform = try FourierTransform(length: length) } catch { peer_fail("\(error)") }
        return Table.Case(name: "FourierTransform", work: Double(times) / 1e6) {
            Threads.run([
                {
                    var real = (0..<length).map { values[2 * $0] }
                    var imaginary = (0..<length).map { values[2 * $0 + 1] }
                    var room = transform.makeRoom()
                    for time in 0..<times {
                        // What comes out goes in again; without this its size would grow out of range.
                        if time % 8 == 0 { for index in 0..<length { real[index] = values[index] } }
                        do throws(DSPError) {
                            try transform.transform(&real, &imaginary, &room)
                        } catch { peer_fail("\(error)") }
                    }
                }
            ])
        }
    }

    private static func load(_ values: [Float], into target: UnsafeMutablePointer<Float>?) {
        guard let target else { return }
        for (index, value) in values.enumerated() { target[index] = value }
    }

    /// Repeatable noise between -0.5 and 0.5.
    static func noise(count: Int) -> [Float] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / 16_777_216 - 0.5
        }
    }
}
