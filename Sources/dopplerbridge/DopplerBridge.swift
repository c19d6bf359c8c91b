import ArgumentParser

/// Bridges a Doppler ultrasound probe to the clinic.
@main
struct DopplerBridge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dopplerbridge", abstract: "Bridges a Doppler ultrasound probe to the clinic.")
}
