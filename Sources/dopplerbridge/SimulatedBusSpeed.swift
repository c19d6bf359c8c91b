import ArgumentParser
import ProbeSimulator

/// The speed at which a simulated device is offered to a kernel.
enum SimulatedBusSpeed: String, ExpressibleByArgument, CaseIterable {
    case high
    case `super`

    var usb: USBBusSpeed {
        switch self {
        case .high: .high
        case .super: .superSpeed
        }
    }
}
