internal import ProbeLink

extension FileParameters {
    /// What is known of a recording of this program; what its source could not say stays not known.
    public init(of recording: RecordingDescription) {
        let frequency = Double(recording.settings.centreFrequencyHz)
        self.init(
            centreFrequencyHz: frequency > 0 ? frequency : nil,
            prfHz: recording.context.assumesPRF == true ? nil : recording.settings.prfHz,
            insonationAngleDegrees: recording.context.insonationAngleDegrees,
            speedOfSoundMPerS: recording.context.speedOfSoundMPerS,
            normalDirection: recording.context.normalDirection.flatMap(BeamDirection.init(rawValue:)),
            isSimulated: recording.origin.isSimulated ? true : nil)
    }
}
