import ArgumentParser
import Foundation
import ProbeSimulator

/// Which simulated device stands before which patient, where a device is offered to a real kernel.
struct OfferedDeviceOptions: ParsableArguments {
    @Argument(help: "The scenario's name, or a YAML file.")
    var scenario = "healthy"

    @Option(help: "The seed; the scenario's own when not given.")
    var seed: UInt64?

    @Option(help: "The site at which the probe is held at first.")
    var site = "ijv.right.j2.supine"

    @Option(help: "The device's serial number; it begins with SIM-. From scenario and seed when not given.")
    var serial: String?

    @Option(help: "The device profile by which the device is recognised.")
    var profile = "odp/reference"

    @Flag(name: .customLong("cold"), help: "A board that gets its firmware from the host begins without it.")
    var isCold = false

    @Option(help: "How many times faster than real time the device's time goes, 1 to 3.")
    var times = 1

    /// A host sends its keep-alive every 250 ms of real time, and the probe waits for it 1000 ms of its own.
    private static let fastest = 3

    func validate() throws {
        // The mark by which a host knows that the samples are simulated, whatever the probe's protocol.
        if let serial, !serial.hasPrefix("SIM-") {
            throw ValidationError("--serial \(serial): a simulated device's serial number begins with SIM-")
        }
        guard (1...Self.fastest).contains(times) else {
            throw ValidationError("--times must be 1 to \(Self.fastest): a faster probe would miss the keep-alive")
        }
        guard SimulatedDeviceCatalogue.profileIDs.contains(profile) else {
            let known = SimulatedDeviceCatalogue.profileIDs.joined(separator: ", ")
            throw ValidationError("--profile \(profile): no such device is simulated; known are \(known)")
        }
    }

    /// The patient, and the device held at the first site.
    func makeDevice() throws -> (patient: SimulatedPatient, device: any SimulatedDevice) {
        let chosen = try SourceOptions.scenario(scenario)
        let seed = seed ?? chosen.defaultSeed
        let patient = SimulatedPatient(chosen, seed: seed)
        let held = try Self.source(patient, site)
        var options = SimulatedDeviceOptions()
        options.startsCold = isCold
        do throws(SimulatedDeviceError) {
            let device = try SimulatedDeviceCatalogue.device(
                forProfile: profile, serialNumber: serial ?? "SIM-\(chosen.name)-\(seed)", source: held,
                options: options)
            return (patient, device)
        } catch {
            throw Failure(.usage, error.description)
        }
    }

    /// Holds the probe elsewhere with every line of standard input, `SITE [TAKE] [deep]`, on a thread of its own.
    static func followInput(
        _ patient: SimulatedPatient, console: Console, place: @escaping @Sendable (any SignalSource) -> Void
    ) {
        Thread.detachNewThread {
            while let line = readLine() {
                do {
                    place(try source(patient, line))
                    console.say("held at \(line) from the next start on")
                } catch let failure as Failure {
                    console.say(failure.message)
                } catch {
                    console.say("\(error)")
                }
            }
        }
    }

    /// What the probe sees at `SITE [TAKE] [deep]`.
    private static func source(_ patient: SimulatedPatient, _ line: String) throws -> any SignalSource {
        let words = line.split(separator: " ").map(String.init)
        let take = words.dropFirst().compactMap(Int.init).first ?? 1
        let known = words.dropFirst().allSatisfy { $0 == "deep" || Int($0) != nil }
        guard let site = words.first, known, take >= 1 else {
            throw Failure(.usage, "`\(line)`: give SITE [TAKE] [deep], such as ijv.left.j2.supine")
        }
        do throws(ScenarioError) {
            return try patient.imagedSource(
                atSite: site, take: take, breathing: words.contains("deep") ? .deep : .quiet)
        } catch {
            throw Failure(error)
        }
    }
}
