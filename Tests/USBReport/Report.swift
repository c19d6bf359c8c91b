import Foundation

/// Everything that was measured in one run.
struct Report: Codable {
    /// One line of the table.
    struct Row: Codable {
        var what: String
        var figure: String
        /// Whether it is what it must be; `nil` = there is nothing that it must be.
        var isMet: Bool?
        /// A histogram, for the terminal.
        var bars: String?
    }

    var isQuick: Bool
    var machine: String
    var throughput: ThroughputTrial.Outcome?
    var faults: FaultTrial.Outcome?
    var plugs: PlugTrial.Outcome?
    var starts: StartTrial.Outcome?
    var latency: LatencyTrial.Outcome?
    var fuzz: FuzzSummary?
    /// Trials that could not be brought to their end, and why.
    var failures: [String: String] = [:]
    var rows: [Row] = []

    init(isQuick: Bool) {
        self.isQuick = isQuick
        machine = "\(ProcessInfo.processInfo.processorCount) processors, \(Self.processorName)"
    }

    private static var processorName: String {
        let text =
            FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    /// Whether nothing that was measured is other than it must be.
    var isMet: Bool { rows.allSatisfy { $0.isMet != false } }

    mutating func makeRows() {
        rows = failures.sorted { $0.key < $1.key }.map { Row(what: $0.key, figure: $0.value, isMet: false) }
        if let throughput { rows.append(Self.row(throughput, isWhole: !isQuick)) }
        if let faults { rows.append(Self.row(faults)) }
        if let plugs { rows += Self.rows(plugs) }
        if let starts { rows += Self.rows(starts) }
        if let latency { rows += Self.rows(latency, isWhole: !isQuick) }
        if let fuzz { rows.append(Self.row(fuzz)) }
    }

    /// - Parameter isWhole: whether it ran long enough for its times to decide: a pause of the computer itself can take
    ///   a short run below any rate and over any store. Then only what is missing without a mark decides.
    private static func row(_ outcome: ThroughputTrial.Outcome, isWhole: Bool) -> Row {
        let lost = outcome.lostPulsesOfGatingReaders
        let isMet = lost.allSatisfy { $0 == 0 } && outcome.pulses > 0 && outcome.megabytesPerSecond >= 40.5
        let isExact = outcome.pulses > 0 && outcome.untoldPulsesOfGatingReaders.allSatisfy { $0 == 0 }
        let host = outcome.hostPercent.sorted { $0.key < $1.key }.map { String(format: "%@ %.0f %%", $0.key, $0.value) }
        let total = outcome.hostPercent.values.reduce(0, +)
        return Row(
            what: String(
                format: "%.0f MB/s (512 gates, 20 kHz) for %.0f s, two gating and one lossy reader",
                outcome.megabytesPerSecond, outcome.seconds),
            figure: "\(lost.map(String.init).joined(separator: " and ")) lost pulses on the gating ones, "
                + "\(outcome.lostPulsesOfLossyReader) on the lossy one, \(outcome.droppedByProbePackets) packets dropped by "
                + "the probe, \(outcome.droppedAtRingPulses) pulses at the ring, which holds 100 ms (the machine itself woke "
                + String(format: "threads %.0f ms late at worst", outcome.machine.worstMs)
                + "); processor: host \(String(format: "%.0f", total)) % of one core "
                + "(\(host.joined(separator: ", "))), simulator \(String(format: "%.0f", outcome.simulatorPercent)) %",
            isMet: isWhole || isMet || !isExact ? isMet : nil)
    }

    private static func row(_ outcome: FaultTrial.Outcome) -> Row {
        let kinds = InjectedFault.allCases.map { kind in
            "\(kind.rawValue) \(outcome.counted[kind.rawValue] ?? 0) of \(outcome.injected[kind.rawValue] ?? 0)"
        }
        let total = outcome.injected.values.reduce(0, +)
        return Row(
            what:
                "\(total.formatted(.number.locale(Locale(identifier: "en_US")))) injected faults (lost, doubled, damaged, short packets; stalls)",
            figure:
                "\(outcome.isExact ? "every one counted, exactly, at its place" : "\(outcome.misplaced) marks differ"): "
                + kinds.joined(separator: ", "),
            isMet: outcome.isExact && total > 0)
    }

    private static func rows(_ outcome: PlugTrial.Outcome) -> [Row] {
        // The C library keeps freed memory and the rig some of its own. One leaked transfer would be 16 KiB an unplug.
        let isFlat =
            outcome.descriptorsAfter <= outcome.descriptorsBefore
            && outcome.residentKiBAfter - outcome.residentKiBBefore <= outcome.unplugs * 2 + 2_048
        return [
            Row(
                what: "\(outcome.unplugs) unplugs while streaming, \(outcome.unplugs) plug-ins",
                figure: "no hang; \(outcome.wholeRecordings) recordings whole, \(outcome.problems.count) problems; "
                    + "descriptors \(outcome.descriptorsBefore) before, \(outcome.descriptorsAfter) after; memory "
                    + "\(outcome.residentKiBBefore) KiB before, \(outcome.residentKiBAfter) KiB after",
                isMet: isFlat && outcome.problems.isEmpty && outcome.wholeRecordings == outcome.unplugs
                    && outcome.unplugs > 0),
            Row(
                what: "unplug to notice",
                figure: String(format: "median %.1f ms, worst %.1f ms", outcome.noticeMedianMs, outcome.noticeWorstMs)),
        ]
    }

    private static func rows(_ outcome: StartTrial.Outcome) -> [Row] {
        [
            Row(
                what: "start, stop, start, \(outcome.starts) times",
                figure: "the first sample was the first sample \(outcome.firstSampleIsFirst) times; "
                    + "\(outcome.lostPulses) lost pulses",
                isMet: outcome.firstSampleIsFirst == outcome.starts && outcome.lostPulses == 0 && outcome.starts > 0),
            Row(
                what: "start to first sample",
                figure: String(
                    format: "median %.1f ms, worst %.1f ms", outcome.firstSampleMedianMs, outcome.firstSampleWorstMs)),
        ]
    }

    /// What must hold for 95 of 100: sound that one does not take for late, and a picture likewise (ms).
    private static let soundMs = 20
    private static let pictureMs = 50

    /// How late the machine itself may let 95 of 100 wakings be, so that the limits are held against the times, ms: a
    /// quarter of the shorter one (project choice).
    private static let machineMs = 5

    /// - Parameter isWhole: whether it ran long enough to decide: in a few seconds a pause of the computer itself of 50 ms
    ///   is more than one of twenty. Then only what is missing without a mark decides.
    private static func rows(_ outcome: LatencyTrial.Outcome, isWhole: Bool) -> [Row] {
        let gates = LatencyTrial.manyGates
        let decides = isWhole && outcome.machine.withinMs(0.95) <= machineMs
        let lost = outcome.lostPulses == 0 ? "" : "; \(outcome.lostPulses) pulses lost"
        let rows = [
            ("sample to sound: filtered I/Q of one gate at 5 kHz", outcome.sound, soundMs),
            ("newest sample to picture: a column of one gate with its envelope", outcome.picture, pictureMs),
            ("newest sample to picture: a column of \(gates) gates", outcome.map, pictureMs),
        ].map { what, times, limit in
            let isComplete = times.count > 0 && outcome.untoldPulses == 0 && (!isWhole || outcome.lostPulses == 0)
            let isMet = isComplete && times.withinMs(0.95) <= limit
            return Row(
                what: what, figure: "\(times.words), of \(times.count)\(lost)",
                isMet: decides || !isComplete ? isMet : nil, bars: times.bars)
        }
        let judged = decides ? "" : "; too late for the three times above to be judged"
        let machine = Row(
            what: "beside that: what this machine itself makes of a thread that wakes every millisecond",
            figure: "\(outcome.machine.words) late\(isWhole ? judged : "")")
        return rows + [machine]
    }

    private static func row(_ outcome: FuzzSummary) -> Row {
        let findings = outcome.readers.values.reduce(0) { $0 + $1.findings }
        let executions = outcome.readers.values.reduce(0) { $0 + $1.executions }
        let shortest = outcome.readers.values.map(\.seconds).min() ?? 0
        return Row(
            what: "fuzzing \(outcome.readers.keys.sorted().joined(separator: ", ")) (libFuzzer, address sanitizer)",
            figure:
                "\(findings == 0 ? "no finding" : "\(findings) findings") in \(executions) executions, \(shortest) s or more each",
            isMet: findings == 0)
    }

    /// The table as it stands in the README.
    var markdown: String {
        var lines = ["| what | measured | as it must be |", "| --- | --- | --- |"]
        for row in rows {
            lines.append("| \(row.what) | \(row.figure) | \(row.isMet.map { $0 ? "yes" : "**no**" } ?? "") |")
        }
        let size = isQuick ? "A tenth of everything" : "Measured"
        return lines.joined(separator: "\n")
            + "\n\n\(size), on \(machine), behind the real libusb by way of umockdev.\n"
    }
}
