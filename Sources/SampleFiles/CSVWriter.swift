internal import Acquisition
internal import ProbeLink

/// Writes the figures of the columns as text: comma-separated, `#` before what is about them.
struct CSVWriter {
    let export: SampleExport

    func write(to path: String) throws(SampleFileError) -> [String] {
        guard let courses = export.courses else { throw export.refusal(.csv, "was not analysed") }
        var file = try OutputFile(path: path)
        try file.append(head(courses).map { "# " + $0 + "\n" }.joined())
        let names = VelocityCourse(gate: 0, depthMm: nil).series.map(\.name).joined(separator: ",")
        try file.append("gate,depth_mm,time_s,\(names),direction,flags\n")
        for course in courses.gates {
            try write(course, to: &file)
        }
        try file.finish()
        return [path]
    }

    private func head(_ courses: VelocityCourses) -> [String] {
        let samples = export.samples
        let document = export.document
        let settings = samples.description.settings
        let context = samples.description.context
        func text(_ value: (some CustomStringConvertible)?, _ unit: String) -> String {
            value.map { "\($0) \(unit)" } ?? "not known"
        }
        var lines = [
            "\(document.nature): \(samples.fileName), SHA-256 \(document.sourceSHA256), by \(export.software)",
            "source: \(Self.oneLine(samples.description.origin.specifier)), "
                + Self.oneLine(samples.description.origin.device),
            "site: \(context.siteID.map(Self.oneLine) ?? "not known"), "
                + "manoeuvre: \(context.manoeuvre.map(Self.oneLine) ?? "not known")",
            "frequency: \(text(settings.centreFrequencyHz == 0 ? nil : settings.centreFrequencyHz, "Hz")), "
                + "pulse repetition frequency: \(samples.prfHz) Hz"
                + (context.assumesPRF == true ? " (only the sample rate is known)" : ""),
            "angle: \(text(context.insonationAngleDegrees, "degrees")), "
                + "speed of sound: \(text(context.speedOfSoundMPerS, "m/s")), "
                + "normal direction: \(context.normalDirection.map(Self.oneLine) ?? "not known")",
            "a column every \(courses.columnSeconds) s, wall filter \(courses.wallFilterHz) Hz, "
                + "envelope by \(courses.envelopeMethod)",
            "times: seconds since the first pulse, middle of the column; lost samples keep their place",
            "shifts in Hz and velocities in cm/s, positive towards the transducer; empty = not measured; in a row "
                + "flagged missing the samples were lost",
        ]
        if !courses.hasVelocities {
            lines.append("no velocities: not known: \(document.notKnown.joined(separator: ", "))")
        }
        lines += samples.gaps.map {
            "missing: \($0.pulses) pulses from \($0.firstPulse), lost at: \($0.place)"
        }
        lines.append(document.notAMedicalDevice)
        return lines + samples.problems.map(Self.oneLine)
    }

    /// The columns of a gate, and a row without figures in the middle of every gap.
    private func write(_ course: VelocityCourse, to file: inout OutputFile) throws(SampleFileError) {
        let samples = export.samples
        let series = course.series
        let begin = "\(course.gate),\(Self.text(course.depthMm)),"
        var gap = 0
        func missing(before seconds: Double) -> String {
            var rows = ""
            while gap < samples.gaps.count {
                let middle =
                    (Double(samples.gaps[gap].firstPulse) + Double(samples.gaps[gap].pulses) / 2) / samples.prfHz
                guard middle < seconds else { break }
                rows += begin + "\(middle)" + String(repeating: ",", count: series.count + 2) + "missing\n"
                gap += 1
            }
            return rows
        }
        for column in course.timeSeconds.indices {
            let seconds = course.timeSeconds[column]
            let figures = series.map { Self.text($0.values[column]) }.joined(separator: ",")
            try file.append(
                missing(before: seconds) + begin
                    + "\(seconds),\(figures),\(course.direction[column]),\(course.flags[column])\n")
        }
        try file.append(missing(before: .infinity))
    }

    private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

    /// A text that stays in its line.
    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
