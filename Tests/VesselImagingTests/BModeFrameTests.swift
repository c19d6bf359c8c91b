import Testing
import VesselImaging

@Suite("Geometry of a B-mode frame")
struct BModeFrameTests {
    static func frame(
        lines: Int = 5, samples: Int = 8, depthMm: Double = 40, pitchMm: Double = 0.5, missing: [Range<Int>] = []
    ) throws -> BModeFrame {
        try BModeFrame(
            lines: lines, samplesPerLine: samples, depthMm: depthMm, linePitchMm: pitchMm,
            samples: [UInt8](repeating: 0, count: lines * samples), missingLines: missing)
    }

    @Test("lines are centred on the Doppler line, samples begin at the face")
    func places() throws {
        let frame = try Self.frame()
        #expect(frame.acrossMm(ofLine: 0) == -1 && frame.acrossMm(ofLine: 2) == 0 && frame.acrossMm(ofLine: 4) == 1)
        #expect(frame.samplePitchMm == 5 && frame.depthMm(ofSample: 3) == 15)
        #expect(frame.line(atAcrossMm: 0.25) == 2.5 && frame.sample(atDepthMm: 12.5) == 2.5)
        #expect(frame.edgesMm.across == -1...1 && frame.edgesMm.depth == 0...35)
        let even = try Self.frame(lines: 4)
        #expect(even.acrossMm(ofLine: 0) == -0.75 && even.acrossMm(ofLine: 3) == 0.75)
    }

    @Test("a frame whose samples do not fit, or without a size, is refused")
    func refused() {
        #expect(throws: ImagingError.notAFrame(lines: 2, samplesPerLine: 3, samples: 5)) {
            try BModeFrame(lines: 2, samplesPerLine: 3, depthMm: 40, linePitchMm: 1, samples: [0, 0, 0, 0, 0])
        }
        #expect(throws: ImagingError.self) {
            try BModeFrame(lines: .max, samplesPerLine: 3, depthMm: 40, linePitchMm: 1, samples: [])
        }
        #expect(throws: ImagingError.noScale(depthMm: 0, linePitchMm: 1)) { try Self.frame(depthMm: 0, pitchMm: 1) }
        #expect(throws: ImagingError.self) { try Self.frame(depthMm: .nan) }
        #expect(throws: ImagingError.self) { try Self.frame(pitchMm: .infinity) }
        #expect(throws: ImagingError.self) { try Self.frame(missing: [3..<9]) }
    }

    @Test("a frame with missing lines is not complete")
    func missing() throws {
        #expect(try Self.frame().isComplete)
        #expect(try !Self.frame(missing: [1..<2]).isComplete)
    }
}
