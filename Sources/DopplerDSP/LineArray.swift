/// Values that begin at a whole cache line, where vectors are read fastest.
struct LineArray: Sendable {
    private let memory: [Float]
    private let first: Int

    /// Values of a cache line.
    static let lineValues = 16

    init(_ values: [Float]) {
        var memory = [Float](repeating: 0, count: values.count + Self.lineValues)
        let first = memory.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { $0.distance(to: Self.wholeLine($0)) } ?? 0
        }
        for index in values.indices { memory[first + index] = values[index] }
        self.memory = memory
        self.first = first
    }

    @inline(__always)
    func withPointer(_ body: (UnsafePointer<Float>) -> Void) {
        memory.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            body(start + first)
        }
    }

    /// The first whole cache line of some memory, which must be a line longer than what is used of it.
    static func wholeLine(_ values: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
        let line = MemoryLayout<Float>.stride * lineValues
        let address = Int(bitPattern: values)
        return values + (-address & (line - 1)) / MemoryLayout<Float>.stride
    }
}
