/// What an exam's result is and what it is not: sentences with their sources, printed on every report.
///
/// The wording is the project's own; it follows the evidence as read for this version and is to be checked each year.
public enum ExamStatement {
    /// The statement's version.
    public static let version = "1"

    /// One sentence with the source that supports it.
    public struct Sentence: Sendable, Hashable {
        /// The sentence.
        public let text: String
        /// Its source.
        public let source: String
    }

    /// The sentences, in the order in which they are printed.
    public static let statements: [Sentence] = [
        Sentence(
            text: "Chronic cerebrospinal venous insufficiency (CCSVI) is a description of Doppler findings in the veins"
                + " that drain the brain. It is not an accepted cause of multiple sclerosis, and this exam is no test for it.",
            source:
                "Baracchini C et al. J Neurol 2012;259:2585-9 (ESNCH statement); Comi G et al. Mult Scler 2013;19:1508-17"
        ),
        Sentence(
            text:
                "Blinded studies did not confirm that it is linked to multiple sclerosis: with central blinded reading it"
                + " was seen in 3.26 % of people with multiple sclerosis, 3.10 % with other diseases and 2.13 % of healthy"
                + " people.",
            source: "CoSMo: Comi G et al. Mult Scler 2013;19:1508-17; Traboulsee AL et al. Lancet 2014;383:138-45"),
        Sentence(
            text: "The findings overlap widely with those of healthy people.",
            source: "Traboulsee AL et al. Lancet 2014;383:138-45 (ultrasound criteria met in 44, 31 and 45 %)"),
        Sentence(
            text:
                "Widening these veins is not recommended: it should not be used, for it is not safe and does not work, and"
                + " randomised trials found no benefit.",
            source: "NICE IPG640; Zamboni P et al. JAMA Neurol 2018;75:35-43; Siddiqui AH et al. Neurology 2014"),
        Sentence(
            text: "The exam's reproducibility is limited: between eight blinded sonographers kappa was 0.20.",
            source: "Leone MA et al. BMJ Open 2013;3:e003508"),
        Sentence(
            text:
                "The thresholds are not validated for this use: 0.88 s comes from jugular valves under Valsalva, 0.5 s from"
                + " leg veins.",
            source: "Nedelmann M et al. J Neuroimaging 2005; Baracchini C et al. J Neurol 2012;259:2585-9"),
        Sentence(
            text: "This report says which published criteria the recordings meet. It is research information, neither a"
                + " diagnosis nor an indication for treatment.",
            source: "the project's own statement"),
    ]

    /// Each sentence with its source in brackets, as `Exam.statement` holds them.
    public static var sentences: [String] { statements.map { "\($0.text) [\($0.source)]" } }
}
