import Acquisition
import Foundation
import Testing

@Suite("Recording fingerprint")
struct RecordingFingerprintTests {
    @Test("is the SHA-256 of FIPS 180-2's first example")
    func example() throws {
        let path = NSTemporaryDirectory() + "fingerprint-\(UUID().uuidString)"
        defer { unlink(path) }
        try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
        #expect(
            try RecordingFingerprint.sha256(ofFile: path)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
