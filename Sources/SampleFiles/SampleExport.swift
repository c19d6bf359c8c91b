/// Writes one recording as files for other programs.
public struct SampleExport: Sendable {
    /// The recording's samples.
    public let samples: RecordedSamples
    /// What was measured; `nil` = not analysed.
    public let courses: VelocityCourses?
    /// The program, with its version.
    public let software: String
    let document: SampleDocument

    /// Files of a recording.
    ///
    /// - Parameters:
    ///   - sha256: of the recording's file.
    ///   - courses: what was measured of the same recording.
    public init(_ samples: RecordedSamples, sha256: String, courses: VelocityCourses?, software: String) {
        self.samples = samples
        self.courses = courses
        self.software = software
        document = SampleDocument(samples, sha256: sha256, courses: courses, software: software)
    }

    /// Writes the files of one format; none of them may exist.
    ///
    /// - Parameter stem: the path without the format's ending.
    /// - Returns: the paths of what was written, the most important one first.
    /// - Throws: `.doesNotFit` when the format cannot hold the recording, `.notWritable` when the disk cannot. A file that
    ///   was not finished is taken away; finished ones stay.
    public func write(_ format: SampleFileFormat, to stem: String) throws(SampleFileError) -> [String] {
        switch format {
        case .wav: try WAVWriter(export: self).writeIQ(to: stem)
        case .wavDirections: try WAVWriter(export: self).writeDirections(to: stem)
        case .sigmf: try SigMFWriter(export: self).write(to: stem)
        case .npz: try NPZWriter(export: self).write(to: stem + ".npz")
        case .xdf: try XDFWriter(export: self).write(to: stem + ".xdf")
        case .hdf5: try HDF5Writer(export: self).write(to: stem + ".h5")
        case .edf: try EDFWriter(export: self).write(to: stem + ".edf")
        case .csv: try CSVWriter(export: self).write(to: stem + ".csv")
        }
    }

    /// Writes a file that is made elsewhere, whole or not at all; it must not exist.
    public static func write(_ bytes: [UInt8], to path: String) throws(SampleFileError) {
        try OutputFile.write(bytes, to: path)
    }

    func refusal(_ format: SampleFileFormat, _ reason: String) -> SampleFileError {
        .doesNotFit(file: samples.fileName, format: format, reason: reason)
    }
}
