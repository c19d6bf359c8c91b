import CCSVIAnalysis
import DopplerDSP
import DopplerQA
import ProbeLink
import ProbeSimulator
import Testing
import VesselImaging

@Suite("Clauses of quality assurance")
struct ClauseTests {
    /// A run of few scenes, and twenty seconds in place of ten minutes for the time axis.
    static func run(_ chain: QAChain, scenes: Int = 2) throws -> ClauseRun {
        var run = ClauseRun(chain: chain, setups: try QASetups(.standard()), counts: .seeds(scenes))
        run.timeAxisSeconds = 20
        run.pictureGrid = PictureGrid(lines: 140, samplesPerLine: 320, depthMm: 35, linePitchMm: 0.25)
        return run
    }

    static func result(_ name: String, _ chain: QAChain, scenes: Int = 2) throws -> ClauseResult {
        let clause = try #require(Clause.all.first { $0.name == name })
        return try clause.result(run(chain, scenes: scenes))
    }

    static let measured = Clause.all.map(\.name).filter { !["area", "marker"].contains($0) }

    @Test(
        "pass with this program's chain",
        arguments: ["velocity-readout", "direction-separation", "time-axis", "marker"])
    func passing(name: String) throws {
        #expect(try Self.result(name, .standard).state == .passed)
    }

    @Test("never pass with a chain that measures nothing", arguments: measured)
    func silentChain(name: String) throws {
        let silent = QAChain(name: "silent") { (_, setup) throws(DSPError) in
            ChainReading(Spectrogram(settings: setup.spectral, gate: 0, columns: [], power: []), setup)
        }
        #expect(try Self.result(name, silent, scenes: 1).state == .failed)
    }

    @Test("fail when I and Q are swapped", arguments: ["velocity-readout", "mean-velocity", "wrong-direction"])
    func swapped(name: String) throws {
        let swapped = QAChain(name: "swapped") { (signal, setup) throws(DSPError) in
            let wrong = TestSignal(prfHz: signal.prfHz, inPhase: signal.quadrature, quadrature: signal.inPhase)
            return try QAChain.standard.read(wrong, setup)
        }
        #expect(try Self.result(name, swapped).state == .failed)
    }

    @Test("fail when the mean is 4 % off", arguments: ["velocity-readout", "mean-velocity"])
    func wrongMean(name: String) throws {
        let wrong = Self.altered { reading, _ in
            for index in reading.spectrogram.columns.indices {
                reading.spectrogram.columns[index].meanShiftHz = reading.spectrogram.columns[index].meanShiftHz.map {
                    $0 * 1.05
                }
            }
        }
        let result = try Self.result(name, wrong)
        #expect(result.state == .failed)
        #expect(result.figures.first?.isWithin == false)
    }

    @Test(
        "fail when the envelope is 12 % off", arguments: ["envelope-steady", "envelope-pulsatile"],
        [0.85, 1.12] as [Float])
    func wrongEnvelope(name: String, factor: Float) throws {
        let wrong = Self.altered { reading, _ in
            for index in reading.spectrogram.columns.indices {
                let column = reading.spectrogram.columns[index]
                reading.spectrogram.columns[index].envelopeTowardsHz = column.envelopeTowardsHz.map { $0 * factor }
                reading.spectrogram.columns[index].envelopeAwayHz = column.envelopeAwayHz.map { $0 * factor }
            }
        }
        #expect(try Self.result(name, wrong, scenes: 1).state == .failed)
    }

    @Test("fails when a tone shows in both directions")
    func crosstalk() throws {
        let wrong = QAChain(name: "unbalanced") { (signal, setup) throws(DSPError) in
            let unbalanced = TestSignal(
                prfHz: signal.prfHz, inPhase: signal.inPhase, quadrature: signal.quadrature.map { $0 * 1.02 })
            var setup = setup
            setup.spectral.correctsIQ = false
            return try QAChain.standard.read(unbalanced, setup)
        }
        let result = try Self.result("direction-separation", wrong)
        #expect(result.state == .failed)
        // 10 log10(0.02^2 / 4) = -40 dB.
        let separation = try #require(result.figures.first?.value)
        #expect(abs(separation - 40) < 1)
    }

    @Test("fails when the chain states half of its lowest velocity")
    func wrongLowest() throws {
        let wrong = Self.altered { reading, _ in reading.lowestShiftHz /= 2 }
        #expect(try Self.result("lowest-velocity", wrong).state == .failed)
    }

    @Test("fail when reflux is found too long", arguments: ["reflux-duration", "wall"])
    func wrongDuration(name: String) throws {
        let wrong = Self.altered { reading, _ in
            for index in reading.reflux.episodes.indices { reading.reflux.episodes[index].durationSeconds += 0.05 }
        }
        #expect(try Self.result(name, wrong).state == .failed)
    }

    @Test(
        "fail when the answer is always the same", arguments: ["reflux-duration", "wall", "aliasing"],
        RefluxAnswer.allCases)
    func wrongAnswer(name: String, answer: RefluxAnswer) throws {
        // A chain that is never sure passes what only forbids certain answers, except near the threshold.
        guard name != "aliasing" || answer != .uncertain else { return }
        let wrong = Self.altered { reading, _ in reading.answer = answer }
        let result = try Self.result(name, wrong)
        #expect(result.state == .failed)
    }

    @Test("fails when disturbances are scored, and when taps are not recognised")
    func falseReflux() throws {
        let scored = Self.altered { reading, _ in reading.answer = .yes }
        let first = try Self.result("false-reflux", scored, scenes: 1)
        #expect(first.figures.prefix(5).allSatisfy { !$0.isWithin })
        let blind = Self.altered { reading, _ in
            for index in reading.spectrogram.columns.indices { reading.spectrogram.columns[index].flags.remove(.tap) }
        }
        #expect(try Self.result("false-reflux", blind, scenes: 1).state == .failed)
    }

    @Test("fails when aliasing is not flagged")
    func unflagged() throws {
        let wrong = Self.altered { reading, setup in
            var spectrogram = reading.spectrogram
            for index in spectrogram.columns.indices { spectrogram.columns[index].flags.remove(.aliased) }
            reading.assessment = ChainReading(spectrogram, setup).assessment
        }
        let result = try Self.result("aliasing", wrong)
        #expect(result.figures.first { $0.name == "aliased, not flagged" }?.isWithin == false)
    }

    @Test("fails when the time axis is two samples late or loses what was lost", arguments: [2.0, 0])
    func wrongTime(samples: Double) throws {
        let wrong = Self.altered { reading, setup in
            let settings = setup.spectral
            for index in reading.spectrogram.columns.indices {
                let counted = (Double(index * settings.hopPulses) + Double(settings.fftLength) / 2) / settings.prfHz
                if samples > 0 {
                    reading.spectrogram.columns[index].centreSeconds += samples / settings.prfHz
                } else {
                    // Columns counted on, as if no pulse had been lost.
                    reading.spectrogram.columns[index].centreSeconds = counted
                }
            }
        }
        #expect(try Self.result("time-axis", wrong, scenes: 1).state == .failed)
    }

    @Test("give the same figures for the same seed")
    func determinism() throws {
        let first = try Self.result("mean-velocity", .standard)
        #expect(try Self.result("mean-velocity", .standard) == first)
    }

    @Test("are found by name, and an unknown name is an error that lists them")
    func names() throws {
        #expect(try Clause.named([]).count == Clause.all.count)
        #expect(try Clause.named(["wall"]).map(\.name) == ["wall"])
        #expect(throws: QAError.unknownClause("walls", known: Clause.all.map(\.name))) { try Clause.named(["walls"]) }
        #expect(Set(Clause.all.map(\.name)).count == Clause.all.count)
    }

    private static func figure(_ clause: Clause, _ name: String) throws -> ClauseFigure? {
        try clause.result(run(.standard, scenes: 2)).figures.first { $0.name.hasPrefix(name) }
    }

    @Test("measures areas with this program's search")
    func area() throws {
        let result = try Self.result("area", .standard)
        #expect(!result.figures.dropFirst().contains { !$0.isWithin })
        #expect(result.scenes == 6)
    }

    @Test("fails when the contour is 10 % too wide, when it is found nowhere and when it is found everywhere")
    func wrongContour() throws {
        let wide = Clause.area { frame, seed in
            guard case .measured(var contour) = ContourSearch(frame).contour(around: seed) else {
                return .notFound(contrastDb: 0)
            }
            contour.area.areaMm2 *= 1.1
            return .measured(contour)
        }
        #expect(try Self.figure(wide, "automatic contour, worst")?.isWithin == false)
        let blind = Clause.area { _, _ in .notFound(contrastDb: 0) }
        #expect(try Self.figure(blind, "lumens not measured")?.isWithin == false)
        #expect(try Self.figure(blind, "automatic contour, worst")?.isWithin == false)
        let inventive = Clause.area { _, seed in
            let confidence = ContourConfidence(
                edgeStrengthDb: 30, closedShare: 1, ellipseAgreement: 1, darkBeyondShare: 0, diameterOverResolution: 10)
            let area = AreaMeasurement(method: .automatic, areaMm2: 50, uncertaintyMm2: 1)
            let ellipse = Ellipse(centre: seed, longSemiAxisMm: 4, shortSemiAxisMm: 4, tiltDegrees: 0)
            return .measured(LumenContour(points: [seed], area: area, ellipse: ellipse, confidence: confidence))
        }
        #expect(try Self.figure(inventive, "lumens found where there is none")?.isWithin == false)
        #expect(try Self.figure(inventive, "collapsed, certain")?.isWithin == false)
    }

    @Test("fails when markers are 2 ms late, and when they do not arrive")
    func wrongMarker() throws {
        let late = Clause.marker { event in
            var event = event
            event.pulseIndex += 20
            return event
        }
        #expect(try Self.figure(late, "worst distance")?.isWithin == false)
        let deaf = Clause.marker { _ in nil }
        #expect(try Self.figure(deaf, "markers or steps not found")?.isWithin == false)
        #expect(try Self.figure(deaf, "worst distance")?.isWithin == false)
    }

    /// This program's chain with something wrong in what it says.
    private static func altered(
        _ change: @escaping @Sendable (inout ChainReading, QASetup) -> Void
    ) -> QAChain {
        QAChain(name: "wrong") { (signal, setup) throws(DSPError) in
            var reading = try QAChain.standard.read(signal, setup)
            change(&reading, setup)
            return reading
        }
    }
}
