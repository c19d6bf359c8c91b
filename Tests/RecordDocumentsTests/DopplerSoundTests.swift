import Foundation
import RecordDocuments
import Testing

@Suite("Doppler sound as DICOM")
struct DopplerSoundTests {
    private static func sound(
        towards: [Int16] = [1, -2, 258], away: [Int16] = [3, 0, -1], gaps: [DopplerSound.Gap] = []
    ) -> DopplerSound {
        DopplerSound(
            towards: towards, away: away, rateHz: 4807.692, gaps: gaps, isSimulated: true, recording: "07-ijv.left.j2",
            gate: 0, seriesNumber: 7, subjectCode: "S001", startedAt: "2026-01-31T10:15:00+01:00",
            station: RecordStation(
                manufacturer: "Maker", model: "Model", serial: "1", softwareVersion: "1", deviceUID: "2.25.9"),
            identifiers: DopplerSound.Identifiers(
                study: "2.25.1", series: "2.25.2", instance: "2.25.3", timeBase: "2.25.4"))
    }

    private static func refusal(_ sound: DopplerSound) -> String {
        do {
            return "\(try sound.dicomFile().count) bytes"
        } catch {
            return error.description
        }
    }

    @Test("holds the samples of both directions in turn, as words of 16 bits, little endian")
    func golden() throws {
        let bytes = try Self.sound().dicomFile()
        // (5400,1010) OW, 12 bytes: towards 1, away 3, -2, 0, 258, -1.
        let data: [UInt8] = [0x00, 0x54, 0x10, 0x10, 0x4F, 0x57, 0, 0, 12, 0, 0, 0, 1, 0, 3, 0, 0xFE, 0xFF, 0, 0]
        #expect(bytes.indices.contains { bytes[$0...].starts(with: data + [2, 1, 0xFF, 0xFF]) })
        #expect(try Self.sound().dicomFile() == bytes)
    }

    @Test(
        "dcmdump reads rate, channels, marks and gaps", .enabled(if: Judge.dcmdump.isInstalled, Judge.dcmdump.comment))
    func dump() throws {
        let folder = try ScratchFolder()
        let gaps = [DopplerSound.Gap(firstSample: 0, samples: 1), DopplerSound.Gap(firstSample: 1, samples: 2)]
        let file = try folder.write(try Self.sound(gaps: gaps).dicomFile(), as: "sound.dcm")
        let dump = try Judge.dcmdump.run(["-Un", file]).output
        for line in [
            "(0008,0016) UI [1.2.840.10008.5.1.4.1.1.9.4.2]", "(0008,0060) CS [AU]",
            "(0010,0010) PN (no value available)",
            "(0010,0020) LO [S001]", "(0012,0062) CS [YES]", "(0008,103e) LO [SIMULATED Doppler sound 07-ijv.left.j2]",
            "(003a,001a) DS [4807.692]", "(003a,0005) US 2", "(003a,0010) UL 3", "(003a,0203) SH [towards]",
            "(003a,0203) SH [away]", "(0008,0100) SH [109113]", "(5400,1006) CS [SS]", "(0040,a0b0) US 1\\0",
            "(0040,a130) CS [POINT]", "(0040,a132) UL 1 ", "(0040,a132) UL 2\\3",
            "[3 of 3 samples are missing and stand as 0.]",
        ] {
            #expect(dump.contains(line), "\(line)")
        }
    }

    @Test(
        "dciodvfy finds no error in its modules; it does not know the object itself, so a copy says Basic Voice Audio",
        .enabled(if: Judge.dciodvfy.isInstalled, Judge.dciodvfy.comment))
    func dciodvfy() throws {
        let folder = try ScratchFolder()
        var bytes = try Self.sound(gaps: [DopplerSound.Gap(firstSample: 1, samples: 2)]).dicomFile()
        let general = try folder.write(bytes, as: "general.dcm")
        let known = try Judge.dciodvfy.run(["-new", general])
        // When a newer dciodvfy knows the object, this test should ask it alone.
        #expect(known.output.contains("Information Object Not found"))
        let uid = Array("1.2.840.10008.5.1.4.1.1.9.4.2".utf8)
        let places = bytes.indices.filter { bytes[$0...].starts(with: uid) }
        #expect(places.count == 2)
        for place in places { bytes[place + uid.count - 1] = UInt8(ascii: "1") }
        let judged = try Judge.dciodvfy.run(["-new", try folder.write(bytes, as: "voice.dcm")])
        let errors = judged.output.split(separator: "\n").filter { $0.hasPrefix("Error") }
        #expect(errors.isEmpty, "\(errors.joined(separator: "; "))")
        #expect(judged.output.contains("BasicVoice"))
    }

    @Test("what the object cannot hold is refused in words")
    func refused() {
        var fast = Self.sound()
        fast.rateHz = 50_000
        #expect(
            Self.refusal(fast)
                == "sound: 50000.0 samples a second: a General Audio Waveform holds at most 44100; take --to wav-directions"
        )
        #expect(Self.refusal(Self.sound(away: [])) == "sound: 3 samples towards and 0 away: record again")
        #expect(Self.refusal(Self.sound(towards: [], away: [])).hasPrefix("sound: 0 samples towards and 0 away"))
        for gap in [(2, 2), (-1, 1), (0, 0), (3, 1), (0, Int.max)] {
            let gaps = [DopplerSound.Gap(firstSample: gap.0, samples: gap.1)]
            #expect(Self.refusal(Self.sound(gaps: gaps)).contains("is not within it"), "\(gap)")
        }
        var nameless = Self.sound()
        nameless.subjectCode = "S\\1"
        #expect(Self.refusal(nameless).hasPrefix("subject's code: holds U+005C"))
        var undated = Self.sound()
        undated.startedAt = "today"
        #expect(Self.refusal(undated).hasPrefix("start of the recording: not a time"))
        var unnamed = Self.sound()
        unnamed.identifiers.timeBase = "x"
        #expect(Self.refusal(unnamed).hasPrefix("identifier time base: not a UID"))
    }

    @Test("a digest gives a UID of a version 8 UUID, the same again")
    func uid() throws {
        // FF... with version 8 and variant 2 set: FFFFFFFF-FFFF-8FFF-BFFF-FFFFFFFFFFFF.
        let uid = try RecordIdentifiers.uid(ofDigest: [UInt8](repeating: 0xFF, count: 64))
        #expect(uid == "2.25.\(UInt128(0xFFFF_FFFF_FFFF_8FFF) << 64 | UInt128(0xBFFF_FFFF_FFFF_FFFF))")
        #expect(throws: RecordDocumentError.self) { try RecordIdentifiers.uid(ofDigest: [1, 2, 3]) }
    }
}
