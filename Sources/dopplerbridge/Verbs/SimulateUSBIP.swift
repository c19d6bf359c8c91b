import ArgumentParser
import ProbeSimulator

/// Offers a simulated probe by USB/IP, so that a Linux kernel sees it as plugged in.
struct SimulateUSBIP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usbip",
        abstract: "Offer a simulated probe by USB/IP: any Linux attaches it with `usbip attach -r 127.0.0.1 -b 1-1`.",
        discussion: """
            `dopplerbridge simulate --usbip` is the same. It listens on 127.0.0.1 alone. While it runs, a line on \
            standard input, SITE [TAKE] [deep], holds the probe at another site from the next start on.
            """)

    @OptionGroup var device: OfferedDeviceOptions

    @Option(help: "The TCP port; 0 takes one that is free.")
    var port = USBIPListener.usualPort

    @Flag(help: "Plug it into this computer's own kernel instead, without the usbip tool; needs root and vhci_hcd.")
    var attach = false

    @Option(help: "The bus: high (480 Mbit/s) or super (5 Gbit/s).")
    var speed = SimulatedBusSpeed.high

    func run() throws {
        let console = Console()
        let (patient, simulated) = try device.makeDevice()
        let interrupt = StopOnSignal()
        do throws(USBIPError) {
            let server = try USBIPServer(
                simulated, speed: simulated.speed == .full ? .full : speed.usb, clock: ContinuousClock(),
                times: device.times
            ) { event in
                console.say(Self.words(event))
            }
            OfferedDeviceOptions.followInput(patient, console: console) { server.place($0) }
            if attach {
                try server.runAttached(until: interrupt.stop)
            } else {
                let listener = try USBIPListener(port: port)
                console.say("\(simulated.label), SIMULATED, on 127.0.0.1 port \(listener.port); as root:")
                console.say("  modprobe vhci-hcd && usbip --tcp-port \(listener.port) attach -r 127.0.0.1 -b 1-1")
                server.run(listener, until: interrupt.stop)
            }
        } catch {
            throw Failure(.device, error.description)
        }
    }

    private static func words(_ event: USBIPServer.Event) -> String {
        switch event {
        case .attached: "attached"
        case .detached: "detached"
        case .refused(let error): error.description
        }
    }
}
