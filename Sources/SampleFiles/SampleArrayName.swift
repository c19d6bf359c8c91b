/// The names of arrays that have a meaning in a file of samples; others are passed over.
enum SampleArrayName {
    /// I and Q: whole numbers by pulse, gate and part, or complex ones by pulse and gate.
    static let samples = "iq"
    /// Pulses a second, Hz.
    static let rate = "prf_hz"
    /// First lost pulse and number of lost pulses, a row for each gap.
    static let gaps = "gaps"
    /// For each pulse whether it was lost.
    static let missing = "missing"
    /// Whether anything is simulated.
    static let simulated = "simulated"
    /// This program's document on the recording, JSON.
    static let metadata = "metadata"
    /// Transmitted centre frequency, Hz.
    static let frequency = "centre_frequency_hz"
    /// Angle between beam and flow, degrees.
    static let angle = "insonation_angle_degrees"
    /// Speed of sound that velocities are computed with, m/s.
    static let speed = "speed_of_sound_m_per_s"
    /// `towards` or `away`: the direction that is normal at this site.
    static let direction = "normal_direction"
    /// In HDF5 the attribute with the SHA-512 of a data set's bytes.
    static let digest = "sha512"
}
