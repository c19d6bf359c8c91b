internal import CVector

extension Kernels {
    /// Runs all passes of a Fourier transform to and fro between the values and the scratch.
    ///
    /// - Parameters:
    ///   - length: complex values, a power of two from 64 on.
    ///   - vectorFactors: of the first and the second pass, as vectors: for each group w, w^2, w^3, real and imaginary.
    ///   - scalarFactors: of the later passes: for each position w, w^2, w^3, real and imaginary.
    /// - Returns: whether the result stands in the scratch.
    public static func fourierPasses(
        length: Int, vectorFactors: UnsafePointer<Float>, scalarFactors: UnsafePointer<Float>,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>,
        _ realScratch: UnsafeMutablePointer<Float>, _ imaginaryScratch: UnsafeMutablePointer<Float>
    ) -> Bool {
        let values = Planes(real, imaginary)
        let scratch = Planes(realScratch, imaginaryScratch)
        firstPass(vectorFactors, length, from: values, to: scratch)
        secondPass(vectorFactors, length, from: scratch, to: values)
        return laterPasses(scalarFactors, length, from: values, to: scratch)
    }

    /// Neighbouring lanes are neighbouring positions; the four results are interleaved.
    private static func firstPass(_ factors: UnsafePointer<Float>, _ length: Int, from: Planes, to: Planes) {
        for group in 0..<length / 64 {
            let at = group * 16
            let result = radix4(from, at, length / 4).multiplied(byVectors: factors + group * 96)
            let evenLow = zipLow(result.y0, result.y2)
            let evenHigh = zipHigh(result.y0, result.y2)
            let oddLow = zipLow(result.y1, result.y3)
            let oddHigh = zipHigh(result.y1, result.y3)
            to[4 * at] = zipLow(evenLow, oddLow)
            to[4 * at + 16] = zipHigh(evenLow, oddLow)
            to[4 * at + 32] = zipLow(evenHigh, oddHigh)
            to[4 * at + 48] = zipHigh(evenHigh, oddHigh)
        }
    }

    /// Lanes are four positions of four values each; results are stored in quarters.
    private static func secondPass(_ factors: UnsafePointer<Float>, _ length: Int, from: Planes, to: Planes) {
        let secondFactors = factors + length / 4 * 6
        for group in 0..<length / 64 {
            let at = group * 16
            let result = radix4(from, at, length / 4).multiplied(byVectors: secondFactors + group * 96)
            storeQuarters(result.y0.real, result.y1.real, result.y2.real, result.y3.real, to.real + 4 * at)
            storeQuarters(
                result.y0.imaginary, result.y1.imaginary, result.y2.imaginary, result.y3.imaginary,
                to.imaginary + 4 * at)
        }
    }

    /// The passes whose lanes are neighbours of one position.
    private static func laterPasses(
        _ factors: UnsafePointer<Float>, _ length: Int, from values: Planes, to scratch: Planes
    ) -> Bool {
        var from = values
        var to = scratch
        var factors = factors
        var remaining = length / 16
        var inScratch = false
        while remaining > 4 {
            laterPass(factors, positions: remaining / 4, run: length / remaining, from: from, to: to)
            factors += remaining / 4 * 6
            remaining /= 4
            swap(&from, &to)
            inScratch.toggle()
        }
        let run = length / remaining
        for index in stride(from: 0, to: run, by: 16) {
            if remaining == 4 {
                let result = radix4(from, index, run)
                to[index] = result.y0
                to[index + run] = result.y1
                to[index + 2 * run] = result.y2
                to[index + 3 * run] = result.y3
            } else {
                let a = from[index]
                let b = from[index + run]
                to[index] = a + b
                to[index + run] = a - b
            }
        }
        return !inScratch
    }

    private static func laterPass(
        _ factors: UnsafePointer<Float>, positions: Int, run: Int, from: Planes, to: Planes
    ) {
        for position in 0..<positions {
            let own = factors + position * 6
            let w1 = repeated(own[0], own[1])
            let w2 = repeated(own[2], own[3])
            let w3 = repeated(own[4], own[5])
            for index in stride(from: position * run, to: (position + 1) * run, by: 16) {
                let result = radix4(from, index, positions * run)
                let target = index + 3 * position * run
                to[target] = result.y0
                to[target + run] = result.y1 * w1
                to[target + 2 * run] = result.y2 * w2
                to[target + 3 * run] = result.y3 * w3
            }
        }
    }
}

/// The four results of a radix-4 step.
private struct Radix4 {
    var y0: ComplexLanes
    var y1: ComplexLanes
    var y2: ComplexLanes
    var y3: ComplexLanes

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
    let a = from[index]
    let b = from[index + distance]
    let c = from[index + 2 * distance]
    let d = from[index + 3 * distance]
    let sumEven = a + c
    let sumOdd = b + d
    let differenceEven = a - c
    let turned = (b - d).quarterTurnBack
    return Radix4(
        y0: sumEven + sumOdd, y1: differenceEven + turned, y2: sumEven - sumOdd, y3: differenceEven - turned)
}

@inline(__always)
private func repeated(_ real: Float, _ imaginary: Float) -> ComplexLanes {
    ComplexLanes(Lanes(repeating: real), Lanes(repeating: imaginary))
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
    store(vector_quarters16(a, b, c, d, 0), target, 0)
    store(vector_quarters16(a, b, c, d, 1), target, 16)
    store(vector_quarters16(a, b, c, d, 2), target, 32)
    store(vector_quarters16(a, b, c, d, 3), target, 48)
}
