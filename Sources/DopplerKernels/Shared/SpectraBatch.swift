public import CVector

extension Kernels {
    /// How many windows `spectra` takes side by side: the lanes of one register.
    public static var batchLanes: Int { Int(VECTOR_BATCH) }

    /// Computes the power spectra of as many windows as there are lanes, each in a lane of its own.
    ///
    /// The method is that of `fourierPasses` and of the loops about it, number by number: each power is the same.
    /// A radix-4 step overwrites what it has read, so that the values stay in the processor's first cache.
    ///
    /// - Parameters:
    ///   - room: `2 * length` vectors, best at a multiple of 64 bytes.
    ///   - power: the result: for each bin, in the transform's own order, a vector.
    public static func spectra(
        _ plan: vector_spectra_plan, _ windows: vector_spectra_windows, _ planeReal: UnsafePointer<Float>,
        _ planeImaginary: UnsafePointer<Float>, room: UnsafeMutablePointer<Float>,
        _ power: UnsafeMutablePointer<Float>
    ) {
        let values = BatchValues(room)
        let length = plan.length
        gather(windows, planeReal, planeImaginary, length, values)
        let hasMeans = windows.meansOfI != nil
        switch (hasMeans, windows.sharesOfQ != nil) {
        case (false, false): firstPass(plan, windows, values, hasMeans: false, isCorrected: false)
        case (false, true): firstPass(plan, windows, values, hasMeans: false, isCorrected: true)
        case (true, false): firstPass(plan, windows, values, hasMeans: true, isCorrected: false)
        case (true, true): firstPass(plan, windows, values, hasMeans: true, isCorrected: true)
        }
        let factors: UnsafePointer<Float> = plan.factors + length / 4 &* 6
        guard length > mostAtOnce else {
            laterPasses(plan, factors, values, first: 0, count: length)
            lastPass(plan, values, first: 0, count: length, power)
            return
        }
        // What a quarter needs from here on it finds in itself.
        var first = 0
        while first < length {
            laterPasses(plan, factors, values, first: first, count: length / 4)
            lastPass(plan, values, first: first, count: length / 4, power)
            first &+= length / 4
        }
    }

    /// Turns bins of vectors into as many rows of bins, `length` values each.
    ///
    /// - Parameter first: which bin comes first in a row, a multiple of 16: 0 for the transform's own order, half the length
    ///   for the order of the frequencies.
    public static func spreadRows(
        _ power: UnsafePointer<Float>, length: Int, first: Int, _ rows: UnsafeMutablePointer<Float>
    ) {
        var bin = 0
        while bin < length {
            vector_batch_spread(power + bin &* batchLanes, rows + ((bin &+ length &- first) & (length &- 1)), length)
            bin &+= batchLanes
        }
    }

    /// Complex values that stay in the first cache while all passes are made.
    private static let mostAtOnce = 256

    private static func gather(
        _ windows: vector_spectra_windows, _ planeReal: UnsafePointer<Float>,
        _ planeImaginary: UnsafePointer<Float>, _ length: Int, _ values: BatchValues
    ) {
        let step = 2 &* batchLanes
        var at = 0
        while at < length {
            vector_batch_gather(planeReal + at, windows.starts, values.start + at &* step, step)
            vector_batch_gather(planeImaginary + at, windows.starts, values.start + at &* step + batchLanes, step)
            at &+= batchLanes
        }
    }

    /// The first pass, with all that is done to a value before it.
    @inline(__always)
    private static func firstPass(
        _ plan: vector_spectra_plan, _ windows: vector_spectra_windows, _ values: BatchValues, hasMeans: Bool,
        isCorrected: Bool
    ) {
        let meanI = hasMeans ? vector_batch_load(windows.meansOfI) : vector_batch_all(0)
        let meanQ = hasMeans ? vector_batch_load(windows.meansOfQ) : vector_batch_all(0)
        let fromQ = isCorrected ? vector_batch_load(windows.sharesOfQ) : vector_batch_all(1)
        let fromI = isCorrected ? vector_batch_load(windows.sharesOfI) : vector_batch_all(0)
        @inline(__always)
        func weighted(_ at: Int) -> BatchComplex {
            var value = values[at]
            if hasMeans {
                value = BatchComplex(vector_batch_sub(value.real, meanI), vector_batch_sub(value.imaginary, meanQ))
            }
            if isCorrected { value.imaginary = vector_batch_dot(value.imaginary, fromQ, value.real, fromI) }
            let weight = vector_batch_all(plan.weights[at])
            return BatchComplex(vector_batch_mul(value.real, weight), vector_batch_mul(value.imaginary, weight))
        }
        let quarter = plan.length / 4
        var at = 0
        while at < quarter {
            let step = BatchStep(
                weighted(at), weighted(at &+ quarter), weighted(at &+ 2 &* quarter), weighted(at &+ 3 &* quarter))
            let factors: UnsafePointer<Float> = plan.factors + 6 &* at
            values[at] = step.y0
            values[at &+ quarter] = step.y1 * BatchComplex(all: factors)
            values[at &+ 2 &* quarter] = step.y2 * BatchComplex(all: factors + 2)
            values[at &+ 3 &* quarter] = step.y3 * BatchComplex(all: factors + 4)
            at &+= 1
        }
    }

    /// The passes between the first and the last over some values, from spans of a quarter of the length on.
    private static func laterPasses(
        _ plan: vector_spectra_plan, _ factors: UnsafePointer<Float>, _ values: BatchValues, first: Int, count: Int
    ) {
        var factors = factors
        var span = plan.length / 4
        while span > 4 {
            let quarter = span / 4
            var at = 0
            while at < quarter {
                pass(factors + 6 &* at, values, first: first &+ at, end: first &+ count, span: span)
                at &+= 1
            }
            factors += 6 &* quarter
            span = quarter
        }
    }

    /// The steps at one position of every span.
    @inline(__always)
    private static func pass(
        _ factors: UnsafePointer<Float>, _ values: BatchValues, first: Int, end: Int, span: Int
    ) {
        let w1 = BatchComplex(all: factors)
        let w2 = BatchComplex(all: factors + 2)
        let w3 = BatchComplex(all: factors + 4)
        let quarter = span / 4
        var at = first
        while at < end {
            let step = BatchStep(
                values[at], values[at &+ quarter], values[at &+ 2 &* quarter], values[at &+ 3 &* quarter])
            values[at] = step.y0
            values[at &+ quarter] = step.y1 * w1
            values[at &+ 2 &* quarter] = step.y2 * w2
            values[at &+ 3 &* quarter] = step.y3 * w3
            at &+= span
        }
    }

    /// The last pass, which has no factors, and the scaled squared magnitudes, each at its bin.
    private static func lastPass(
        _ plan: vector_spectra_plan, _ values: BatchValues, first: Int, count: Int,
        _ power: UnsafeMutablePointer<Float>
    ) {
        let scale = vector_batch_all(plan.scale)
        @inline(__always)
        func put(_ value: BatchComplex, _ bin: Int) {
            let squared = vector_batch_dot(value.real, value.real, value.imaginary, value.imaginary)
            vector_batch_store(vector_batch_mul(squared, scale), power + bin &* batchLanes)
        }
        // A power of four ends in fours, any other length in twos.
        let isFours = plan.length & 0x5555_5555 != 0
        let width = isFours ? 4 : 2
        let distance = plan.length / width
        var at = first
        while at < first &+ count {
            let bin = Int(plan.order[at / width])
            if isFours {
                let step = BatchStep(values[at], values[at &+ 1], values[at &+ 2], values[at &+ 3])
                put(step.y0, bin)
                put(step.y1, bin &+ distance)
                put(step.y2, bin &+ 2 &* distance)
                put(step.y3, bin &+ 3 &* distance)
            } else {
                let a = values[at]
                let b = values[at &+ 1]
                put(a + b, bin)
                put(a - b, bin &+ distance)
            }
            at &+= width
        }
    }
}

/// A complex number of each window.
private struct BatchComplex {
    var real: vector_batch
    var imaginary: vector_batch

    @inline(__always)
    init(_ real: vector_batch, _ imaginary: vector_batch) {
        self.real = real
        self.imaginary = imaginary
    }

    /// The same number for all windows.
    @inline(__always)
    init(all parts: UnsafePointer<Float>) {
        real = vector_batch_all(parts[0])
        imaginary = vector_batch_all(parts[1])
    }

    @inline(__always)
    static func + (a: Self, b: Self) -> Self {
        Self(vector_batch_add(a.real, b.real), vector_batch_add(a.imaginary, b.imaginary))
    }

    @inline(__always)
    static func - (a: Self, b: Self) -> Self {
        Self(vector_batch_sub(a.real, b.real), vector_batch_sub(a.imaginary, b.imaginary))
    }

    @inline(__always)
    static func * (a: Self, b: Self) -> Self {
        Self(
            vector_batch_cross(a.real, b.real, a.imaginary, b.imaginary),
            vector_batch_dot(a.real, b.imaginary, a.imaginary, b.real))
    }
}

/// The four results of a radix-4 step.
private struct BatchStep {
    let y0: BatchComplex
    let y1: BatchComplex
    let y2: BatchComplex
    let y3: BatchComplex

    @inline(__always)
    init(_ a: BatchComplex, _ b: BatchComplex, _ c: BatchComplex, _ d: BatchComplex) {
        let sumEven = a + c
        let sumOdd = b + d
        let differenceEven = a - c
        let differenceOdd = b - d
        y0 = sumEven + sumOdd
        y2 = sumEven - sumOdd
        // The odd difference times -i.
        y1 = BatchComplex(
            vector_batch_add(differenceEven.real, differenceOdd.imaginary),
            vector_batch_sub(differenceEven.imaginary, differenceOdd.real))
        y3 = BatchComplex(
            vector_batch_sub(differenceEven.real, differenceOdd.imaginary),
            vector_batch_add(differenceEven.imaginary, differenceOdd.real))
    }
}

/// Complex numbers of all windows in memory: real parts, then imaginary parts, number by number.
private struct BatchValues {
    let start: UnsafeMutablePointer<Float>

    @inline(__always)
    init(_ start: UnsafeMutablePointer<Float>) { self.start = start }

    subscript(index: Int) -> BatchComplex {
        @inline(__always)
        get {
            let at = start + index &* 2 &* Kernels.batchLanes
            return BatchComplex(vector_batch_load(at), vector_batch_load(at + Kernels.batchLanes))
        }
        @inline(__always)
        nonmutating set {
            let at = start + index &* 2 &* Kernels.batchLanes
            vector_batch_store(newValue.real, at)
            vector_batch_store(newValue.imaginary, at + Kernels.batchLanes)
        }
    }
}
