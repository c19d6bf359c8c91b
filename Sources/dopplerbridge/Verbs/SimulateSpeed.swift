import ArgumentParser
import ProbeSimulator

/// How fast the signal of a simulated patient is made.
struct SimulateSpeed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed", abstract: "Measure how much faster than real time a patient's signal is made.")

    @Argument(help: "The scenario's name, or a YAML file.")
    var scenario = "healthy"

    @Option(help: "The site.")
    var site = "ijv.right.j2.supine"

    @Option(help: "Length of the recording, seconds.")
    var seconds = 60.0

    @Option(help: "Gates; give it again for another run.")
    var gates: [Int] = [1, 128]

    @Option(help: "Pulse repetition frequency, Hz.")
    var prfHz = 6000.0

    @Flag(help: "Print one JSON document.")
    var json = false

    private static let mostGates = 512
    private static let prfsHz = 100.0...20_000.0
    private static let longestSeconds = 3600.0
    /// Pulses that are asked for at a time, as a device does.
    private static let piecePulses = 512
    /// Gates that lie over one vein, side by side, µm (project choice: 128 of them over 12.8 mm).
    private static let spacingUm: UInt32 = 100
    private static let lengthUm: (one: UInt32, many: UInt32) = (3000, 300)

    /// One run.
    struct Row: Encodable {
        var gates: Int
        var prfHz: Double
        var seconds: Double
        var tookSeconds: Double
        var timesFasterThanRealTime: Double
    }

    func validate() throws {
        guard gates.allSatisfy({ (1...Self.mostGates).contains($0) }), Self.prfsHz.contains(prfHz), seconds > 0,
            seconds <= Self.longestSeconds
        else {
            throw ValidationError(
                "--gates must be 1 to \(Self.mostGates), --prf-hz 100 to 20000, --seconds above 0 and up to 3600")
        }
    }

    func run() throws {
        let console = Console()
        let patient = SimulatedPatient(try SourceOptions.scenario(scenario))
        var rows: [Row] = []
        for count in gates {
            let row: Row
            do throws(ScenarioError) { row = try measured(patient, gates: count) } catch { throw Failure(error) }
            rows.append(row)
            guard !json else { continue }
            let factor = Int(row.timesFasterThanRealTime.rounded())
            console.result(
                "\(scenario), \(site): \(Int(seconds)) s with \(count) gates at \(Int(prfHz)) Hz made in "
                    + "\((row.tookSeconds * 100).rounded() / 100) s: \(factor) times faster than real time")
        }
        if json { try console.json(rows) }
    }

    private func measured(_ patient: SimulatedPatient, gates: Int) throws(ScenarioError) -> Row {
        var source = try patient.phantom(atSite: site, take: 1)
        let half = UInt32(gates / 2) * Self.spacingUm
        let axisUm = UInt32(source.site.depthMm * 1000)
        let settings = DeviceSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: UInt32(prfHz * 1000),
            firstGateDepthUm: axisUm > half ? axisUm - half : axisUm, gateSpacingUm: Self.spacingUm,
            gateLengthUm: gates == 1 ? Self.lengthUm.one : Self.lengthUm.many, gates: UInt16(gates))
        let pulses = Int(seconds * prfHz)
        var samples: [Int16] = []
        let clock = ContinuousClock()
        let took = clock.measure {
            source.begin(settings)
            for first in stride(from: 0, to: pulses, by: Self.piecePulses) {
                samples.removeAll(keepingCapacity: true)
                source.appendIQ(
                    firstPulse: UInt64(first), count: min(Self.piecePulses, pulses - first), transmitting: true,
                    to: &samples)
            }
        }
        let tookSeconds = max(took / .seconds(1), 1e-9)
        return Row(
            gates: gates, prfHz: prfHz, seconds: seconds, tookSeconds: tookSeconds,
            timesFasterThanRealTime: seconds / tookSeconds)
    }
}
