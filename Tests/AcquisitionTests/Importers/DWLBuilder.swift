/// Builds DWL files by hand: each record is a head of 256 bytes, then I and Q of each gate.
struct DWLBuilder {
    static let patientName = "Roe, Jane"

    var gates = 2
    /// 25 samples each.
    var lines: UInt16 = 1
    var levelsDb: [Int16] = [38]
    var prfHz: UInt16 = 5000
    var label = "5000A2D046 dS05"
    var tellsFrequency = true

    var samplesOfGate: Int { Int(lines) * 25 }
    private var recordBytes: Int { (256 + gates * samplesOfGate * 4 + 127) / 128 * 128 }
    /// The byte at which a record's first samples stand.
    func samplesBegin(record: Int) -> Int { 256 + record * recordBytes + 256 }

    /// I of a sample; Q is its negative.
    static func sample(record: Int, gate: Int, index: Int) -> Int16 { Int16(1000 * record + 100 * gate + index) }

    var raw: [UInt8] {
        var bytes: [UInt8] = [3, 0, 9] + Array(Self.patientName.utf8)
        bytes += [UInt8](repeating: 0, count: 256 - bytes.count)
        for (record, level) in levelsDb.enumerated() { bytes += block(record: record, level: level) }
        return bytes
    }

    private func block(record: Int, level: Int16) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: 256)
        func put<Number: FixedWidthInteger>(_ value: Number, at offset: Int) {
            head.replaceSubrange(offset..<(offset + Number.bitWidth / 8), with: ImportFiles.littleEndian(value))
        }
        head.replaceSubrange(0..<4, with: Array("Embo".utf8))
        put(prfHz, at: 4)
        put(UInt16(gates), at: 18)
        let channelBytes = samplesOfGate * 2
        let start = samplesBegin(record: record)
        for gate in 0..<gates {
            put(UInt32(start + 2 * gate * channelBytes), at: 28 + 4 * (8 + gate))
            put(UInt32(start + (2 * gate + 1) * channelBytes), at: 28 + 4 * (12 + gate))
        }
        put(Int16(64), at: 108)
        put(Int16(288), at: 110)
        put(lines, at: 112)
        put(level, at: 142)
        var bytes = head
        for gate in 0..<gates {
            for sign: Int16 in [1, -1] {
                for index in 0..<samplesOfGate {
                    bytes += ImportFiles.littleEndian(sign * Self.sample(record: record, gate: gate, index: index))
                }
            }
        }
        return bytes + [UInt8](repeating: 0, count: recordBytes - bytes.count)
    }

    var text: [UInt8] {
        var lines = ["       0 TEXT FILE VERSION 8.27L", "       0 PATIENT  NAME: \(Self.patientName)"]
        lines += ["       0 SYS PRF 5000", "       0 SYS SAMPLE_F 1000"]
        if tellsFrequency { lines += ["       0 SYS FDOP1 4000", "       0 SYS FDOP2 2000"] }
        for (record, level) in levelsDb.enumerated() {
            let index = (256 + record * recordBytes) / 128
            lines.append("      \(100 + record) HIT \(level)dB  7:40:20  \(label) X108 dX031 V-08    \(index)")
        }
        lines.append("    4755 TIME  7:41:00")
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// Three blocks: channel 1 counts from 0 on, channel 2 from 1000 on.
    static var wave: [UInt8] {
        var bytes: [UInt8] = []
        for block in 0..<3 {
            for first in [64 * block, 1000 + 64 * block] {
                for value in first..<(first + 64) { bytes += ImportFiles.littleEndian(Int16(value)) }
            }
        }
        return bytes
    }

    var files: [String: [UInt8]] { ["A.TD2": raw, "A.TX2": text, "A.TW2": Self.wave] }
}
