import CCSVIAnalysis
import DopplerDSP

/// The settings of the recordings that are shown, and the range of all.
struct SettingsSection {
    /// The exam.
    let exam: Exam
    /// The recordings that are shown.
    let pictures: [PictureChoice.Picture]

    private static let cell = TextStyle(size: 6.2, mostLines: 2)
    /// Characters of a SHA-256 that are printed; the whole one is in exam.json (project choice).
    private static let shortHashLength = 12

    /// A column of the table: its head, its width and the text of a recording.
    private struct Column: Sendable {
        let head: String
        let width: Double
        let text: @Sendable (VeinRecording) -> String

        init(_ head: String, _ width: Double, _ text: @escaping @Sendable (VeinRecording) -> String) {
            self.head = head
            self.width = width
            self.text = text
        }
    }

    private static let columns: [Column] = [
        Column("f0, MHz", 26) { Figures.short($0.scale.centreFrequencyHz / 1e6, 3) },
        Column("PRF, Hz", 27) { Figures.short($0.spectral.prfHz, 1) },
        Column("gate depth, mm", 27) { Figures.short($0.gateDepthMm, 1) },
        Column("gate length, mm", 29) { Figures.short($0.gateLengthMm, 2) },
        Column("angle,\u{A0}°", 29) { Figures.short($0.scale.insonationAngleDegrees, 1) },
        Column("wall filter, Hz (cm/s)", 39) {
            "\(Figures.short($0.spectral.wallFilterCutoffHz, 1)) (\(Figures.fixed($0.wallFilterCmPerS, 1)))"
        },
        Column("scale, ±cm/s", 31) { Figures.fixed($0.nyquistVelocityCmPerS, 1) },
        Column("FFT / hop, pulses", 38) { "\($0.spectral.fftLength) / \($0.spectral.hopPulses)" },
        Column("envelope", 52) { $0.spectral.envelopeMethod.words },
        Column("c, m/s", 25) { Figures.short($0.scale.speedOfSoundMPerS, 0) },
        Column("transmit, ‰", 32) { "\($0.transmitLevelPerMille)" },
        Column("gain, dB", 26) { Figures.short($0.receiveGainDb, 1) },
        Column("pulses lost: probe / link / ring", 62) {
            "\($0.lostPulses.inProbe) / \($0.lostPulses.onLink) / \($0.lostPulses.atRing) of \($0.pulses)"
        },
        Column("SHA-256, first 12", 58.276) { String($0.sha256.prefix(shortHashLength)) },
    ]

    /// Places the section.
    func place(in flow: PageFlow) {
        guard !exam.recordings.isEmpty else { return }
        flow.heading(
            "Settings", note: "Hann window · wall filter: Butterworth, order 4, −3 dB · full SHA-256 in exam.json",
            keepingWith: 50)
        let recordings = pictures.compactMap { picture in
            exam.recordings.first { $0.recordingID == picture.recordingID }
        }
        let head = TextStyle.label.bold.lines(3)
        let rows = recordings.enumerated().map { index, recording in
            TableRow(
                cells: [TableCell("\(index + 1)", Self.cell.bold, isRowHeader: true)]
                    + Self.columns.map { TableCell($0.text(recording), Self.cell) },
                isTinted: index % 2 == 1)
        }
        Table(
            widths: [14] + Self.columns.map(\.width),
            head: [TableRow(cells: [TableCell("#", head)] + Self.columns.map { TableCell($0.head, head) })],
            rows: rows, paddingX: 1.5, paddingY: 1.1
        ).place(in: flow, gap: 2.5)
        flow.paragraph(summary, TextStyle.small.lines(3), gap: 6)
    }

    // MARK: All recordings

    private var summary: String {
        let all = exam.recordings
        func range(_ decimals: Int, _ figure: (VeinRecording) -> Double) -> String {
            Figures.range(all.map(figure), decimals)
        }
        let corrected = all.filter(\.spectral.correctsIQ).count
        return [
            "All \(Figures.count(all.count, "recording")) of the exam: PRF \(range(0) { $0.spectral.prfHz }) Hz",
            "wall filter \(range(0) { $0.spectral.wallFilterCutoffHz }) Hz",
            "angle \(range(0) { $0.scale.insonationAngleDegrees })°", "gate \(range(1) { $0.gateDepthMm }) mm deep",
            "transmit \(range(0) { Double($0.transmitLevelPerMille) }) ‰", "gain \(range(1) { $0.receiveGainDb }) dB",
            "gain and phase of I and Q corrected in \(corrected). \(losses)",
        ].joined(separator: ", ")
    }

    private var losses: String {
        func sum(_ count: (VeinRecording) -> UInt64) -> UInt64 {
            exam.recordings.reduce(0) { sum, recording in
                let (total, overflow) = sum.addingReportingOverflow(count(recording))
                return overflow ? .max : total
            }
        }
        return "Pulses recorded: \(sum { $0.pulses }); lost in the probe \(sum { $0.lostPulses.inProbe }), "
            + "on the link \(sum { $0.lostPulses.onLink }), at the ring \(sum { $0.lostPulses.atRing })."
    }
}
