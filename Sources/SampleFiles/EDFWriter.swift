internal import Foundation
internal import ProbeLink

/// Writes EDF+ files: the velocities, and ECG and breathing beside them, each at its own rate from the same first pulse.
struct EDFWriter {
    let export: SampleExport
    /// The most signals of a file that readers take (EDFlib).
    private static let mostSignals = 600
    /// The usual length of a data record, seconds (EDF's own advice: about one).
    private static let recordSeconds = 1.0
    /// EDF holds what is lost as the least number, and says so in words.
    private static let prefilter = "-32768 = not measured"

    func write(to path: String) throws(SampleFileError) -> [String] {
        guard let courses = export.courses else { throw export.refusal(.edf, "was not analysed") }
        guard 3 * courses.gates.count <= Self.mostSignals else {
            throw export.refusal(.edf, "has \(courses.gates.count) gates, and 200 is the most")
        }
        guard courses.gates.contains(where: { !$0.timeSeconds.isEmpty }) else {
            throw export.refusal(.edf, "is too short for one column")
        }
        try OutputFile.write(velocities(courses).bytes, to: path)
        guard let physiology = export.samples.physiology else { return [path] }
        let beside = String(path.dropLast(".edf".count)) + ".physiology.edf"
        try OutputFile.write(file(of: physiology).bytes, to: beside)
        return [path, beside]
    }

    private var recording: String {
        // No blanks within the equipment's name; more words may follow it.
        let software = export.software.replacingOccurrences(of: " ", with: "_")
        return "Startdate X X X \(software) \(export.document.nature)"
    }

    /// What happened, on the time base of the first pulse.
    private func annotations(from beginSeconds: Double) -> [EDFFile.Annotation] {
        let samples = export.samples
        var annotations = [EDFFile.Annotation(seconds: beginSeconds, lengthSeconds: nil, text: export.document.nature)]
        annotations += samples.gaps.map {
            EDFFile.Annotation(
                seconds: Double($0.firstPulse) / samples.prfHz, lengthSeconds: Double($0.pulses) / samples.prfHz,
                text: "missing samples (\($0.place))")
        }
        annotations += samples.events.map {
            EDFFile.Annotation(seconds: Double($0.pulseIndex) / samples.prfHz, lengthSeconds: nil, text: $0.name)
        }
        return annotations
    }

    private func velocities(_ courses: VelocityCourses) -> EDFFile {
        let begin = courses.gates.compactMap(\.timeSeconds.first).min() ?? 0
        let offset = begin - (begin / courses.columnSeconds).rounded(.down) * courses.columnSeconds
        let columns = Self.columnsOfRecord(courses.columnSeconds)
        let end = Double(export.samples.pulses) / export.samples.prfHz
        let last = courses.gates.compactMap(\.timeSeconds.last).max() ?? begin
        let count = 1 + Int(((max(end, last) - offset) / courses.columnSeconds).rounded())
        var signals: [EDFFile.Signal] = []
        for gate in courses.gates {
            let prefix = "g\(gate.gate) "
            let series =
                courses.hasVelocities
                ? [
                    ("mean", gate.meanVelocityCmPerS), ("towards", gate.envelopeTowardsCmPerS),
                    ("away", gate.envelopeAwayCmPerS),
                ]
                : [("mean", gate.meanShiftHz), ("towards", gate.envelopeTowardsHz), ("away", gate.envelopeAwayHz)]
            for (name, values) in series {
                let placed = zip(gate.timeSeconds, values).map { (time, value) in
                    (Int(((time - offset) / courses.columnSeconds).rounded()), value)
                }
                signals.append(
                    signal(prefix + name, unit: courses.hasVelocities ? "cm/s" : "Hz", placed, count, columns))
            }
        }
        return EDFFile(
            recording: recording, prefilter: "HP:\(EDFFile.number(courses.wallFilterHz))Hz \(Self.prefilter)",
            recordSeconds: Double(columns) * courses.columnSeconds, beginSeconds: offset, signals: signals,
            annotations: annotations(from: offset))
    }

    /// A signal of figures at their places, in the finest steps of a power of ten that hold them all.
    private func signal(
        _ label: String, unit: String, _ placed: [(Int, Double?)], _ count: Int, _ columns: Int
    ) -> EDFFile.Signal {
        let largest = placed.reduce(0) { max($0, abs($1.1 ?? 0)) }
        var step = 0.01
        while largest / step > Double(Int16.max), step < 1e6 { step *= 10 }
        var samples = [Int16](repeating: EDFFile.notMeasured, count: count)
        for (place, value) in placed where samples.indices.contains(place) {
            guard let value, value.isFinite else { continue }
            let steps = (value / step).rounded()
            samples[place] = Int16(max(-Double(Int16.max), min(Double(Int16.max), steps)))
        }
        return EDFFile.Signal(label: label, unit: unit, step: step, samples: samples, samplesOfRecord: columns)
    }

    /// Columns of a data record whose length eight characters tell most exactly, from half a second to two.
    private static func columnsOfRecord(_ columnSeconds: Double) -> Int {
        let least = max(1, Int((recordSeconds / 2 / columnSeconds).rounded(.up)))
        let most = max(least, Int((2 * recordSeconds / columnSeconds).rounded(.down)))
        var best = (columns: least, error: Double.infinity)
        for columns in least...most {
            let exact = Double(columns) * columnSeconds
            guard let told = Double(EDFFile.number(exact)), told > 0 else { continue }
            let error = abs(told - exact) / exact
            if error < best.error * 0.999_999 { best = (columns, error) }
        }
        return best.columns
    }

    private func file(of physiology: RecordedSamples.Physiology) -> EDFFile {
        func samples(_ values: [Int16]) -> [Int16] {
            var values = values
            for stretch in physiology.missing { for place in stretch { values[place] = EDFFile.notMeasured } }
            return values
        }
        let count = Self.columnsOfRecord(1 / physiology.rateHz)
        let missing = physiology.missing.map {
            EDFFile.Annotation(
                seconds: Double($0.lowerBound) / physiology.rateHz, lengthSeconds: Double($0.count) / physiology.rateHz,
                text: "missing ECG and breathing")
        }
        return EDFFile(
            recording: recording, prefilter: Self.prefilter, recordSeconds: Double(count) / physiology.rateHz,
            beginSeconds: 0,
            signals: [
                EDFFile.Signal(
                    label: "ECG", unit: "uV", step: 1, samples: samples(physiology.ecgMicroV), samplesOfRecord: count),
                EDFFile.Signal(
                    label: "Resp", unit: "", step: 1, samples: samples(physiology.respiration), samplesOfRecord: count),
            ], annotations: annotations(from: 0) + missing)
    }
}
