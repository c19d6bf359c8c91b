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
        Self.write(
            rows, pulses: pulses, rowLength: rowLength, gates: gates, capacity: capacity, at: count, &real, &imaginary)
        count += pulses
    }

    private static func write(
        _ rows: UnsafePointer<Float>, pulses: Int, rowLength: Int, gates: Int, capacity: Int, at count: Int,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>
    ) {
        guard rowLength != 2 else {
            SIMDLevel.kernels.separate(rows, pulses: pulses, real + count, imaginary + count)
            return
        }
        let roomLength = 512
        withUnsafeTemporaryAllocation(of: Float.self, capacity: roomLength) { room in
            guard let room = room.baseAddress else { return }
            SIMDLevel.kernels.transpose(
                rows, pulses: pulses, rowLength: rowLength, gates: gates, capacity: capacity, room: room, real + count,
                imaginary + count)
        }
    }

    private static func move(_ values: UnsafeMutablePointer<Float>, from: Int, to: Int, count: Int) {
        (values + to).update(from: values + from, count: count)
    }
}
