internal import ProbeLink
internal import Synchronization

/// A B-mode picture with the settings that it was made with.
struct ShownPicture: Sendable {
    var picture: BModePicture
    var settings: AcquisitionSettings
}

/// The B-mode picture that is shown: the newest of the live scan.
final class PictureShelf: Sendable {
    private let newest = Mutex<ShownPicture?>(nil)

    /// The newest picture; `nil` before the first one of a site.
    var picture: ShownPicture? { newest.withLock { $0 } }

    func put(_ picture: BModePicture, _ settings: AcquisitionSettings) {
        newest.withLock { $0 = ShownPicture(picture: picture, settings: settings) }
    }

    /// Forgets the picture: what follows is of another place.
    func clear() { newest.withLock { $0 = nil } }
}
