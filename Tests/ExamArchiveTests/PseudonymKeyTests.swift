import Foundation
import Testing

@testable import ExamArchive

@Suite("Pseudonyms")
struct PseudonymKeyTests {
    private let key = PseudonymKey(bytes: [UInt8](repeating: 7, count: 32))

    @Test("a pseudonym is the HMAC of the code under a key of its use, as OpenSSL computes it")
    func byHand() {
        // openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:0707...07 \
        //     -kdfopt info:"dopplerbridge registry subjects" HKDF, then openssl dgst -sha256 -mac HMAC of "S001".
        #expect(
            hexadecimal(key.subjectHash("S001")) == "9f740e4dcb8d098afdc5b2aad9c765685342e5c70b9ffef8b3cf2bcf25263012")
        #expect(hexadecimal(key.examHash("S001")) == "e8aaf1e46dc4e01af8181d98aefc3c3df568d71122c1ab97e4511fd2e9875adb")
    }

    @Test("a subject and an exam of the same code have different pseudonyms")
    func uses() { #expect(key.subjectHash("S001") != key.examHash("S001")) }

    @Test("another key gives other pseudonyms and shifts")
    func keys() {
        let other = PseudonymKey(bytes: [UInt8](repeating: 8, count: 32))
        #expect(key.subjectHash("S001") != other.subjectHash("S001"))
        let codes = (0..<20).map { "S\($0)" }
        #expect(codes.map { key.shiftDays(ofSubject: $0) } != codes.map { other.shiftDays(ofSubject: $0) })
    }

    @Test("dates are put back by 1 to 366 days, the same for a subject every time")
    func shifts() {
        let shifts = (0..<5_000).map { key.shiftDays(ofSubject: "S\($0)") }
        #expect(shifts == (0..<5_000).map { key.shiftDays(ofSubject: "S\($0)") })
        #expect(shifts.min() == 1 && shifts.max() == PseudonymKey.longestShiftDays)
        #expect(Set(shifts).count == PseudonymKey.longestShiftDays)
    }

    @Test("a key file that others may read, is too short or lies in the archive is refused")
    func badFiles() throws {
        try Place.with { place in
            let archive = try place.archive()
            func refused(_ path: String, mode: Int, count: Int) throws -> Bool {
                try Data(repeating: 1, count: count).write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                do throws(ArchiveError) { _ = try PseudonymKey(file: path, of: archive) } catch {
                    guard case .wrongKey = error else { return false }
                    return true
                }
                return false
            }
            #expect(try refused(place.path + "/open.key", mode: 0o644, count: 32))
            #expect(try refused(place.path + "/short.key", mode: 0o600, count: 31))
            #expect(try refused(archive.path + "/inside.key", mode: 0o600, count: 32))
            #expect(try !refused(place.path + "/good.key", mode: 0o600, count: 32))
        }
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
}
