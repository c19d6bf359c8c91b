/// What published work says of real devices and analysers, beside which a clause's figure can be read.
///
/// Other signals, other truths: the figures are of the same kind, not of the same measurement.
public enum PublishedFigures {
    /// The published figure of a clause with its source, in one sentence; `nil` where none was found.
    public static func sentence(for clause: String) -> String? {
        sentences.first { $0.clause == clause }?.sentence
    }

    private static let sentences: [(clause: String, sentence: String)] = [
        (Clause.toneReadout.name, "readout ±1 % or half a pixel (maker's limit, Samsung U5)"),
        (
            Clause.meanVelocity.name,
            "SD 9 % over 25 machines (Groth 1995); ±15 % for 15 to 110 cm/s (maker's limit, Samsung SA8000)"
        ),
        (
            Clause.steadyEnvelope.name,
            "0 to 29 % over the truth, six machines, string phantom (Hoskins 1996); SD 7 % over 25 machines (Groth 1995)"
        ),
        (Clause.pulsatileEnvelope.name, "-1.5 % whole waveform, -3.3 % peak (Wadehn and Heldt 2020)"),
        (
            Clause.directionSeparation.name,
            "about 40 dB at 1 % gain and phase match (Atkinson and Woodcock; (e\u{B2} + p\u{B2})/4 gives 43 dB)"
        ),
        (Clause.area.name, "-4.4 ± 6.9 mm\u{B2} of 88 supine, -1.4 ± 2.2 mm\u{B2} of 12 upright (Westlund 2019)"),
        (Clause.timeAxis.name, "±1 % (maker's limit, Samsung U5)"),
    ]
}
