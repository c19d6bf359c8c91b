internal import CVector

/// The newest filtered samples of all gates, I and Q apart, gate by gate.
struct SamplePlanes: Sendable {
    /// Pulses that there is room for.
    let capacity: Int
    /// Pulses that are held.
    private(set) var count = 0
    /// Index since the stretch's first pulse of the oldest one held.
    private(set) var firstPulse = 0
    private(set) var real: [Float]
    private(set) var imaginary: [Float]
    private let gates: Int

    /// Empty planes, a vector longer than their capacity, so that whole vectors can be stored.
    init(gates: Int, capacity: Int) {
        self.gates = gates
        self.capacity = capacity
        real = [Float](repeating: 0, count: gates * capacity + 16)
        imaginary = real
    }

    /// Index since the stretch's first pulse of the pulse after the newest.
    var endPulse: Int { firstPulse + count }

    /// Index of a gate's pulse in both planes; the pulse must be held.
    func index(gate: Int, pulse: Int) -> Int { gate * capacity + pulse - firstPulse }

    /// Forgets everything.
    mutating func removeAll() {
        count = 0
        firstPulse = 0
    }

    /// Forgets the pulses before `pulse`.
    mutating func drop(before pulse: Int) {
        let dropped = min(pulse - firstPulse, count)
        guard dropped > 0 else { return }
        count -= dropped
        firstPulse += dropped
        let kept = count
        for start in stride(from: 0, to: gates * capacity, by: capacity) {
            Self.move(&real, from: start + dropped, to: start, count: kept)
            Self.move(&imaginary, from: start + dropped, to: start, count: kept)
        }
    }

    /// Appends rows of I and Q; there must be room for them.
    mutating func append(_ rows: UnsafePointer<Float>, pulses: Int, rowLength: Int) {
        precondition(count + pulses <= capacity, "samples are dropped before more are appended")
        let writer = RowWriter(rows: rows, pulses: pulses, rowLength: rowLength, gates: gates, capacity: capacity)
        writer.write(&real, &imaginary, at: count)
        count += pulses
    }

    private static func move(_ values: UnsafeMutablePointer<Float>, from: Int, to: Int, count: Int) {
        (values + to).update(from: values + from, count: count)
    }
}

/// Rows of I and Q that are turned into planes.
private struct RowWriter {
    let rows: UnsafePointer<Float>
    let pulses: Int
    let rowLength: Int
    let gates: Int
    let capacity: Int

    /// Writes all rows behind the `count` pulses that the planes hold.
    func write(_ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>, at count: Int) {
        if rowLength == 2 {
            separate(real + count, imaginary + count)
        } else {
            transpose(real + count, imaginary + count)
        }
    }

    /// One gate: I and Q alternate.
    private func separate(_ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>) {
        var pulse = 0
        while pulse + 16 <= pulses {
            let low = lanes(rows, 2 * pulse)
            let high = lanes(rows, 2 * pulse + 16)
            store(vector_even16(low, high), real, pulse)
            store(vector_odd16(low, high), imaginary, pulse)
            pulse += 16
        }
        while pulse < pulses {
            real[pulse] = rows[2 * pulse]
            imaginary[pulse] = rows[2 * pulse + 1]
            pulse += 1
        }
    }

    /// Several gates: eight gates and sixteen pulses at once where there are as many.
    private func transpose(_ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>) {
        let wholeGates = gates / 8 * 8
        let wholePulses = pulses / 16 * 16
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * 256) { room in
            guard let room = room.baseAddress else { return }
            for gate in stride(from: 0, to: wholeGates, by: 8) {
                for pulse in stride(from: 0, to: wholePulses, by: 16) {
                    let offset = gate * capacity + pulse
                    transposeTile(pulse * rowLength + 2 * gate, room, real + offset, imaginary + offset)
                }
            }
        }
        for gate in 0..<gates {
            for pulse in (gate < wholeGates ? wholePulses : 0)..<pulses {
                let at = pulse * rowLength + 2 * gate
                real[gate * capacity + pulse] = rows[at]
                imaginary[gate * capacity + pulse] = rows[at + 1]
            }
        }
    }

    /// Sixteen rows of eight gates: four rounds of interleaving row n with row n + 8 turn rows into columns.
    private func transposeTile(
        _ first: Int, _ room: UnsafeMutablePointer<Float>, _ real: UnsafeMutablePointer<Float>,
        _ imaginary: UnsafeMutablePointer<Float>
    ) {
        let other = room + 256
        interleave(rows + first, distance: rowLength, room)
        interleave(room, distance: 16, other)
        interleave(other, distance: 16, room)
        for gate in 0..<8 {
            let low = lanes(room, 16 * gate)
            let high = lanes(room, 16 * gate + 128)
            store(vector_zip_low16(low, high), real, gate * capacity)
            store(vector_zip_high16(low, high), imaginary, gate * capacity)
        }
    }

    @inline(__always)
    private func interleave(
        _ from: UnsafePointer<Float>, distance: Int, _ to: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<8 {
            let low = lanes(from, row * distance)
            let high = lanes(from, (row + 8) * distance)
            store(vector_zip_low16(low, high), to, 32 * row)
            store(vector_zip_high16(low, high), to, 32 * row + 16)
        }
    }
}
