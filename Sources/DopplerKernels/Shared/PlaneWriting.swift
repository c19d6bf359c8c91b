internal import CVector

extension Kernels {
    /// Separates alternating I and Q of one gate into two planes, which have room for whole vectors.
    public static func separate(
        _ rows: UnsafePointer<Float>, pulses: Int, _ real: UnsafeMutablePointer<Float>,
        _ imaginary: UnsafeMutablePointer<Float>
    ) {
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

    /// Turns rows of alternating I and Q of several gates into planes, gate by gate.
    ///
    /// - Parameters:
    ///   - rows: pulses, `rowLength` values apart.
    ///   - capacity: distance of one gate's plane from the next, values.
    ///   - room: 512 values to work in.
    public static func transpose(
        _ rows: UnsafePointer<Float>, pulses: Int, rowLength: Int, gates: Int, capacity: Int,
        room: UnsafeMutablePointer<Float>, _ real: UnsafeMutablePointer<Float>,
        _ imaginary: UnsafeMutablePointer<Float>
    ) {
        let wholeGates = gates / 8 * 8
        let wholePulses = pulses / 16 * 16
        var gate = 0
        while gate < wholeGates {
            var pulse = 0
            while pulse < wholePulses {
                let offset = gate * capacity + pulse
                transposeTile(
                    rows + pulse * rowLength + 2 * gate, rowLength: rowLength, room, real + offset,
                    imaginary + offset, capacity: capacity)
                pulse += 16
            }
            gate += 8
        }
        gate = 0
        while gate < gates {
            var pulse = gate < wholeGates ? wholePulses : 0
            while pulse < pulses {
                let at = pulse * rowLength + 2 * gate
                real[gate * capacity + pulse] = rows[at]
                imaginary[gate * capacity + pulse] = rows[at + 1]
                pulse += 1
            }
            gate += 1
        }
    }

    /// Sixteen rows of eight gates: four rounds of interleaving row n with row n + 8 turn rows into columns.
    @inline(__always)
    private static func transposeTile(
        _ rows: UnsafePointer<Float>, rowLength: Int, _ room: UnsafeMutablePointer<Float>,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>, capacity: Int
    ) {
        let other = room + 256
        interleave(rows, distance: rowLength, room)
        interleave(room, distance: 16, other)
        interleave(other, distance: 16, room)
        var gate = 0
        while gate < 8 {
            let low = lanes(room, 16 * gate)
            let high = lanes(room, 16 * gate + 128)
            store(vector_zip_low16(low, high), real, gate * capacity)
            store(vector_zip_high16(low, high), imaginary, gate * capacity)
            gate += 1
        }
    }

    @inline(__always)
    private static func interleave(
        _ from: UnsafePointer<Float>, distance: Int, _ to: UnsafeMutablePointer<Float>
    ) {
        var row = 0
        while row < 8 {
            let low = lanes(from, row * distance)
            let high = lanes(from, (row + 8) * distance)
            store(vector_zip_low16(low, high), to, 32 * row)
            store(vector_zip_high16(low, high), to, 32 * row + 16)
            row += 1
        }
    }
}
