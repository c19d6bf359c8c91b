import ArgumentParser
import SampleFiles

/// What `convert --to` takes: the formats of files of samples, and the sound as a DICOM object.
enum ConvertFormat: Hashable, CaseIterable, ExpressibleByArgument {
    case samples(SampleFileFormat)
    case dicomAudio

    static let allCases: [ConvertFormat] = SampleFileFormat.allCases.map(ConvertFormat.samples) + [.dicomAudio]
    static let allValueStrings = allCases.map(\.name)

    init?(argument: String) {
        guard let format = Self.allCases.first(where: { $0.name == argument }) else { return nil }
        self = format
    }

    /// The word for it.
    var name: String {
        switch self {
        case .samples(let format): format.rawValue
        case .dicomAudio: "dicom-audio"
        }
    }

    /// What it is, in a few words.
    var words: String {
        switch self {
        case .samples(let format): format.words
        case .dicomAudio: "DICOM General Audio Waveform, towards left and away right, without a name"
        }
    }

    var defaultValueDescription: String { name }

    /// Whether the velocities stand in it.
    var needsCourses: Bool {
        switch self {
        case .samples(let format): ![.wav, .wavDirections, .sigmf].contains(format)
        case .dicomAudio: false
        }
    }
}
