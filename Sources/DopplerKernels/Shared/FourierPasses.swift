public import CVector

extension Kernels {
    /// Runs all passes of a Fourier transform, from the values through the room and back.
    ///
    /// - Parameters:
    ///   - length: complex values, a power of two from 64 on.
    ///   - vectorFactors: of the first and the second pass, as vectors: for each group w, w^2, w^3, real and imaginary.
    ///   - scalarFactors: of the later passes: for each position w, w^2, w^3, real and imaginary.
    ///   - room: `4 * length` values to work in, best at a multiple of 64 bytes.
    public static func fourierPasses(
        length: Int, vectorFactors: UnsafePointer<Float>, scalarFactors: UnsafePointer<Float>,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>,
        room: UnsafeMutablePointer<Float>
    ) {
        let values = Planes(real, imaginary)
        // The usual length apart: what is known when this is compiled need not be counted.
        if length == 256 {
            allPasses(
                vectorFactors, scalarFactors, 256, room, from: { at in values[at] },
                to: { at, value in values[at] = value })
        } else {
            allPasses(
                vectorFactors, scalarFactors, length, room, from: { at in values[at] },
                to: { at, value in values[at] = value })
        }
    }

    /// Computes the power spectrum of one window.
    ///
    /// - Parameters:
    ///   - isOrdered: whether bins stand in the order of their frequencies, from the lowest, or in the transform's own.
    ///   - room: `4 * length` values to work in, best at a multiple of 64 bytes.
    ///   - power: the result, `length` bins.
    public static func windowPower(
        _ plan: vector_window_plan, _ window: vector_window, isOrdered: Bool, room: UnsafeMutablePointer<Float>,
        _ power: UnsafeMutablePointer<Float>
    ) {
        let isPlain =
            window.meanOfI == 0 && window.meanOfQ == 0 && window.shareOfQ == 1 && window.shareOfI == 0
        // The usual case apart: what is known when this is compiled need not be asked and counted.
        if isPlain && plan.length == 256 {
            windowPower(plan, window, 256, isPlain: true, isOrdered, room, power)
        } else {
            windowPower(plan, window, plan.length, isPlain: false, isOrdered, room, power)
        }
    }

    @inline(__always)
    private static func windowPower(
        _ plan: vector_window_plan, _ window: vector_window, _ length: Int, isPlain: Bool, _ isOrdered: Bool,
        _ room: UnsafeMutablePointer<Float>, _ power: UnsafeMutablePointer<Float>
    ) {
        let (meanI, meanQ) = (vector_all16(window.meanOfI), vector_all16(window.meanOfQ))
        let (fromQ, fromI) = (vector_all16(window.shareOfQ), vector_all16(window.shareOfI))
        let scale = vector_all16(plan.scale)
        let (firstBin, lastBin) = (isOrdered ? length / 2 : 0, length &- 1)
        allPasses(
            plan.vectorFactors, plan.scalarFactors, length, room,
            from: { at in
                let weight = lanes(plan.weights, at)
                var i = lanes(window.real, at)
                var q = lanes(window.imaginary, at)
                if !isPlain {
                    i = vector_sub16(i, meanI)
                    q = vector_mad16(vector_sub16(q, meanQ), fromQ, vector_mul16(i, fromI))
                }
                return ComplexLanes(vector_mul16(i, weight), vector_mul16(q, weight))
            },
            to: { bin, value in
                let squared = vector_mad16(value.real, value.real, vector_mul16(value.imaginary, value.imaginary))
                store(vector_mul16(squared, scale), power, (bin &+ firstBin) & lastBin)
            })
    }

    @inline(__always)
    private static func allPasses(
        _ vectorFactors: UnsafePointer<Float>, _ scalarFactors: UnsafePointer<Float>, _ length: Int,
        _ room: UnsafeMutablePointer<Float>, from: (Int) -> ComplexLanes, to: (Int, ComplexLanes) -> Void
    ) {
        let one = Planes(room, room + length)
        let other = Planes(room + 2 &* length, room + 3 &* length)
        firstPass(vectorFactors, length, from: from, to: one)
        secondPass(vectorFactors, length, from: one, to: other)
        laterPasses(scalarFactors, length, from: other, by: one, to: to)
    }

    /// Neighbouring lanes are neighbouring positions; the four results are interleaved.
    @inline(__always)
    private static func firstPass(
        _ factors: UnsafePointer<Float>, _ length: Int, from: (Int) -> ComplexLanes, to: Planes
    ) {
        let quarter = length / 4
        var at = 0
        while at < quarter {
            let step = Radix4(from(at), from(at &+ quarter), from(at &+ 2 &* quarter), from(at &+ 3 &* quarter))
            let result = step.multiplied(byVectors: factors + 6 &* at)
            let evenLow = zipLow(result.y0, result.y2)
            let evenHigh = zipHigh(result.y0, result.y2)
            let oddLow = zipLow(result.y1, result.y3)
            let oddHigh = zipHigh(result.y1, result.y3)
            to[4 &* at] = zipLow(evenLow, oddLow)
            to[4 &* at &+ 16] = zipHigh(evenLow, oddLow)
            to[4 &* at &+ 32] = zipLow(evenHigh, oddHigh)
            to[4 &* at &+ 48] = zipHigh(evenHigh, oddHigh)
            at &+= 16
        }
    }

    /// Lanes are four positions of four values each; results are stored in quarters.
    @inline(__always)
    private static func secondPass(_ factors: UnsafePointer<Float>, _ length: Int, from: Planes, to: Planes) {
        let quarter = length / 4
        let secondFactors = factors + 6 &* quarter
        var at = 0
        while at < quarter {
            let result = radix4(from, at, quarter).multiplied(byVectors: secondFactors + 6 &* at)
            storeQuarters(result.y0.real, result.y1.real, result.y2.real, result.y3.real, to.real + 4 &* at)
            storeQuarters(
                result.y0.imaginary, result.y1.imaginary, result.y2.imaginary, result.y3.imaginary,
                to.imaginary + 4 &* at)
            at &+= 16
        }
    }

    /// The passes whose lanes are neighbours of one position; the last of them writes the result.
    @inline(__always)
    private static func laterPasses(
        _ factors: UnsafePointer<Float>, _ length: Int, from values: Planes, by scratch: Planes,
        to put: (Int, ComplexLanes) -> Void
    ) {
        var from = values
        var to = scratch
        var factors = factors
        var remaining = length / 16
        var run = 16
        while remaining > 4 {
            laterPass(factors, positions: remaining / 4, run: run, from: from, to: to)
            factors += remaining / 4 &* 6
            remaining /= 4
            run &*= 4
            (from, to) = (to, from)
        }
        var index = 0
        while index < run {
            if remaining == 4 {
                let step = radix4(from, index, run)
                put(index, step.y0)
                put(index &+ run, step.y1)
                put(index &+ 2 &* run, step.y2)
                put(index &+ 3 &* run, step.y3)
            } else {
                let a = from[index]
                let b = from[index &+ run]
                put(index, a + b)
                put(index &+ run, a - b)
            }
            index &+= 16
        }
    }

    @inline(__always)
    private static func laterPass(
        _ factors: UnsafePointer<Float>, positions: Int, run: Int, from: Planes, to: Planes
    ) {
        var position = 0
        while position < positions {
            let own = factors + position &* 6
            let w1 = repeated(own[0], own[1])
            let w2 = repeated(own[2], own[3])
            let w3 = repeated(own[4], own[5])
            var index = position &* run
            let end = index &+ run
            while index < end {
                let result = radix4(from, index, positions &* run)
                let target = index &+ 3 &* position &* run
                to[target] = result.y0
                to[target &+ run] = result.y1 * w1
                to[target &+ 2 &* run] = result.y2 * w2
                to[target &+ 3 &* run] = result.y3 * w3
                index &+= 16
            }
            position &+= 1
        }
    }
}

/// The four results of a radix-4 step.
private struct Radix4 {
    var y0: ComplexLanes
    var y1: ComplexLanes
    var y2: ComplexLanes
    var y3: ComplexLanes

    @inline(__always)
    init(_ a: ComplexLanes, _ b: ComplexLanes, _ c: ComplexLanes, _ d: ComplexLanes) {
        let sumEven = a + c
        let sumOdd = b + d
        let differenceEven = a - c
        let turned = (b - d).quarterTurnBack
        y0 = sumEven + sumOdd
        y1 = differenceEven + turned
        y2 = sumEven - sumOdd
        y3 = differenceEven - turned
    }

    @inline(__always)
    private init(y0: ComplexLanes, y1: ComplexLanes, y2: ComplexLanes, y3: ComplexLanes) {
        self.y0 = y0
        self.y1 = y1
        self.y2 = y2
        self.y3 = y3
    }

    /// The last three results times a vector each.
    @inline(__always)
    func multiplied(byVectors factors: UnsafePointer<Float>) -> Radix4 {
        Radix4(
            y0: y0, y1: y1 * ComplexLanes(lanes(factors, 0), lanes(factors, 16)),
            y2: y2 * ComplexLanes(lanes(factors, 32), lanes(factors, 48)),
            y3: y3 * ComplexLanes(lanes(factors, 64), lanes(factors, 80)))
    }
}

@inline(__always)
private func radix4(_ from: Planes, _ index: Int, _ distance: Int) -> Radix4 {
    Radix4(from[index], from[index &+ distance], from[index &+ 2 &* distance], from[index &+ 3 &* distance])
}

@inline(__always)
private func repeated(_ real: Float, _ imaginary: Float) -> ComplexLanes {
    ComplexLanes(vector_all16(real), vector_all16(imaginary))
}

@inline(__always)
private func zipLow(_ a: ComplexLanes, _ b: ComplexLanes) -> ComplexLanes {
    ComplexLanes(vector_zip_low16(a.real, b.real), vector_zip_low16(a.imaginary, b.imaginary))
}

@inline(__always)
private func zipHigh(_ a: ComplexLanes, _ b: ComplexLanes) -> ComplexLanes {
    ComplexLanes(vector_zip_high16(a.real, b.real), vector_zip_high16(a.imaginary, b.imaginary))
}

/// Stores four vectors so that their first quarters come first, then their second quarters, and so on.
@inline(__always)
private func storeQuarters(
    _ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, _ target: UnsafeMutablePointer<Float>
) {
    let (lowAB, highAB) = (vector_halves_low16(a, b), vector_halves_high16(a, b))
    let (lowCD, highCD) = (vector_halves_low16(c, d), vector_halves_high16(c, d))
    store(vector_quarters_even16(lowAB, lowCD), target, 0)
    store(vector_quarters_odd16(lowAB, lowCD), target, 16)
    store(vector_quarters_even16(highAB, highCD), target, 32)
    store(vector_quarters_odd16(highAB, highCD), target, 48)
}
