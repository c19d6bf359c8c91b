internal import ProbeLink

/// Numbers in rows and columns, little-endian, as NumPy's and HDF5's arrays hold them.
struct NumberArray {
    /// How a number is stored.
    enum Kind: String {
        case bool = "|b1"
        case int16 = "<i2"
        case int32 = "<i4"
        case int64 = "<i8"
        case double = "<f8"
    }

    var name: String
    var kind: Kind
    /// Items along each axis, the slowest first; empty = a single number.
    var shape: [Int]
    var bytes: [UInt8]
    /// What it is and in which unit.
    var meaning: String

    init(_ name: String, _ kind: Kind, shape: [Int], bytes: [UInt8], _ meaning: String) {
        self.name = name
        self.kind = kind
        self.shape = shape
        self.bytes = bytes
        self.meaning = meaning
    }

    /// Numbers of 64 bits; `nil` becomes NaN.
    init(_ name: String, _ values: [Double?], _ meaning: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * values.count)
        for value in values { bytes.append(littleEndian: value ?? .nan) }
        self.init(name, .double, shape: [values.count], bytes: bytes, meaning)
    }

    init(_ name: String, _ values: [Int16], _ meaning: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * values.count)
        for value in values { bytes.append(littleEndian: value) }
        self.init(name, .int16, shape: [values.count], bytes: bytes, meaning)
    }

    /// One number.
    init(_ name: String, _ value: Double, _ meaning: String) {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: value)
        self.init(name, .double, shape: [], bytes: bytes, meaning)
    }

    /// For each place whether it lies in one of some stretches.
    init(_ name: String, count: Int, in stretches: [Range<Int>], _ meaning: String) {
        var bytes = [UInt8](repeating: 0, count: count)
        for stretch in stretches { for place in stretch.clamped(to: 0..<count) { bytes[place] = 1 } }
        self.init(name, .bool, shape: [count], bytes: bytes, meaning)
    }
}

extension SampleExport {
    /// Everything that is numbers, for formats of named arrays.
    var arrays: [NumberArray] {
        let samples = samples
        var gaps: [UInt8] = []
        for gap in samples.gaps {
            gaps.append(littleEndian: Int64(gap.firstPulse))
            gaps.append(littleEndian: Int64(gap.pulses))
        }
        var arrays = [
            NumberArray(
                SampleArrayName.samples, samples.format == .iqInt16 ? .int16 : .int32,
                shape: [samples.pulses, samples.gates, 2],
                bytes: samples.bytes, "samples: pulse, gate, I and Q; 0 where `missing`"),
            NumberArray(
                SampleArrayName.missing, count: samples.pulses,
                in: samples.gaps.map { $0.firstPulse..<$0.firstPulse + $0.pulses }, "whether a pulse was lost"),
            NumberArray(
                SampleArrayName.gaps, .int64, shape: [samples.gaps.count, 2], bytes: gaps,
                "first lost pulse, number of lost pulses"),
            NumberArray(SampleArrayName.rate, samples.prfHz, "pulses a second, Hz"),
            NumberArray(
                SampleArrayName.simulated, .bool, shape: [], bytes: [samples.isSimulated ? 1 : 0],
                "whether anything is SIMULATED"),
        ]
        for course in courses?.gates ?? [] {
            let prefix = "gate\(course.gate)_"
            arrays.append(NumberArray(prefix + "time_s", course.timeSeconds, "middle of each column, seconds"))
            arrays += course.series.map {
                NumberArray(prefix + $0.name, $0.values, "positive towards the transducer; NaN = not measured")
            }
        }
        if let physiology = samples.physiology {
            arrays += [
                NumberArray("physiology_rate_hz", physiology.rateHz, "samples of ECG and breathing a second, Hz"),
                NumberArray("ecg_micro_v", physiology.ecgMicroV, "ECG, microvolts"),
                NumberArray(
                    "respiration", physiology.respiration, "breathing, 32767 full scale, rising is inspiration"),
                NumberArray(
                    "physiology_missing", count: physiology.ecgMicroV.count, in: physiology.missing,
                    "whether ECG and breathing were lost"),
            ]
        }
        return arrays
    }
}
