import DopplerDSP
import Glibc

/// Runs one hot loop of the Doppler chain a fixed number of times, for counting its instructions: HotLoops NAME.
@main
enum HotLoops {
    static func main() throws {
        // A result that is not a number would mean that the loop did nothing useful.
        guard CommandLine.arguments.count == 2, let result = try run(CommandLine.arguments[1]) else {
            print(
                "HotLoops transform-256 | spectra-256 | chain-1-gate | chain-16-gates | chain-128-gates | "
                    + "map-1-gate | map-128-gates")
            exit(2)
        }
        guard result.isFinite else { exit(1) }
    }

    /// Runs a loop; returns what keeps its work from being left out, `nil` for a name that no loop has.
    private static func run(_ name: String) throws(DSPError) -> Float? {
        switch name {
        case "transform-256": try transform()
        case "spectra-256": try spectra()
        case "chain-1-gate": try chain(gates: 1, pulses: 20_000)
        case "chain-16-gates": try chain(gates: 16, pulses: 4000)
        case "chain-128-gates": try chain(gates: 128, pulses: 1500)
        case "map-1-gate": try map(gates: 1, pulses: 20_000)
        case "map-128-gates": try map(gates: 128, pulses: 1500)
        default: nil
        }
    }

    @inline(never)
    private static func transform() throws(DSPError) -> Float {
        let transform = try FourierTransform(length: 256)
        let values = noise(512)
        var (real, imaginary) = (Array(values[..<256]), Array(values[256...]))
        var room = transform.makeRoom()
        for time in 0..<1600 {
            // What comes out goes in again; without this its size would grow out of range.
            if time % 8 == 0 {
                for index in 0..<256 { (real[index], imaginary[index]) = (values[index], values[256 + index]) }
            }
            try transform.transform(&real, &imaginary, &room)
        }
        return real[7]
    }

    @inline(never)
    private static func spectra() throws(DSPError) -> Float {
        var batch = try SpectraBatch(length: 256)
        let (inPhase, quadrature) = (noise(1024), noise(1024))
        // A number that every width divides.
        let starts = (0..<16).map { 48 * $0 }
        var power = [Float](repeating: 0, count: 16 * 256)
        for _ in 0..<100 { try batch.compute(inPhase, quadrature, starts: starts, &power) }
        return power[7]
    }

    private static func chain(gates: Int, pulses: Int) throws(DSPError) -> Float {
        var analyser = try SpectralAnalyser(
            SpectralSettings(prfHz: 5000, gates: gates, wallFilterCutoffHz: 100, correctsIQ: true))
        return try measured(&analyser, samples(gates: gates, pulses: pulses), pulses: pulses)
    }

    private static func map(gates: Int, pulses: Int) throws(DSPError) -> Float {
        var map = try SpectralMap(SpectralSettings(prfHz: 5000, gates: gates, wallFilterCutoffHz: 100))
        return try mapped(&map, samples(gates: gates, pulses: pulses), pulses: pulses)
    }

    @inline(never)
    private static func mapped(_ map: inout SpectralMap, _ samples: [Int16], pulses: Int) throws(DSPError) -> Float {
        try map.process(samples.span.bytes, format: .int16, pulses: pulses, firstPulse: 0)
        var columns: SpectralMap.Columns?
        map.takeColumns(into: &columns)
        return columns?.power.last ?? .nan
    }

    /// Flow about 600 Hz in noise.
    private static func samples(gates: Int, pulses: Int) -> [Int16] {
        let values = noise(2 * gates * pulses)
        return values.indices.map { index in
            let turn = 2 * Float.pi * (0.12 * Float(index / (2 * gates)) + 2 * values[index / 997])
            return Int16(800 * (index % 2 == 0 ? cosf(turn) : sinf(turn)) + 300 * values[index])
        }
    }

    @inline(never)
    private static func measured(
        _ analyser: inout SpectralAnalyser, _ samples: [Int16], pulses: Int
    ) throws(DSPError) -> Float {
        try analyser.process(
            samples.span.bytes, format: .int16, pulses: pulses, firstPulse: 0, flags: .transmitting)
        return analyser.finish().reduce(0) { $0 + ($1.power.last ?? 0) }
    }

    /// Repeatable noise between -0.5 and 0.5.
    private static func noise(_ count: Int) -> [Float] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / 16_777_216 - 0.5
        }
    }
}
