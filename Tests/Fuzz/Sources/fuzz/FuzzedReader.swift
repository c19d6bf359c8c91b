internal import Synchronization

/// What is fuzzed: every reader of bytes that come from outside.
enum FuzzedReader: String, CaseIterable {
    case odpDecoder = "odp-decoder"
    case odpMessages = "odp-messages"
    case unframedDecoder = "unframed-decoder"
    case digiDopDecoder = "digidop-decoder"
    case audioDecoder = "audio-decoder"
    case pictures
    case descriptors
    case firmware
    case profile
    case pcapng
    case recording
    case wav
    case sigmf
    case iqText = "iq-text"
    case npz
    case dwl

    /// The one that this process fuzzes.
    static let chosen = Mutex<FuzzedReader>(.odpDecoder)

    /// Reads bytes; a trap, a hang, too much memory or a broken promise ends the process.
    func read(_ bytes: [UInt8]) {
        switch self {
        case .odpDecoder: FuzzedStreams.odp(bytes)
        case .odpMessages: FuzzedStreams.odpMessages(bytes)
        case .unframedDecoder: FuzzedStreams.unframed(bytes)
        case .digiDopDecoder: FuzzedPackets.digiDop(bytes)
        case .audioDecoder: FuzzedPackets.audio(bytes)
        case .pictures: FuzzedPackets.pictures(bytes)
        case .descriptors: FuzzedDescriptors.audioStreaming(bytes)
        case .firmware: FuzzedPackets.firmware(bytes)
        case .profile: FuzzedFiles.profile(bytes)
        case .pcapng: FuzzedFiles.pcapng(bytes)
        case .recording: FuzzedFiles.recording(bytes)
        case .wav: FuzzedFiles.wav(bytes)
        case .sigmf: FuzzedFiles.sigmf(bytes)
        case .iqText: FuzzedFiles.iqText(bytes)
        case .npz: FuzzedArrays.npz(bytes)
        case .dwl: FuzzedFiles.dwl(bytes)
        }
    }

    /// Good inputs to begin with: the vectors of the tests and what the writers write.
    func seeds() throws -> [[UInt8]] {
        switch self {
        case .odpDecoder: try Seeds.odpStreams()
        case .odpMessages: try Seeds.odpMessages()
        case .unframedDecoder: Seeds.unframedStreams()
        case .digiDopDecoder: Seeds.digiDopStreams()
        case .audioDecoder: Seeds.unframedStreams()
        case .pictures: Seeds.pictures()
        case .descriptors: Seeds.descriptors()
        case .firmware: [Array(":0300300002337A1E\r\n:020000040800F2\n:00000001FF\n".utf8)]
        case .profile: try Seeds.profiles()
        case .pcapng: Seeds.captures()
        case .recording: try Seeds.recordings()
        case .wav: Seeds.wavFiles()
        case .sigmf: Seeds.sigmfFiles()
        case .iqText: Seeds.iqTexts()
        case .npz: try Seeds.npzFiles()
        case .dwl: Seeds.dwlFiles()
        }
    }
}

/// Ends the process when a reader broke a promise, so that libFuzzer keeps the input.
func promise(_ isKept: Bool, _ what: StaticString) {
    precondition(isKept, "\(what)")
}
