import ProbeLink
import ProbeSimulator
import Testing
import VesselImaging

@Suite("From the simulated probe over the wire to frames")
struct WireTests {
    /// Puts frames together, and ends the run after some.
    struct PictureSink: FrameSink {
        var assembler: BModeAssembler
        var pictures: [BModePicture] = []
        let stop: StopSignal
        let wanted: Int

        mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
            pictures += assembler.take(frame, payload)
            if pictures.count >= wanted { stop.request() }
        }
        mutating func lost(_ loss: StreamLoss) {}
        mutating func event(_ event: ProbeEvent) {}
        func hasRoom(forBytes count: Int) -> Bool { true }
    }

    static func neck() -> NeckPhantom {
        NeckPhantom(.still(LumenShape(areaMm2: 80, centreDepthMm: 14)), seed: 5)
    }

    /// Settings of frames that need several packets each.
    static let wanted: AcquisitionSettings = {
        var settings = AcquisitionSettings(
            centreFrequencyHz: 7_500_000, prfMilliHz: 4_000_000, firstGateDepthUm: 15_000, gateSpacingUm: 100,
            gateLengthUm: 2000,
            burstCycles: 4, streams: [.iq, .bMode], transmitLevelPerMille: 1000)
        settings.bModeFrameRateMilliHz = 30_000
        settings.bModeLines = 100
        settings.bModeSamplesPerLine = 700
        settings.bModeDepthUm = 30_000
        settings.bModeLinePitchNm = 300_000
        return settings
    }()

    private func pictures(_ cable: CableFaults, frames: Int) throws -> PictureSink {
        let source = ImagedSource(doppler: ToneSource(frequencyHz: 300, seed: 1), picture: Self.neck())
        let device = SimulatedProbe(identity: DeviceIdentity(serialNumber: "SIM-1"), source: source)
        let transport = InProcessTransport(FaultyDevice(device, cable), pace: .accelerated)
        let probe = try ODPProbe.open(over: transport, specifier: "test", profileID: nil)
        let settings = try probe.prepare(Self.wanted)
        #expect(settings == Self.wanted)
        let stop = StopSignal()
        var sink = PictureSink(assembler: BModeAssembler(settings), stop: stop, wanted: frames)
        _ = try probe.run(into: &sink, until: stop)
        return sink
    }

    @Test("frames arrive as the phantom made them, at their times")
    func whole() throws {
        let sink = try pictures(CableFaults(), frames: 4)
        var phantom = Self.neck()
        phantom.begin(PictureGrid(lines: 100, samplesPerLine: 700, depthMm: 30, linePitchMm: 0.3))
        for (index, picture) in sink.pictures.prefix(4).enumerated() {
            #expect(picture.isComplete && picture.isTransmitting && picture.frameIndex == UInt32(index))
            #expect(picture.pulseIndex == UInt64(index * 4000 / 30))
            #expect(picture.samples == phantom.frame(UInt32(index), atSeconds: Double(index) / 30))
            #expect(picture.depthMm == 30 && picture.linePitchMm == 0.3)
        }
    }

    @Test("a frame with a lost packet is marked, and its other lines are right")
    func lost() throws {
        // Two packets a frame, 137 USB packets: the 200th is lost within the second frame.
        let sink = try pictures(CableFaults([CableFault(.lost, at: .packet(200))]), frames: 4)
        let broken = sink.pictures.filter { !$0.isComplete }
        #expect(broken.map(\.frameIndex) == [1])
        var phantom = Self.neck()
        phantom.begin(PictureGrid(lines: 100, samplesPerLine: 700, depthMm: 30, linePitchMm: 0.3))
        let truth = phantom.frame(1, atSeconds: 1.0 / 30)
        for picture in broken {
            #expect(picture.missingLines == [0..<93])
            #expect(picture.samples[93 * 700..<100 * 700] == truth[93 * 700..<100 * 700])
        }
    }
}
