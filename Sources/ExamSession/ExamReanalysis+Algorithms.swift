extension ExamReanalysis {
    /// The algorithms that this program analyses by, with their versions: what a changed exam names.
    public static var algorithms: [String] { AlgorithmVersions.all }
}
