internal import Foundation

/// One EDF+ file, continuous: signals of 16 bits that share the length of a data record, and annotations (Kemp and Olivan
/// 2003).
struct EDFFile {
    /// A signal; what was not measured is `notMeasured`.
    struct Signal {
        var label: String
        var unit: String
        /// What one step stands for, a power of ten, in the unit.
        var step: Double
        var samples: [Int16]
        var samplesOfRecord: Int
    }

    /// Something that happened.
    struct Annotation {
        var seconds: Double
        var lengthSeconds: Double?
        var text: String
    }

    /// The value that no figure has.
    static let notMeasured = Int16.min

    var recording: String
    var prefilter: String
    /// Length of a data record, seconds.
    var recordSeconds: Double
    /// Time of the first sample since the first pulse, less than a second.
    var beginSeconds: Double
    var signals: [Signal]
    var annotations: [Annotation]

    /// A number in eight characters, with as many decimals as there is room for.
    static func number(_ value: Double) -> String {
        for decimals in stride(from: 6, through: 0, by: -1) {
            var text = String(format: "%.\(decimals)f", value)
            if text.contains(".") {
                while text.hasSuffix("0") { text.removeLast() }
                if text.hasSuffix(".") { text.removeLast() }
            }
            if text.utf8.count <= 8 { return text }
        }
        return "0"
    }

    /// The number of data records: as many as the longest signal fills.
    private var records: Int {
        max(1, signals.map { ($0.samples.count + $0.samplesOfRecord - 1) / $0.samplesOfRecord }.max() ?? 1)
    }

    /// The file's bytes.
    var bytes: [UInt8] {
        let lists = annotationLists()
        let listBytes = ((lists.map(\.count).max() ?? 0) + 1) / 2 * 2
        var bytes = head(listBytes: listBytes)
        for record in 0..<records {
            for signal in signals {
                let begin = record * signal.samplesOfRecord
                for place in begin..<begin + signal.samplesOfRecord {
                    bytes.append(littleEndian: place < signal.samples.count ? signal.samples[place] : Self.notMeasured)
                }
            }
            bytes += lists[record] + [UInt8](repeating: 0, count: listBytes - lists[record].count)
        }
        return bytes
    }

    /// The annotations of each record: its own time first, then its share of the others.
    private func annotationLists() -> [[UInt8]] {
        let sorted = annotations.sorted { $0.seconds < $1.seconds }
        let share = (sorted.count + records - 1) / records
        return (0..<records).map { record in
            // EDF+ wants the records of a continuous file to follow each other by exactly the length in the head.
            let length = Double(Self.number(recordSeconds)) ?? recordSeconds
            var list = Array("+\(Self.seconds(beginSeconds + Double(record) * length))".utf8) + [0x14, 0x14, 0]
            for annotation in sorted.dropFirst(record * share).prefix(share) {
                list += Array("+\(Self.seconds(annotation.seconds))".utf8)
                if let length = annotation.lengthSeconds { list += [0x15] + Array(Self.seconds(length).utf8) }
                list += [0x14] + Array(annotation.text.utf8) + [0x14, 0]
            }
            return list
        }
    }

    /// Seconds to 100 ns, as exactly as readers keep them.
    private static func seconds(_ value: Double) -> String {
        var text = String(format: "%.7f", value)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    private func head(listBytes: Int) -> [UInt8] {
        func field(_ text: String, _ count: Int) -> [UInt8] {
            let ascii = text.utf8.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }.prefix(count)
            return ascii + [UInt8](repeating: 0x20, count: count - ascii.count)
        }
        let count = signals.count + 1
        var bytes = field("0", 8) + field("X X X X", 80) + field(recording, 80)
        // No date is known; 1 January 1985 is what EDF+ gives in that case.
        bytes += field("01.01.85", 8) + field("00.00.00", 8) + field("\(256 * (count + 1))", 8) + field("EDF+C", 44)
        bytes += field("\(records)", 8) + field(Self.number(recordSeconds), 8) + field("\(count)", 4)
        func column(_ width: Int, _ value: (Signal) -> String, annotations: String) {
            for signal in signals { bytes += field(value(signal), width) }
            bytes += field(annotations, width)
        }
        column(16, { $0.label }, annotations: "EDF Annotations")
        column(80, { _ in "pulsed-wave Doppler probe" }, annotations: "")
        column(8, { $0.unit }, annotations: "")
        column(8, { Self.number(Double(Int16.min) * $0.step) }, annotations: "-1")
        column(8, { Self.number(Double(Int16.max) * $0.step) }, annotations: "1")
        column(8, { _ in "-32768" }, annotations: "-32768")
        column(8, { _ in "32767" }, annotations: "32767")
        column(80, { _ in prefilter }, annotations: "")
        column(8, { "\($0.samplesOfRecord)" }, annotations: "\(listBytes / 2)")
        column(32, { _ in "" }, annotations: "")
        return bytes
    }
}
