import DopplerDSP
import ExamSession
import LiveStreams
import ProbeLink
import Synchronization

/// What is wanted of a source and how it is looked at.
struct StreamSetup: Sendable {
    /// What was asked of the source.
    var wanted: AcquisitionSettings
    /// What it made of it.
    var inForce: AcquisitionSettings
    /// How spectra are computed; rate and gates are taken from the settings in force.
    var spectral: SpectralSettings
    /// What makes velocities of shifts; `nil` = not known.
    var scale: DopplerScale?
    /// The gate that is looked at; `nil` = the middle one.
    var gate: Int?

    /// How settings that are in force are looked at.
    func look(at settings: AcquisitionSettings) -> StreamLook {
        var spectral = spectral.atRate(prfHz: settings.prfHz)
        spectral.gates = 1
        let last = max(0, Int(settings.gates) - 1)
        var scale = scale
        if settings.centreFrequencyHz > 0 { scale?.centreFrequencyHz = Double(settings.centreFrequencyHz) }
        return StreamLook(spectral, gate: min(gate ?? Int(settings.gates) / 2, last), scale: scale)
    }
}

/// The setup that the next run is looked at by.
final class StreamLooks: Sendable {
    private let setup: Mutex<StreamSetup>

    init(_ setup: StreamSetup) { self.setup = Mutex(setup) }

    func change(_ new: StreamSetup) { setup.withLock { $0 = new } }

    func look(at settings: AcquisitionSettings) -> StreamLook { setup.withLock { $0.look(at: settings) } }
}
