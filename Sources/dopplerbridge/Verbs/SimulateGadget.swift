import ArgumentParser
import ProbeSimulator

/// Makes this computer itself the simulated probe, on its USB device port.
struct SimulateGadget: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gadget",
        abstract: "Be a simulated probe on this computer's USB device port, or on dummy_hcd; needs root.",
        discussion: """
            The port at which a cable leads to another computer: boards such as a Raspberry Pi have one. While it \
            runs, a line on standard input, SITE [TAKE] [deep], holds the probe at another site from the next start on.
            """)

    @OptionGroup var device: OfferedDeviceOptions

    @Option(help: "The highest speed at which it shows itself: high (480 Mbit/s) or super (5 Gbit/s).")
    var speed = SimulatedBusSpeed.super

    func run() throws {
        let console = Console()
        let (patient, simulated) = try device.makeDevice()
        let interrupt = StopOnSignal()
        do throws(FunctionFSError) {
            let gadget = try FunctionFSGadget(
                simulated, upTo: speed.usb, clock: ContinuousClock(), times: device.times)
            OfferedDeviceOptions.followInput(patient, console: console) { gadget.place($0) }
            console.say("\(simulated.label), SIMULATED, on the USB device port")
            try gadget.run(until: interrupt.stop)
        } catch {
            throw Failure(.device, error.description)
        }
    }
}
