public import ProbeLink

/// A probe that a technician holds: on USB, or a simulated one to learn with.
public protocol HandHeldProbe: Sendable {
    /// Where the samples come from.
    var origin: SourceOrigin { get }

    /// The probe at a site.
    func held(at planned: PlannedRecording) throws(ExamSessionError) -> HeldProbe

    /// Waits for the probe after it was unplugged.
    ///
    /// - Returns: the probe; `nil` when it was not unplugged, or did not come back in time.
    func heldAgain(after failure: SourceError?, stop: StopSignal) throws(ExamSessionError) -> HeldProbe?
}
