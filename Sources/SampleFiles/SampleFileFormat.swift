/// The formats in which other programs get the samples of a recording.
public enum SampleFileFormat: String, Sendable, CaseIterable {
    /// Stereo WAV, I left and Q right; one file for each gate.
    case wav
    /// Stereo WAV to listen to, towards the transducer left and away from it right; one file for each gate.
    case wavDirections = "wav-directions"
    /// SigMF 1.2, whole numbers.
    case sigmf
    /// NumPy's archive of arrays.
    case npz
    /// XDF, as the lab streaming layer's recorder writes it.
    case xdf
    /// HDF5.
    case hdf5
    /// EDF+, velocities, ECG and breathing; no samples of I and Q.
    case edf
    /// Text, velocities; no samples of I and Q.
    case csv

    /// What it is, in a few words.
    public var words: String {
        switch self {
        case .wav: "stereo WAV, I left and Q right, with .json and .yaml beside it"
        case .wavDirections: "stereo WAV to listen to, towards left and away right"
        case .sigmf: ".sigmf-meta and .sigmf-data"
        case .npz: "NumPy's arrays"
        case .xdf: "streams as of the lab streaming layer"
        case .hdf5: "HDF5"
        case .edf: "EDF+ of velocities, ECG and breathing"
        case .csv: "text of velocities, column by column"
        }
    }
}
